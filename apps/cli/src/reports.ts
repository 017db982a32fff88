import { resolve } from "node:path";
import { ConfigError } from "@sonde/core";
import type { CheckRecord } from "@sonde/report";
import { type Output, openOutput } from "./output.js";

/** Files that a check-up is reported in beside its output. */
export interface ReportOptions {
  html?: string;
  sarif?: string;
  junit?: string;
}

/** Where the reports of a run go. */
export interface ReportsOutput {
  /** Writes all that were asked for; `record` makes what `--json` prints. */
  write(record: () => object): Promise<void>;
}

const kinds = ["html", "sarif", "junit"] as const;

/**
 * Opens the files of `--html`, `--sarif` and `--junit`, so that one that cannot be written is found before the run; the library that writes them is loaded when the result is there.
 *
 * Throws `ConfigError` for what cannot be written, and where two of all outputs name the same file.
 */
export async function openReports(
  options: ReportOptions & { readonly out?: string; readonly plot?: string },
): Promise<ReportsOutput> {
  const asked = kinds.flatMap((kind) => (options[kind] === undefined ? [] : [{ kind, path: options[kind] }]));
  const taken = new Map<string, string>();
  for (const name of ["out", "plot", ...kinds] as const) {
    const path = options[name];
    if (path === undefined || path === "-") continue;
    const other = taken.get(resolve(path));
    if (other && kinds.includes(name as (typeof kinds)[number]))
      throw new ConfigError(`--${other} and --${name} name the same file: give each its own`);
    taken.set(resolve(path), name);
  }
  const files: { kind: (typeof kinds)[number]; file: Output }[] = [];
  for (const { kind, path } of asked) files.push({ kind, file: await openOutput(path, `--${kind}`) });
  return {
    async write(record) {
      if (files.length === 0) return;
      const { checkHtml, junitXml, sarifLog } = await import("@sonde/report");
      // As JSON has it, so that a report made from a file of --json is the same.
      const plain = JSON.parse(JSON.stringify(record())) as CheckRecord;
      const make = {
        html: () => checkHtml(plain),
        sarif: () => `${JSON.stringify(sarifLog(plain), null, 2)}\n`,
        junit: () => junitXml(plain),
      };
      for (const { kind, file } of files) await file(make[kind]());
    },
  };
}
