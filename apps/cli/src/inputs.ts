import { ConfigError, type Matrix, split } from "@sonde/core";
import { gaussianPoints } from "@sonde/formats";
import { readDataSet } from "@sonde/formats/node";
import type { Interval } from "@sonde/metrics-death";
import { type Architecture, sharedStream } from "@sonde/nets";
import type { SharedOptions } from "./options.js";

/** The points of `--points` where it is not given. */
export const defaultPoints = 512;

/** Where inputs come from: a data set, or a box that the metric turns into points itself. */
export type Inputs =
  | { readonly name: string; readonly data: Matrix<Float64Array>; readonly domain?: undefined }
  | { readonly name: string; readonly data?: undefined; readonly domain: readonly Interval[] };

/** The inputs that the options ask for: `--domain`, `--data`, or by default [-1, 1] for one input and Gaussian points for several. */
export async function loadInputs(
  architecture: Architecture,
  options: SharedOptions & { domain?: readonly Interval[] },
): Promise<Inputs> {
  const { data, domain, points = defaultPoints, seed } = options;
  const features = architecture.input.reduce((product, n) => product * n, 1);
  if (data !== undefined && domain) throw new ConfigError("--data and --domain exclude each other: give one of them");
  if (domain) return { name: `domain ${domain.map((ends) => ends.join(",")).join(";")}`, domain };
  if (data === undefined && features === 1) return { name: "domain -1,1", domain: [[-1, 1]] };
  if (data === undefined || data === "gaussian")
    return { name: "gaussian", data: gaussianPoints(split(sharedStream(seed), 0), points, features) };
  const set = await readDataSet(data, { inputs: features, points, random: split(sharedStream(seed), 0) });
  return { name: set.name, data: set.points };
}
