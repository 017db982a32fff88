import { type AliveOnInputSet, aliveByInputSet } from "@sonde/metrics-death";
import { mlp } from "@sonde/nets";
import { aliveFigure } from "@sonde/plots";
import type { Claim, Settings } from "../claim.js";
import { above, below, equal } from "../comparison.js";

interface SetSettings extends Settings {
  readonly model: string;
  readonly networks: number;
  readonly points: number;
}

export const shrinkingSet: Claim<SetSettings, readonly AliveOnInputSet[]> = {
  id: "neuron-death/shrinking-set",
  number: "2.4",
  sentence: "The true probability goes to the lower bound as the input set shrinks to one point.",
  figureOf: "P(alive) against a shrinking input set",
  runs: "P(alive) of 2-Nx4-1 on points of boxes around (1, 1), from side 8 down to the centre alone, beside the bound of a single point",
  seconds: { quick: 1, standard: 15, full: 120 },
  parts: ({ scale }) =>
    [2, 3, 4].map((width) => ({
      name: `width ${width}`,
      settings: {
        model: `2-${width}x4-1`,
        points: scale === "quick" ? 64 : 256,
        networks: { quick: 1000, standard: 10_000, full: 100_000 }[scale],
        seed: 500 + width,
      },
    })),
  measure: ({ model, networks, points, seed }, { threads, createWorker, signal }) =>
    aliveByInputSet(mlp(model), { networks, points, seed, threads, createWorker, signal }),
  compare: (parts) =>
    parts.flatMap(({ name, result }) => {
      const [largest, point, smallest] = [result[0], result[result.length - 1], result[result.length - 2]];
      return [
        above(`P(alive), ${name}, on the largest set, above the bound`, largest.alive, { value: largest.lower }),
        below(`P(alive), ${name}, on a set of radius 1/256, below that on the largest`, smallest.alive, largest.alive),
        equal(
          `P(alive), ${name}, on a set of radius 1/256, at the bound`,
          smallest.alive,
          { value: smallest.lower },
          {
            // Some networks tell even such near points apart.
            tolerance: 0.01,
          },
        ),
        equal(`P(alive), ${name}, at the centre, the bound`, point.alive, { value: point.lower }, { tolerance: 1e-12 }),
      ];
    }),
  figure: (parts, text) =>
    aliveFigure(
      { byDepth: [], byInputSet: parts.map(({ name, result }) => ({ name, rows: result })) },
      { title: "Alive on a shrinking set of inputs", ...text },
    ),
};
