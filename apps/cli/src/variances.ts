import { activationNames, ConfigError, decimal, quote } from "@sonde/core";
import { Option } from "commander";
import { between, oneOf, whole } from "./parse.js";

/** One value, or the ends of a range. */
export type Variance = number | readonly [number, number];

/** The options of `sonde phase`. */
export function phaseOptions(): Option[] {
  return [
    new Option(
      "--activation <name>",
      `${activationNames.join(", ")}; a parameter follows a colon: leaky-relu:0.01 (default: tanh)`,
    ),
    new Option(
      "--weight-variance <range>",
      "variance of a weight times its fan-in: a number, or LOW..HIGH for a diagram (above 0; default: 1, with a range of bias variances 0.5..4)",
    ).argParser(varianceRange("--weight-variance", false)),
    new Option(
      "--bias-variance <range>",
      "variance of a bias: a number, or LOW..HIGH for a diagram (0 or above; default: 0, with a range of weight variances 0..0.5)",
    ).argParser(varianceRange("--bias-variance", true)),
    new Option("--grid <number>", "values of each range of a diagram (2 to 400; default: 41)").argParser(whole("--grid", 2, 400)),
  ];
}

/** The options that `sonde kernel` has beside those of its inputs and samples. */
export function kernelOptions(): Option[] {
  return [
    new Option("--kernels <names>", "nngp, ntk or both (default: both)")
      .argParser(oneOf("--kernels", ["nngp", "ntk", "both"]))
      .default("both", "both"),
    new Option(
      "--dropout <probability>",
      "kernels while training with dropout of so much after every activation (above 0, below 1; default: no dropout)",
    ).argParser(between("--dropout", 0, 1)),
    new Option("--memory <MiB>", "memory for a block of the kernel while it is computed (above 0; default: 64)").argParser(
      between("--memory", 0),
    ),
  ];
}

/** A number, or two joined by `..`, the first below the second. */
function varianceRange(option: string, zero: boolean): (text: string) => Variance {
  return (text) => {
    const ends = text.split("..").map(decimal);
    const valid = ends.every((end) => (zero ? end >= 0 : end > 0) && end < Number.POSITIVE_INFINITY);
    if (valid && ends.length === 1) return ends[0];
    if (valid && ends.length === 2 && ends[0] < ends[1]) return [ends[0], ends[1]];
    throw new ConfigError(
      `${option} takes a number ${zero ? "from 0 on" : "above 0"}, or two as LOW..HIGH with LOW below HIGH, got ${quote(text)}`,
    );
  };
}
