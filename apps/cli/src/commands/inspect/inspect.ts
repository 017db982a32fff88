import { inspectModel } from "@sonde/formats";
import { withModel } from "@sonde/formats/node";
import { runOn } from "../../command.js";
import type { SharedOptions } from "../../options.js";
import { plain } from "./plain.js";
import { inspectReport } from "./report.js";

/** `sonde inspect MODEL`. */
export function inspect(model: string, options: Pick<SharedOptions, "json" | "out" | "quiet">): Promise<number> {
  const subject = {
    name: "inspect",
    model,
    started: performance.now(),
    architecture: null,
    line: "model file",
    settings: { model },
    warnings: [],
  };
  // Nothing is drawn at random here.
  const shared = { ...options, seed: 0, method: "auto", threads: 1 } as const;
  return runOn(subject, shared, () =>
    withModel(model, (file) => {
      const result = inspectModel(file);
      return {
        result: plain(result) as object,
        settings: {},
        warnings: file.notes,
        interrupted: false,
        exitCode: 0,
        report: (page) => inspectReport(page, model, result),
      };
    }),
  );
}
