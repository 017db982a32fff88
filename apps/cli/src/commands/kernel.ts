import { linePoints } from "@sonde/checkup";
import { networksSetting } from "@sonde/checkup/asked";
import { ConfigError, type Matrix, matrix } from "@sonde/core";
import { infiniteWidthKernel, kernelCondition } from "@sonde/infinite-width";
import { type KernelDifference, kernelDifference, type MeasuredKernel, measureKernel } from "@sonde/metrics-kernel";
import type { Architecture } from "@sonde/nets";
import { type RunContext, runCommand } from "../command.js";
import { loadInputs } from "../inputs.js";
import { describedGraph } from "../model.js";
import type { SharedOptions } from "../options.js";
import { isRecorded } from "../recorded.js";
import { kernelReport } from "../render/kernel.js";
import { count } from "../render/numbers.js";

/** What `sonde kernel` understands beside the shared options. */
export interface KernelOptions extends SharedOptions {
  kernels: "nngp" | "ntk" | "both";
  dropout?: number;
  memory?: number;
}

/** Points of which both kernels can be printed. */
const mostPoints = 2048;

/** `sonde kernel MODEL`. */
export async function kernel(model: string, options: KernelOptions): Promise<number> {
  if ((await isRecorded(model)) || (await describedGraph(model)))
    return (await import("./kernel-recorded.js")).kernelRecorded(model, options);
  return runCommand("kernel", model, options, async (architecture, context) => {
    const { kernels, dropout, memory = 64, networks, relError } = options;
    const measures = networks !== undefined || relError !== undefined;
    if (measures && dropout !== undefined)
      throw new ConfigError("random networks are drawn without dropout: leave out --dropout, or --networks and --rel-error");
    const { name, settings, data } = await kernelInputs(architecture, options);
    const { signal, progress } = context;
    const record = await infiniteWidthKernel(architecture, data, {
      ntk: kernels !== "nngp",
      dropout,
      memory: memory * 2 ** 20,
      signal,
      progress: (done, all) => progress(done, all, "pairs"),
    });
    const { nngp, ntk, error } = record;
    const measured = measures ? await measure(architecture, data, nngp, context) : undefined;
    const points = data.rows;
    const result = {
      points,
      ...(kernels !== "ntk" && { nngp: Array.from(nngp.data) }),
      ...(ntk && { ntk: Array.from(ntk.data) }),
      error,
      ...(kernels !== "ntk" && { nngpCondition: kernelCondition(nngp) }),
      ...(ntk && { ntkCondition: kernelCondition(ntk) }),
      ...(measured && {
        measured: {
          nngp: Array.from(measured.nngp.data),
          standardError: Array.from(measured.standardError.data),
          networks: measured.networks,
          method: measured.method,
          executor: measured.executor,
          ...measured.difference,
        },
      }),
    };
    return {
      result,
      settings: {
        ...settings,
        kernels,
        ...(dropout !== undefined && { dropout }),
        memory,
        ...(measured && { networks: networksSetting(options, measured) }),
      },
      warnings: [],
      interrupted: measured?.interrupted ?? false,
      exitCode: 0,
      figure: (plots, text) =>
        plots.kernelFigure({ points, nngp: Array.from(nngp.data), ...(ntk && { ntk: Array.from(ntk.data) }) }, text),
      report: (page) => kernelReport(page, { model, architecture, inputs: name, nngp, ntk, conditions: result, measured }),
    };
  });
}

async function measure(
  architecture: Architecture,
  data: Matrix<Float64Array>,
  nngp: Matrix<Float64Array>,
  context: RunContext,
): Promise<MeasuredKernel & { readonly difference: KernelDifference }> {
  const measured = await measureKernel(architecture, data, context);
  return { ...measured, difference: kernelDifference(measured, { nngp }, measured.networks) };
}

/** The points of a data set, standard normal ones, or for one input those of [-1, 1]. */
async function kernelInputs(architecture: Architecture, options: KernelOptions) {
  if ((options.points ?? 0) > mostPoints)
    throw new ConfigError(
      `--points of kernel takes a whole number up to ${mostPoints}, got ${options.points}: larger kernels come in blocks from the library`,
    );
  const { name, settings, data } = await loadInputs(architecture, options);
  if (data) return { name, settings, data };
  const { points } = settings;
  return { name: `${count(points, "point")} of [-1, 1]`, settings: { points }, data: matrix(points, 1, linePoints(points)) };
}
