import { crc32 } from "node:zlib";

/** What a line of a store begins with: the cell, and a CRC-32 of what follows. */
const head = /^\{"id":"([0-9a-f]{32})","check":"([0-9a-f]{8})"/;

/** Characters of such a beginning. */
const headLength = '{"id":"","check":""'.length + 32 + 8;

/** One line of a store: a JSON object that begins with the cell's name and a checksum, so that a line that was cut or damaged is told without parsing it. `fields` is the JSON of an object. */
export function encodeLine(id: string, fields: string): string {
  const rest = fields === "{}" ? "}" : `,${fields.slice(1)}`;
  return `{"id":"${id}","check":"${checksum(Buffer.from(id + rest))}"${rest}\n`;
}

/** The cell that a line (without its end) is about; `undefined` for a line that is damaged. */
export function lineId(line: Buffer): string | undefined {
  const found = head.exec(line.toString("latin1", 0, headLength));
  if (!found) return undefined;
  const [, id, check] = found;
  const sum = crc32(line.subarray(headLength), crc32(id));
  return hex(sum) === check ? id : undefined;
}

function checksum(bytes: Buffer): string {
  return hex(crc32(bytes));
}

function hex(sum: number): string {
  return sum.toString(16).padStart(8, "0");
}
