import { SondeError } from "@sonde/core";
import { KernelHostError } from "@sonde/kernels/native";
import { CommanderError } from "commander";
import { exitCodes } from "./exit-codes.js";
import { Interrupted } from "./interruption.js";
import { type Usage, usageSentence } from "./usage-error.js";

/** Says what went wrong in one sentence and returns the exit code. */
export function reportError(error: unknown, usage: Usage): number {
  const [code, sentence] = explain(error, usage);
  if (sentence !== undefined) process.stderr.write(`sonde: ${sentence}\n`);
  return code;
}

function explain(error: unknown, usage: Usage): [code: number, sentence?: string] {
  if (error instanceof CommanderError)
    return error.exitCode === 0 ? [exitCodes.done] : [exitCodes.usage, usageSentence(error, usage)];
  if (error instanceof Interrupted) return [exitCodes.interrupted, error.message];
  if (error instanceof KernelHostError) return [exitCodes.usage, error.message];
  if (error instanceof SondeError) return [error.name === "NumericalError" ? exitCodes.failed : exitCodes.usage, error.message];
  return [exitCodes.failed, `the run failed: ${error instanceof Error ? error.message : String(error)}`];
}
