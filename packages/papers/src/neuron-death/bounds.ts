import { type AliveAtDepth, twoLayerDeath } from "@sonde/metrics-death";
import { aliveFigure } from "@sonde/plots";
import type { Claim } from "../claim.js";
import { above, below, equal } from "../comparison.js";
import { aliveAtDepths, curvesOf, type DepthSettings, depthParts } from "./by-depth.js";

export const bounds: Claim<DepthSettings, readonly AliveAtDepth[]> = {
  id: "neuron-death/bounds",
  number: "2.1",
  sentence:
    "The deeper the network, the lower the probability of a trainable initialisation, between an upper and a lower bound in depth and widths.",
  figureOf: "both bounds against depth and width",
  runs: "P(alive) of networks 1-NxH-1 at every depth, beside the bound of a single point and that of the interval",
  seconds: { quick: 1, standard: 5, full: 60 },
  parts: ({ scale }) =>
    depthParts(
      [2, 3, 4, 6, 8].slice(0, scale === "quick" ? 3 : 5),
      scale === "quick" ? 20 : 40,
      { quick: 2000, standard: 20_000, full: 200_000 }[scale],
    ),
  measure: aliveAtDepths,
  compare: (parts) =>
    parts.flatMap(({ settings: { width }, result }) => {
      const at = (depth: number) => result[depth - 1];
      const deepest = result.length;
      return [
        below(`P(alive), width ${width}, H = ${deepest}, below that at H = 2`, at(deepest).alive, at(2).alive),
        ...[2, 5, 10, 20, 40].flatMap((depth) => {
          if (depth > deepest) return [];
          const { alive, lower, upper } = at(depth);
          // The bounds may be the value itself, so chance alone may put it beyond.
          const tolerance = 6 * alive.standardError + 1e-12;
          return [
            above(`P(alive), width ${width}, H = ${depth}, above its lower bound`, alive, { value: lower }, { tolerance }),
            below(`P(alive), width ${width}, H = ${depth}, below its upper bound`, alive, { value: upper }, { tolerance }),
          ];
        }),
        equal(
          `P(born dead), width ${width}, H = 2, exact`,
          { value: 1 - at(2).alive.value, standardError: at(2).alive.standardError },
          {
            value: twoLayerDeath(width, width),
          },
          { tolerance: 1e-12 },
        ),
      ];
    }),
  figure: (parts, text) =>
    aliveFigure({ byDepth: curvesOf(parts) }, { title: "Alive between its bounds, by depth and width", ...text }),
};
