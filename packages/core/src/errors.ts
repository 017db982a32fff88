/**
 * The errors that Sonde throws on purpose. Every message is one sentence that says what was got, what was expected and what to do;
 * a caller that shows messages to people needs nothing else. Anything that is not a `SondeError` is a defect of Sonde.
 */
export class SondeError extends Error {
  override readonly name: string = "SondeError";

  constructor(message: string, options?: ErrorOptions) {
    super(abbreviated(message), options);
  }
}

/** Without the middle of what is longer than a line and has no blank, such as the path of a layer deep inside blocks. */
function abbreviated(message: string): string {
  return message.replace(/\S{100,}/g, (run) => `${run.slice(0, 48)}…${run.slice(-31)}`);
}

/** Sizes that do not fit together, such as a point with 3 values for a model with 4 inputs. */
export class ShapeError extends SondeError {
  override readonly name = "ShapeError";
}

/** A number outside the domain of a function, such as a negative variance. */
export class DomainError extends SondeError {
  override readonly name = "DomainError";
}

/** A request that makes no sense as stated: an unknown name, options that exclude each other. */
export class ConfigError extends SondeError {
  override readonly name = "ConfigError";
}

/** Bytes or text that are not what their format promises. */
export class FormatError extends SondeError {
  override readonly name = "FormatError";
}

/** A computation that could not reach a meaningful number, with the reason. */
export class NumericalError extends SondeError {
  override readonly name = "NumericalError";
}

/**
 * The text as an error message may show it: quoted, control characters replaced, at most 80 characters.
 *
 * @example
 * quote("784-0x3-10") // "\"784-0x3-10\""
 */
export function quote(input: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are exactly what must not reach a terminal
  const printable = input.replace(/[\u0000-\u001f\u007f-\u009f]/g, "\ufffd");
  return `"${printable.length > 80 ? `${printable.slice(0, 79)}…` : printable}"`;
}
