import { FormatError } from "@sonde/core";
import type { TrainingState } from "./executor.js";
import type { Look } from "./look.js";

/** A training run at some moment: what it takes to go on to the same bits. */
export interface TrainingCheckpoint {
  /** The state of each group of networks; they may be at different steps. */
  readonly groups: readonly TrainingState[];
  /** Looks so far: of every step that all networks were looked at, one for each network. */
  readonly looks: readonly (readonly Look[])[];
}

/** A coordinate check at some moment: what it takes to go on to the same bits. */
export interface CoordinateCheckpoint {
  /** Mean |activation| of the networks that are finished, `[widths][networks][steps][layers]`. */
  readonly sizes: readonly (readonly NetworkSizes[])[];
  /** The same of those being trained, `[networks][steps][layers]`, and their state. */
  readonly begun: readonly NetworkSizes[];
  readonly state?: TrainingState;
}

/** Mean |activation| of one network, `[steps][layers]`. */
export type NetworkSizes = readonly (readonly number[])[];

const arrays = { Float64Array, Float32Array, Uint8Array } as const;

/** A checkpoint as JSON; numbers that are not finite and arrays of numbers keep their bits. */
export function encodeTraining(checkpoint: TrainingCheckpoint | CoordinateCheckpoint): string {
  return JSON.stringify(checkpoint, (_key, value: unknown) => {
    if (typeof value === "number" && !Number.isFinite(value)) return { $number: String(value) };
    for (const [name, Kind] of Object.entries(arrays))
      if (value instanceof Kind)
        return { $array: name, bytes: toBase64(new Uint8Array(value.buffer, value.byteOffset, value.byteLength)) };
    return value;
  });
}

/** The checkpoint of `train` or `overfit` in JSON; throws `FormatError` for text that is none. */
export function decodeTraining(text: string): TrainingCheckpoint {
  const found = decoded(text) as TrainingCheckpoint | undefined;
  if (Array.isArray(found?.groups) && Array.isArray(found?.looks)) return found;
  throw noCheckpoint("a training run");
}

/** The checkpoint of `coordinateCheck` in JSON; throws `FormatError` for text that is none. */
export function decodeCoordinates(text: string): CoordinateCheckpoint {
  const found = decoded(text) as CoordinateCheckpoint | undefined;
  if (Array.isArray(found?.sizes) && Array.isArray(found?.begun)) return found;
  throw noCheckpoint("a coordinate check");
}

function noCheckpoint(of: string): FormatError {
  return new FormatError(`this is no checkpoint of ${of}: expected what encodeTraining writes`);
}

function decoded(text: string): unknown {
  try {
    return JSON.parse(text, (_key, value) => {
      if (value?.$number !== undefined) return Number(value.$number);
      if (value?.$array === undefined) return value;
      const Kind = arrays[value.$array as keyof typeof arrays];
      return new Kind(fromBase64(value.bytes).buffer);
    });
  } catch {
    return undefined;
  }
}

/** In pieces, since a call takes only so many arguments. */
function toBase64(bytes: Uint8Array): string {
  let text = "";
  for (let k = 0; k < bytes.length; k += 8192) text += String.fromCharCode(...bytes.subarray(k, k + 8192));
  return btoa(text);
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let k = 0; k < bytes.length; k++) bytes[k] = binary.charCodeAt(k);
  return bytes;
}
