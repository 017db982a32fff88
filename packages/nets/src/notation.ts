import { ConfigError, quote } from "@sonde/core";
import { limits } from "./limits.js";

/**
 * The widths `[input, hidden..., output]` that a notation such as `784-128x20-10` stands for: numbers joined by `-`, where `128x20` is twenty
 * hidden layers of width 128. `784-10` has no hidden layer.
 *
 * Throws `ConfigError` with the position (in characters, from 1) of what is wrong, also beyond 10^5 hidden layers, 10^6 units or 2^31 weights a
 * layer; nothing is allocated before these limits are checked.
 *
 * @example
 * parseNotation("784-256-64x3-10") // [784, 256, 64, 64, 64, 10]
 */
export function parseNotation(notation: string): number[] {
  const refuse = (what: string): ConfigError => new ConfigError(`the notation ${quote(notation)} ${what}`);
  const example = 'write widths as in "784-128x20-10" (input, hidden layers, output)';
  if (notation === "") throw refuse(`is empty: ${example}`);

  const widths: number[] = [];
  const parts = notation.split("-");
  let position = 1;
  parts.forEach((part, index) => {
    const end = index === 0 || index === parts.length - 1;
    const found = /^(\d+)(?:x(\d+))?$/.exec(part);
    if (!found) {
      const what = part === "" ? "has no width" : `has ${quote(part)}, which is not a width,`;
      throw refuse(`${what} at position ${position}: ${example}`);
    }
    const width = Number(found[1]);
    const repeats = Number(found[2] ?? 1);
    if (width < 1 || width > limits.units)
      throw refuse(
        `has width ${found[1].slice(0, 20)} at position ${position}: a width is a whole number from 1 to ${limits.units}`,
      );
    if (parts.length === 1) throw refuse(`has no output at position ${part.length + 1}: ${example}`);
    if (repeats < 1) throw refuse(`repeats a layer x0 at position ${position}: repeat it at least once, or leave it out`);
    if (end && found[2] !== undefined) {
      const what = index === 0 ? "input" : "output";
      throw refuse(
        `repeats its ${what} at position ${position}: only hidden layers repeat, so ${index === 0 ? "begin" : "end"} with a plain width`,
      );
    }
    if (widths.length - 1 + (end ? 0 : repeats) > limits.layers)
      throw refuse(`has more than ${limits.layers} hidden layers at position ${position}: make it shallower`);
    const inputs = repeats > 1 ? Math.max(width, widths[widths.length - 1]) : (widths[widths.length - 1] ?? 0);
    if (inputs * width > limits.weights)
      throw refuse(
        `asks for ${inputs} x ${width} weights at position ${position}: a layer has at most ${limits.weights}, so make it narrower`,
      );
    for (let k = 0; k < repeats; k++) widths.push(width);
    position += part.length + 1;
  });
  return widths;
}
