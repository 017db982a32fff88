import { availableParallelism } from "node:os";
import { activationNames } from "@sonde/core";
import { initialiserNames } from "@sonde/init";
import { type Command, InvalidArgumentError, Option } from "commander";

/** What every command that draws networks understands, as parsed; absent where not given. */
export interface SharedOptions {
  activation?: string;
  init?: string;
  weightVariance?: number;
  bias?: string;
  norm?: "none" | "batch" | "layer" | "rms";
  skip?: "none" | "residual" | "dense";
  block?: number;
  data?: string;
  points?: number;
  networks?: number;
  relError?: number;
  seed: number;
  threads: number;
  method: "auto" | "law" | "weights" | "conditional" | "count";
  json?: boolean;
  out?: string;
  plot?: string;
  quiet?: boolean;
}

/** Adds the shared options. Each description ends with range, default and unit where there is one. */
export function addSharedOptions(command: Command): Command {
  const options = [
    new Option(
      "--activation <name>",
      `activation function: ${activationNames.join(", ")}; a parameter follows a colon, as in leaky-relu:0.01 (default: relu)`,
    ),
    new Option("--init <name>", `initialisation: ${initialiserNames.join(", ")} (default: he-normal)`),
    new Option(
      "--weight-variance <number>",
      "variance of a weight times its fan-in; for orthogonal the squared gain (> 0; default: the initialisation's own)",
    ).argParser(positive),
    new Option("--bias <law>", "biases: zeros, like-weights, normal:VARIANCE or uniform:HALF-WIDTH (default: zeros)"),
    new Option("--norm <kind>", "normalisation before each activation (default: none)").choices([
      "none",
      "batch",
      "layer",
      "rms",
    ]),
    new Option("--skip <kind>", "skip connections (default: none)").choices(["none", "residual", "dense"]),
    new Option(
      "--block <layers>",
      "hidden layers in a residual unit, with --skip residual (whole number, at least 1; default: 2)",
    ).argParser(whole(1)),
    new Option(
      "--data <source>",
      "input points: digits, mnist, fashion-mnist, xor, gaussian or a file (IDX, npy, CSV; also gzipped) (default: gaussian; one input: the interval [-1, 1])",
    ),
    new Option("--points <number>", "points taken from the data or the domain (2 to 1000000; default: 512)").argParser(
      whole(2, 1e6),
    ),
    new Option(
      "--networks <number>",
      "random networks, with --rel-error at most so many (1 to 1000000000; default: from 16 to 10000 by the model's size)",
    ).argParser(whole(1, 1e9)),
    new Option(
      "--rel-error <number>",
      "draw networks until standard error / value is this small (> 0, below 1; default: off)",
    ).argParser(fraction),
    new Option("--seed <number>", "seed of all random numbers (0 to 9007199254740991)").argParser(whole(0)).default(0),
    new Option("--threads <number>", "worker threads; results do not depend on it (1 to 256)")
      .argParser(whole(1, 256))
      .default(availableParallelism(), "the machine's cores"),
    new Option(
      "--method <name>",
      "how layers are drawn: weights draws matrices, law draws activations exactly in law, count and auto take the cheaper",
    )
      .choices(["auto", "law", "weights", "conditional", "count"])
      .default("auto"),
    new Option("--json", "print one JSON object instead of a report (default: off)"),
    new Option("--out <file>", "write the result to a file instead of standard output (default: standard output)"),
    new Option("--plot <file>", "draw a figure, .svg or .png (comes in a later release)"),
    new Option("--quiet", "no progress and no warnings on standard error (default: off)"),
  ];
  for (const option of options) command.addOption(option);
  return command;
}

/** Parses a whole number in [low, high]. */
export function whole(low: number, high = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\s*$/.test(text) || !Number.isInteger(value) || value < low || value > high)
      throw new InvalidArgumentError(
        `Give a whole number ${high === Number.MAX_SAFE_INTEGER ? `of at least ${low}` : `from ${low} to ${high}`}.`,
      );
    return value;
  };
}

/** Parses a finite number above 0. */
export function positive(text: string): number {
  const value = Number(text);
  if (!(Number.isFinite(value) && value > 0)) throw new InvalidArgumentError("Give a number above 0.");
  return value;
}

function fraction(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value < 1)) throw new InvalidArgumentError("Give a number above 0 and below 1, such as 0.01.");
  return value;
}
