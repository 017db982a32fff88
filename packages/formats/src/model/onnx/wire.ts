import { FormatError } from "@sonde/core";
import type { ByteSource } from "../../byte-source.js";
import { modelLimits } from "../limits.js";

/** One field of a protobuf message: its number, how it is stored, its value where that is a varint, and where its bytes lie. */
export interface Field {
  readonly number: number;
  /** 0 varint, 1 eight bytes, 2 bytes of a length, 5 four bytes. */
  readonly wire: number;
  readonly varint: number;
  readonly start: number;
  readonly end: number;
  /** Where its tag begins. */
  readonly tag: number;
}

/** Reads protobuf's wire format from a source, of which only the pages that hold fields are read: bytes of weights are stepped over. */
export interface WireReader {
  readonly source: ByteSource;
  /** The fields of the message between two places. */
  readonly fields: (start: number, end: number) => Generator<Field, void>;
  readonly text: (field: Field, most?: number) => string;
  readonly float: (at: number) => number;
  /** Calls `use` with the varints between two places one after the other, signed numbers of 64 bits, until it returns false. */
  readonly varints: (start: number, end: number, use: (value: number) => boolean) => void;
}

const page = 2 ** 16;

/**
 * A reader of protobuf's wire format with bounds: fields in all, no length beyond the message around it, no number beyond ten bytes. Throws `FormatError` for anything else.
 *
 * Source: Protocol Buffers documentation, *Encoding*.
 */
export function wireReader(source: ByteSource): WireReader {
  let bytes: Uint8Array = new Uint8Array(0);
  let first = 0;
  let left: number = modelLimits.fields;
  let texts: number = modelLimits.texts;
  // Where the varint that was read last ends.
  let next = 0;

  const load = (at: number) => {
    first = at;
    bytes = source.read(at, Math.min(page, source.size - at));
  };
  const byte = (at: number, end: number): number => {
    if (at >= end) throw damaged(`it ends in the midst of a number at byte ${at}`);
    if (at < first || at >= first + bytes.length) load(at);
    return bytes[at - first];
  };
  const varint = (start: number, end: number): number => {
    let low = 0;
    let high = 0;
    for (let k = 0; k < 10; k++) {
      const value = byte(start + k, end);
      const bits = value & 127;
      if (k < 4) low |= bits << (7 * k);
      else if (k === 4) {
        low |= bits << 28;
        high |= bits >> 4;
      } else if (k < 9) high |= bits << (7 * k - 32);
      else high |= bits << 31;
      if (value < 128) {
        next = start + k + 1;
        return high * 2 ** 32 + (low >>> 0);
      }
    }
    throw damaged(`a number at byte ${start} has more than ten bytes`);
  };

  function* fields(start: number, end: number): Generator<Field, void> {
    for (let at = start; at < end; ) {
      if (--left < 0) throw new FormatError(`it has more than ${modelLimits.fields} fields, which no model needs`);
      const tag = at;
      const key = varint(at, end);
      const [number, wire] = [Math.floor(key / 8), key & 7];
      if (key < 8 || key >= 2 ** 32) throw damaged(`no field begins at byte ${tag}`);
      let value = 0;
      let from = next;
      let to = next;
      if (wire === 0) {
        value = varint(from, end);
        to = next;
      } else if (wire === 2) {
        const length = varint(from, end);
        from = next;
        to = next + length;
        if (length < 0 || to > end) throw damaged(`field ${number} at byte ${tag} is longer than what holds it`);
      } else if (wire === 1 || wire === 5) {
        to = from + (wire === 1 ? 8 : 4);
        if (to > end) throw damaged(`field ${number} at byte ${tag} is truncated`);
      } else throw damaged(`field ${number} at byte ${tag} is stored in no known way`);
      at = to;
      yield { number, wire, varint: value, start: from, end: to, tag };
    }
  }

  return {
    source,
    fields,
    text: ({ start, end }, most = modelLimits.text) => {
      const length = Math.min(most, end - start);
      texts -= length;
      if (texts < 0) throw new FormatError(`it has more than ${modelLimits.texts} bytes of names and texts`);
      return decoder.decode(source.read(start, length));
    },
    float: (at) => {
      const { buffer, byteOffset } = source.read(at, 4);
      return new DataView(buffer, byteOffset, 4).getFloat32(0, true);
    },
    varints: (start, end, use) => {
      for (let at = start; at < end; at = next) if (!use(varint(at, end))) return;
    },
  };
}

const decoder = new TextDecoder();

function damaged(how: string): FormatError {
  return new FormatError(`it is no ONNX model, or a damaged one: ${how}`);
}
