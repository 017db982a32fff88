import { type Inputs, inputsFor, linePoints as lineOf } from "@sonde/checkup";
import type { AskedOptions } from "@sonde/checkup/asked";
import { type Matrix, matrix } from "@sonde/core";
import { parseDataSet } from "@sonde/formats";
import type { Architecture } from "@sonde/nets";
import { chosen } from "../settings/chosen.js";
import { dataOption } from "../settings/data-option.js";
import type { Subject } from "./protocol.js";

/** Bytes of the digits that ship with Sonde. */
export type FetchDigits = () => Promise<Uint8Array>;

/** The command line's options for a subject: of an architecture of the visitor's own, its layers are its own. */
export function askedOf({ settings, architecture }: Subject): AskedOptions {
  const data = dataOption(settings);
  return {
    ...(!architecture && chosen(settings)),
    ...(data !== undefined && { data }),
    seed: settings.seed,
    method: "auto",
  };
}

/** The same inputs as the command line's for the same settings: [-1, 1] for one input, 512 normal points, or 512 rows of a file. */
export function inputsOf(
  architecture: Architecture,
  subject: Subject,
  fetchDigits: FetchDigits,
  points?: number,
): Promise<Inputs> {
  const { settings, data: own } = subject;
  return inputsFor(architecture, { ...askedOf(subject), points }, async (name, options) =>
    parseDataSet(settings.data === "csv" && own ? own.bytes : await fetchDigits(), { ...options, name }),
  );
}

/** So many points of [-1, 1], evenly. */
export function linePoints(points: number): Matrix<Float64Array> {
  return matrix(points, 1, lineOf(points));
}
