import { histogramFigure } from "../charts/histogram.js";
import type { Axis, Figure, FigureText, Values } from "../figure.js";

/** Samples of one step of ln sin^2 of the angle, and the densities that laws predict for it. */
export interface OneStepResult {
  /** ln sin^2 after the layer, or its change. */
  readonly simulated: Values;
  readonly laws?: readonly { readonly name: string; readonly x: Values; readonly density: Values }[];
}

/** A histogram of what one layer does to the angle between two inputs, with predicted laws. */
export function oneStepFigure(
  { simulated, laws = [] }: OneStepResult,
  { label, domain, ...text }: FigureText & Partial<Pick<Axis, "label" | "domain">> = {},
): Figure {
  return histogramFigure({
    title: text.title ?? "One layer's step of the angle",
    subtitle: text.subtitle,
    x: { label: label ?? "ln sin² θ after one layer", domain },
    samples: [{ name: "simulated", values: simulated }],
    curves: laws.map(({ name, x, density }) => ({ name, x, y: density })),
  });
}
