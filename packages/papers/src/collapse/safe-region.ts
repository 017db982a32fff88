import { safeRegion as mapRegion, type SafeRegion } from "@sonde/metrics-death";
import { mlp } from "@sonde/nets";
import { safeRegionFigure } from "@sonde/plots";
import type { Claim, Settings } from "../claim.js";
import { above, below, equal } from "../comparison.js";

interface RegionSettings extends Settings {
  readonly widths: readonly number[];
  readonly depths: readonly number[];
  readonly levels: readonly number[];
  readonly relativeError: number;
}

/** The region without its bounds, at six digits. */
interface RegionResult extends Pick<SafeRegion, "widths" | "depths" | "contours"> {
  readonly rows: readonly {
    readonly width: number;
    readonly bornDead: readonly { readonly value: number; readonly standardError: number }[];
  }[];
}

const upTo = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, k) => first + k);

const maps = {
  quick: { widths: upTo(3, 8), depths: upTo(1, 40), relativeError: 0.05 },
  standard: { widths: upTo(2, 14), depths: upTo(1, 150), relativeError: 0.025 },
  full: { widths: upTo(2, 20), depths: upTo(1, 200), relativeError: 0.01 },
} as const;

/** The largest safe numbers of hidden layers by an independent count, at 1 % and 10 %. */
const replicated = { 4: [1, 4], 5: [2, 7], 6: [4, 12], 7: [6, 21], 8: [9, 37], 9: [14, 66], 10: [22, 122] } as Readonly<
  Record<number, readonly [number, number]>
>;

export const safeRegion: Claim<RegionSettings, RegionResult> = {
  id: "collapse/safe-region",
  number: "1.4",
  sentence: "A diagram of a safe region of depth and width keeps the probability of the collapse small.",
  figureOf: "the safe region at 1 % and 10 %",
  runs: "P(born dead) of every width and depth with one input, estimated and bounded, and the largest depth that keeps it below 1 % and 10 %",
  seconds: { quick: 2, standard: 15, full: 90 },
  parts: ({ scale }) => [{ name: "map", settings: { ...maps[scale], levels: [0.01, 0.1], seed: 0 } }],
  async measure({ widths, depths, levels, relativeError, seed }, { threads, createWorker, signal }) {
    const region = await mapRegion(mlp("1-2-1"), {
      widths,
      depths,
      levels,
      relativeError,
      seed,
      threads,
      createWorker,
      signal,
    });
    const six = (value: number) => Number(value.toPrecision(6));
    return {
      widths,
      depths,
      contours: region.contours,
      rows: region.rows.map(({ width, bornDead }) => ({
        width,
        bornDead: bornDead.map(({ value, standardError }) => ({ value: six(value), standardError: six(standardError) })),
      })),
    };
  },
  compare([{ result }]) {
    const { widths, depths, rows, contours } = result;
    const at = (width: number, hiddenLayers: number) => rows[widths.indexOf(width)]?.bornDead[depths.indexOf(hiddenLayers)];
    const statements = [
      ...(at(10, 9)
        ? [below("P(born dead), width 10, 10 layers", at(10, 9), { value: 0.01 }, { origin: "published", bears: "value" })]
        : []),
      ...(at(5, 9)
        ? [above("P(born dead), width 5, 10 layers", at(5, 9), { value: 0.1 }, { origin: "published", bears: "value" })]
        : []),
    ];
    const depthsOf = contours.flatMap(({ level, estimated, guaranteed }, k) =>
      widths.flatMap((width, w) => {
        const { hiddenLayers, low, high, openEnded } = estimated[w];
        const known = replicated[width]?.[k];
        const percent = `${100 * level} %`;
        return [
          // What the bound guarantees must be safe.
          above(
            `largest safe depth, width ${width}, ${percent}, at least the guaranteed`,
            { value: high },
            { value: guaranteed[w].hiddenLayers },
          ),
          ...(known !== undefined && !openEnded && known <= depths[depths.length - 1]
            ? [
                equal(
                  `largest safe depth, width ${width}, ${percent}`,
                  { value: hiddenLayers },
                  { value: known },
                  {
                    origin: "replicated here",
                    bears: "context",
                    tolerance: Math.max(high - hiddenLayers, hiddenLayers - low),
                  },
                ),
              ]
            : []),
        ];
      }),
    );
    return [...statements, ...depthsOf];
  },
  figure: ([{ result }], text) => safeRegionFigure(result, { title: "The safe region of depth and width", ...text }),
};
