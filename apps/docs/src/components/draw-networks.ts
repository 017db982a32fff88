import type { Outcome } from "@sonde/training";
import { type Canvas, runs, type TrainingFrame } from "../engine/training-subject.js";

/** What is drawn of networks that learn. */
export interface ShownNetworks {
  readonly frame?: TrainingFrame;
  /** What became of each, once it is known. */
  readonly outcomes?: readonly Outcome[];
  readonly dark: boolean;
}

/** Colours that people with any kind of colour vision tell apart (Okabe and Ito). */
const colours = {
  light: {
    paper: "#ffffff",
    ink: "#1c2127",
    line: "rgba(0, 114, 178, 0.35)",
    learned: "rgba(0, 158, 115, 0.45)",
    lost: "rgba(213, 94, 0, 0.6)",
  },
  dark: {
    paper: "#14181d",
    ink: "#e6eaee",
    line: "rgba(86, 180, 233, 0.35)",
    learned: "rgba(60, 201, 155, 0.45)",
    lost: "rgba(240, 138, 60, 0.65)",
  },
} as const;

/** The functions that networks say over a line, and dashed the one that they should. */
export function drawFunctions(element: HTMLCanvasElement, { points, wanted, range }: Canvas, shown: ShownNetworks): void {
  const { context, width, height } = opened(element, 0.5);
  const palette = colours[shown.dark ? "dark" : "light"];
  context.fillStyle = palette.paper;
  context.fillRect(0, 0, width, height);
  const [low, high] = range;
  const pad = 10;
  const first = points.data[0];
  const x = (p: number) => pad + ((points.data[p] - first) / -(2 * first)) * (width - 2 * pad);
  const y = (value: number) => height - pad - ((value - low) / (high - low)) * (height - 2 * pad);
  const curve = (value: (p: number) => number) => {
    context.beginPath();
    for (let p = 0; p < points.rows; p++) context.lineTo(x(p), Math.max(-height, Math.min(2 * height, y(value(p)))));
    context.stroke();
  };
  const { frame, outcomes } = shown;
  context.lineWidth = 1.25;
  for (let k = 0; frame && k < runs; k++) {
    context.strokeStyle = colourOf(palette, outcomes?.[k]);
    curve((p) => frame.outputs[k * points.rows + p]);
  }
  context.strokeStyle = palette.ink;
  context.setLineDash([6, 4]);
  context.lineWidth = 2;
  curve((p) => wanted[p]);
  context.setLineDash([]);
}

/** What networks say over the square around the four corners, a small picture for each; the corners lie at a sixth from its sides. */
export function drawSquares(element: HTMLCanvasElement, { points }: Canvas, shown: ShownNetworks): void {
  const { context, width, height } = opened(element, 1);
  const palette = colours[shown.dark ? "dark" : "light"];
  context.fillStyle = palette.paper;
  context.fillRect(0, 0, width, height);
  const columns = Math.ceil(Math.sqrt(runs));
  const side = Math.sqrt(points.rows);
  const tile = Math.min(width, height) / columns;
  const gap = 2;
  const cell = (tile - 2 * gap) / side;
  const { frame, outcomes } = shown;
  for (let k = 0; k < runs; k++) {
    const [left, top] = [(k % columns) * tile + gap, Math.floor(k / columns) * tile + gap];
    for (let p = 0; frame && p < points.rows; p++) {
      context.fillStyle = shade(frame.outputs[k * points.rows + p]);
      const row = side - 1 - Math.floor(p / side);
      context.fillRect(left + (p % side) * cell, top + row * cell, cell + 0.5, cell + 0.5);
    }
    context.strokeStyle = frame && outcomes ? colourOf(palette, outcomes[k]) : palette.line;
    context.lineWidth = outcomes ? 2 : 1;
    context.strokeRect(left, top, tile - 2 * gap, tile - 2 * gap);
  }
}

/** From blue at 0 over grey to orange at 1. */
function shade(value: number): string {
  const share = Math.max(0, Math.min(1, value));
  const mix = (from: number, to: number) => Math.round(from + (to - from) * share);
  return `rgb(${mix(0, 240)}, ${mix(114, 180)}, ${mix(178, 60)})`;
}

function colourOf(palette: (typeof colours)["light" | "dark"], outcome?: Outcome): string {
  if (outcome === undefined) return palette.line;
  return outcome === "learned" ? palette.learned : palette.lost;
}

/** A canvas as large as its place, in the pixels of the screen. */
function opened(element: HTMLCanvasElement, aspect: number) {
  const context = element.getContext("2d");
  if (!context) throw new TypeError("a canvas has a context");
  const density = Math.min(2, globalThis.devicePixelRatio || 1);
  const width = element.clientWidth || 320;
  const height = Math.round(Math.min(width * aspect, 520));
  element.style.height = `${height}px`;
  element.width = Math.round(width * density);
  element.height = Math.round(height * density);
  context.scale(density, density);
  return { context, width, height };
}
