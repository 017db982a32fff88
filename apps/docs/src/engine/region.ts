import type { Matrix } from "@sonde/core";
import { type SafeRegion, safeRegion } from "@sonde/metrics-death";
import { architectureOf } from "../settings/architecture.js";
import type { Known } from "./answer.js";
import type { Subject } from "./protocol.js";

/** P(born dead) over width and depth, as far as its widths are finished. */
export interface Region extends SafeRegion {
  /** Whether nothing can die, wherever. */
  readonly immortal: boolean;
}

/** Widths and depths of the map, closer where networks die. */
const widths = [2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20];
const depths = [1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50, 65, 80, 100];

/** Accepted probabilities of being born dead. */
const levels = [0.01, 0.1];

/** Survivors that each width is averaged from; elementary steps for a width where networks are counted. */
const effort = { networks: 2048, budget: 4e8 };

/** The safe region of the settings, whatever their own width and depth, one width after the other: narrow networks first, since they die. */
export async function* growRegion(
  { settings, data: own }: Subject,
  { data, signal }: { readonly data?: Matrix<Float64Array>; readonly signal?: AbortSignal },
): AsyncGenerator<Known<"region">, void> {
  const template = architectureOf({ ...settings, width: 2, depth: 1 }, own?.columns);
  const counted = settings.data !== "interval";
  const options = { data, levels, depths, seed: settings.seed, signal };
  const done: SafeRegion[] = [];
  for (const width of widths) {
    signal?.throwIfAborted();
    const effortFor = counted ? { budget: effort.budget } : { networks: effort.networks };
    done.push(await safeRegion(template, { ...options, ...effortFor, widths: [width] }));
    yield { answer: joined(done), final: width === widths[widths.length - 1] };
  }
}

/** Maps of single widths beside each other. */
function joined(maps: readonly SafeRegion[]): Region {
  const [first] = maps;
  const rows = maps.flatMap((map) => map.rows);
  return {
    ...first,
    widths: maps.flatMap((map) => map.widths),
    rows,
    contours: first.contours.map(({ level }, k) => ({
      level,
      estimated: maps.flatMap(({ contours }) => contours[k].estimated),
      guaranteed: maps.flatMap(({ contours }) => contours[k].guaranteed),
    })),
    interrupted: maps.some(({ interrupted }) => interrupted),
    immortal: rows.every(({ upper }) => upper.every((bound) => bound === 0)),
  };
}
