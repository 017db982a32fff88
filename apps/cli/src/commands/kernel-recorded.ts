import { reals } from "@sonde/checkup/files";
import { ConfigError, quote, SondeError } from "@sonde/core";
import { kernelCondition } from "@sonde/infinite-width";
import { recordedKernel } from "@sonde/metrics-kernel";
import { runOn } from "../command.js";
import { oneNetwork, openRecording } from "../recorded.js";
import { kernelRecordedReport } from "../render/kernel-recorded.js";
import type { KernelOptions } from "./kernel.js";

/** Points of which a kernel can be printed. */
const mostPoints = 2048;

/** `sonde kernel recorded.npz`: the kernels of one network's layers. */
export async function kernelRecorded(model: string, options: KernelOptions): Promise<number> {
  const started = performance.now();
  // Both have defaults, which say nothing of recorded activations.
  const { kernels: _kernels, memory: _memory, ...asked } = options;
  const line = await oneNetwork(model, asked, ["plot", "theme"]);
  const subject = { name: "kernel", model, started, architecture: null, line, settings: { model }, warnings: [] };
  return runOn(subject, options, async (context) => {
    const { arrays, settings, warnings } = await openRecording(model, options, context);
    const points = arrays[0]?.shape[0] ?? 0;
    const layers = arrays.map(({ name, shape, data }, l) => {
      try {
        if (shape[0] !== points || points > mostPoints)
          throw new ConfigError(
            `a kernel takes the same points in all layers, at most ${mostPoints}, got ${shape[0]}: record fewer`,
          );
        const kernel = recordedKernel({ shape, data: reals(data) });
        context.progress(l + 1, arrays.length, "layers");
        return { layer: l + 1, name, shape, kernel, condition: kernelCondition(kernel) };
      } catch (error) {
        throw error instanceof SondeError
          ? new ConfigError(`in ${quote(model)}, ${quote(name)}: ${error.message}`, { cause: error })
          : error;
      }
    });
    const last = layers[layers.length - 1];
    const nngp = Array.from(last.kernel.data);
    return {
      result: {
        points,
        layers: layers.map(({ kernel: _kernel, ...layer }) => layer),
        kernel: nngp,
      },
      settings,
      warnings,
      interrupted: false,
      exitCode: 0,
      figure: (plots, text) => plots.kernelFigure({ points, nngp }, text),
      report: (page) => kernelRecordedReport(page, { model, line, layers }),
    };
  });
}
