import type { Matrix } from "@sonde/core";
import { chosen } from "../settings/chosen.js";
import type { Settings } from "../settings/settings.js";

/** What is learned in the page: functions of one number, or exclusive or. */
export const targets = ["abs", "x-sin-5x", "step-sin", "xor"] as const;

export type Target = (typeof targets)[number];

/** A training run of the page. */
export interface TrainingSubject {
  readonly settings: Settings;
  readonly target: Target;
  readonly steps: number;
  readonly learningRate: number;
}

/** Networks that are trained together in the page. */
export const runs = 100;

/** What all networks say at one step, at the points where they are drawn. */
export interface TrainingFrame {
  readonly step: number;
  /** `[networks, points]` */
  readonly outputs: Float32Array;
}

/** Where networks are drawn, and what they should say there. */
export interface Canvas {
  readonly points: Matrix<Float64Array>;
  readonly wanted: Float64Array;
  readonly range: readonly [number, number];
}

/** Points of a line, and of each side of a square, that functions are drawn at. */
const [linePoints, squareSide] = [81, 9];

/** The notation of the network that is trained: the settings' depth and width between the ends of the target. */
export function trainingNotation({ depth, width }: Settings, target: Target): string {
  return `${target === "xor" ? 2 : 1}-${depth === 1 ? width : `${width}x${depth}`}-1`;
}

/** The command line that trains the same networks to the same bits. */
export function trainingCommand({ settings, target, steps, learningRate }: TrainingSubject): string {
  const options = Object.entries(chosen(settings)).map(
    ([name, value]) => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} ${value}`,
  );
  const seed = settings.seed === 0 ? [] : [`--seed ${settings.seed}`];
  const data = target === "xor" ? [] : [`--points ${trainingPoints}`];
  return [
    ...["sonde", "train", trainingNotation(settings, target), ...options, `--target ${target}`, ...data],
    ...[`--runs ${runs}`, `--steps ${steps}`, `--learning-rate ${learningRate}`, ...seed],
  ].join(" ");
}

/** Examples of a function that are learned. */
export const trainingPoints = 500;

/** Half the side of the interval that functions are learned on. */
const half = Math.sqrt(3);

/** Where networks are drawn. */
export function canvasOf(target: Target): Canvas {
  if (target === "xor") {
    const at = (k: number) => -0.25 + (1.5 * k) / (squareSide - 1);
    const points = zeros(squareSide * squareSide, 2);
    for (let p = 0; p < points.rows; p++) points.data.set([at(p % squareSide), at(Math.floor(p / squareSide))], 2 * p);
    return { points, wanted: new Float64Array(0), range: [0, 1] };
  }
  const points = zeros(linePoints, 1);
  for (let p = 0; p < linePoints; p++) points.data[p] = half * (-1 + (2 * p) / (linePoints - 1));
  const wanted = Float64Array.from(points.data, (x) => valueAt(target, x));
  const [low, high] = [Math.min(...wanted), Math.max(...wanted)];
  const margin = 0.35 * (high - low);
  return { points, wanted, range: [low - margin, high + margin] };
}

function valueAt(target: Target, x: number): number {
  if (target === "abs") return Math.abs(x);
  return target === "x-sin-5x" ? x * Math.sin(5 * x) : (x > 0 ? 1 : 0) + 0.2 * Math.sin(5 * x);
}

/** Rows and columns of zeros. */
function zeros(rows: number, cols: number): Matrix<Float64Array> {
  return { rows, cols, data: new Float64Array(rows * cols) };
}
