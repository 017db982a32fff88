import { ConfigError } from "@sonde/core";
import { type Architecture, architectureWarnings } from "@sonde/nets";
import { loadModel } from "./model.js";
import type { SharedOptions } from "./options.js";
import { openOutput } from "./output.js";
import { exitCodes } from "./program.js";
import { type Painter, painter } from "./render/paint.js";
import { type RunContext, withRunContext } from "./run-context.js";
import { version } from "./version.js";

/** What a command brings: its result as data, its report for people. */
export interface Finished {
  readonly result: object;
  /** The settings that were used beyond those that all commands share. */
  readonly settings: Record<string, unknown>;
  readonly warnings: readonly string[];
  readonly interrupted: boolean;
  readonly exitCode: number;
  readonly report: (paint: Painter) => string;
}

/** What every command that draws networks does around its own work: model, output, interruption, JSON or report. Returns the exit code. */
export async function runCommand(
  name: string,
  model: string,
  options: SharedOptions,
  work: (architecture: Architecture, context: RunContext) => Promise<Finished>,
): Promise<number> {
  const started = performance.now();
  if (options.plot !== undefined)
    throw new ConfigError("--plot comes in a later release: use --json and draw the figure elsewhere for now");
  if (options.method === "conditional")
    throw new ConfigError("--method conditional comes in a later release: use count, weights, law or auto");
  const architecture = await loadModel(model, options);
  const output = await openOutput(options.out);
  try {
    const finished = await withRunContext(options, (context) => work(architecture, context));
    const warnings = [...architectureWarnings(architecture), ...finished.warnings];
    if (options.json) {
      const { result, settings, interrupted } = finished;
      const record = {
        sonde: version(),
        command: name,
        architecture,
        settings: { model, ...chosen(options), ...settings },
        result,
        warnings,
        elapsedMs: Math.round((performance.now() - started) * 1000) / 1000,
        ...(interrupted && { interrupted }),
      };
      await output.write(`${JSON.stringify(record)}\n`);
    } else {
      await output.write(finished.report(painter(options.out === undefined)));
      if (!options.quiet) for (const warning of warnings) process.stderr.write(`sonde: note: ${warning}\n`);
    }
    return finished.interrupted ? exitCodes.interrupted : finished.exitCode;
  } catch (error) {
    await output.discard();
    throw error;
  }
}

/** The shared settings that decide the numbers, with their defaults. */
function chosen({
  activation,
  init,
  weightVariance,
  bias,
  norm,
  skip,
  block,
  seed,
  method,
  relError,
}: SharedOptions): Record<string, unknown> {
  return { activation, init, weightVariance, bias, norm, skip, block, seed, method, relError };
}
