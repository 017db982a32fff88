import type { Figure, FigureText } from "../figure.js";
import { type AnglesResult, anglesFigure } from "./angles.js";
import { type DeathResult, deathFigure } from "./death.js";

/** The result of `sonde check`, as far as it is drawn: layers hold what was measured there. */
export type CheckResult = Omit<DeathResult, "layers"> & {
  readonly layers: readonly (DeathResult["layers"][number] & Partial<AnglesResult["layers"][number]>)[];
};

/** All that `check` measured layer by layer: living points, dead networks, and the angle between inputs where it was measured. */
export function checkFigure(result: CheckResult, text: FigureText = {}): Figure {
  const measured = result.layers.flatMap(({ logSin2, ...layer }) => (logSin2 ? [{ ...layer, logSin2 }] : []));
  const parts = [deathFigure(result), ...(measured.length > 0 ? [anglesFigure({ measured: { layers: measured } })] : [])];
  return {
    title: text.title ?? "Check-up, layer by layer",
    subtitle: text.subtitle,
    description: parts.map(({ description }) => description).join(" "),
    panels: parts.flatMap(({ panels }) => panels),
  };
}
