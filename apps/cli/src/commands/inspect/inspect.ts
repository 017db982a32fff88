import { inspectModel } from "@sonde/formats";
import { withModel } from "@sonde/formats/node";
import { runOn } from "../../command.js";
import type { SharedOptions } from "../../options.js";
import { isRecorded } from "../../recorded.js";
import { plain } from "./plain.js";
import { inspectReport } from "./report.js";

/** `sonde inspect MODEL`. */
export async function inspect(model: string, options: Pick<SharedOptions, "json" | "out" | "quiet">): Promise<number> {
  // Nothing is drawn at random here.
  const shared = { ...options, seed: 0, method: "auto", threads: 1 } as const;
  if (await isRecorded(model)) return (await import("./recording.js")).inspectRecorded(model, shared);
  const subject = {
    name: "inspect",
    model,
    started: performance.now(),
    architecture: null,
    line: "model file",
    settings: { model },
    warnings: [],
  };
  return runOn(subject, shared, () =>
    withModel(model, async (file) => {
      const result = inspectModel(file);
      const program = result.notRun.length > 0 ? (await import("@sonde/onnxruntime")).installedRuntime() : undefined;
      return {
        result: plain({ ...result, ...(program && { program: `onnxruntime-node ${program.version}` }) }) as object,
        settings: {},
        warnings: file.notes,
        interrupted: false,
        exitCode: 0,
        report: (page) => inspectReport(page, model, result, program?.version),
      };
    }),
  );
}
