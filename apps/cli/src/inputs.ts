import { ConfigError, type Matrix, split } from "@sonde/core";
import { gaussianPoints } from "@sonde/formats";
import { readDataSet } from "@sonde/formats/node";
import type { Interval } from "@sonde/metrics-death";
import { type Architecture, checkMemory, isHomogeneous, sharedStream } from "@sonde/nets";
import { defaultPoints, type SharedOptions } from "./options.js";

/** Where inputs come from: a data set, or a box that the metric turns into points itself. */
export interface Inputs {
  /** In words. */
  readonly name: string;
  /** The options that lead to these inputs. */
  readonly settings: { readonly data?: string; readonly domain?: string; readonly points: number };
  readonly data?: Matrix<Float64Array>;
  readonly domain?: readonly Interval[];
}

/** The inputs that the options ask for: `--domain`, `--data`, or by default [-1, 1] for one input and Gaussian points for several. */
export async function loadInputs(
  architecture: Architecture,
  options: SharedOptions & { domain?: readonly Interval[] },
): Promise<Inputs> {
  const { data, domain, points = defaultPoints, seed } = options;
  const features = product(architecture.input);
  if (data !== undefined && domain) throw new ConfigError("--data and --domain exclude each other: give one of them");
  if (domain || (data === undefined && features === 1)) {
    const box = domain ?? [[-1, 1]];
    if (box.length > 1 || !isHomogeneous(architecture)) checkMemory(architecture, points);
    const text = box.map((ends) => ends.join(",")).join(";");
    const name = box.length <= 3 ? box.map(([low, high]) => `[${low}, ${high}]`).join(" x ") : `a box of ${box.length} intervals`;
    return { name, settings: { domain: text, points }, domain: box };
  }
  if (data === undefined || data === "gaussian") {
    checkMemory(architecture, points);
    const drawn = gaussianPoints(split(sharedStream(seed), 0), points, features);
    return { name: "standard normal inputs", settings: { data: "gaussian", points }, data: drawn };
  }
  const set = await readDataSet(data, { inputs: features, points, random: split(sharedStream(seed), 0) });
  checkMemory(architecture, set.points.rows);
  return { name: set.name, settings: { data, points }, data: set.points };
}

/** So many points of [-1, 1], evenly. */
export function linePoints(points: number): Float64Array {
  return Float64Array.from({ length: points }, (_, p) => -1 + (2 * p) / (points - 1));
}

function product(shape: readonly number[]): number {
  return shape.reduce((size, n) => size * n, 1);
}
