import type { Worker } from "node:worker_threads";
import { absences, type ModelSource, modelWarnings, runRecord, settingsOf } from "@sonde/checkup/asked";
import type { Architecture } from "@sonde/nets";
import { thread } from "./entry-files.js";
import { exitCodes } from "./exit-codes.js";
import type { Host } from "./host.js";
import { interruption } from "./interruption.js";
import { loadModel } from "./model.js";
import type { SharedOptions } from "./options.js";
import { openOutput } from "./output.js";
import { type FigureOf, openPlot } from "./plot.js";
import { startProgress } from "./progress.js";
import { modelLine } from "./render/describe-model.js";
import { type Page, pageFor } from "./render/page.js";
import { openReports, type ReportOptions } from "./reports.js";
import { version } from "./version.js";

/** What a running command asks the library with: how networks are drawn, threads, interruption and progress. */
export interface RunContext {
  readonly networks?: number;
  readonly relativeError?: number;
  readonly seed: number;
  readonly method: SharedOptions["method"];
  readonly threads: number;
  readonly relaxed?: boolean;
  /** Absent where the command is a cell of a sweep: then it stays on its thread. */
  readonly createWorker?: () => Worker;
  /** Ask for it when what it ends begins: it is then that Ctrl-C is listened to. */
  readonly signal: AbortSignal;
  readonly progress: (done: number, most: number, noun?: string | (() => string)) => void;
}

/** What a command brings: its result as data, its report for people. */
export interface Finished {
  readonly result: object;
  /** The settings that were used beyond those that all commands share, by the names of their options. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly warnings: readonly string[];
  readonly interrupted: boolean;
  readonly exitCode: number;
  readonly report: (page: Page) => string;
  /** The figure of `--plot`, from the library that is loaded where one is asked for: `(plots, text) => plots.deathFigure(result, text)`. */
  readonly figure?: FigureOf;
}

/** What every command that draws networks does around its own work: model, output, interruption, JSON or report. `parsed` is what the file of the model holds, where it has been read. Returns the exit code. */
export async function runCommand(
  name: string,
  model: string,
  options: SharedOptions & ReportOptions,
  work: (architecture: Architecture, context: RunContext, source: ModelSource) => Promise<Finished>,
  parsed?: unknown,
): Promise<number> {
  const started = performance.now();
  const { architecture, notes, source } = await loadModel(model, options, parsed);
  const subject = {
    name,
    model,
    started,
    architecture,
    line: modelLine(architecture),
    settings: settingsOf(model, options),
    warnings: [...notes, ...modelWarnings(architecture)],
  };
  return runOn(subject, options, (context) => work(architecture, context, source));
}

/** What a command is run on. */
interface Subject {
  /** The command. */
  readonly name: string;
  readonly model: string;
  /** When its arguments were parsed. */
  readonly started: number;
  /** Null where the model is recorded activations, which do not tell it. */
  readonly architecture: Architecture | null;
  /** In a line. */
  readonly line: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly warnings: readonly string[];
}

/** What every command does around its own work: output, interruption, JSON or report. Returns the exit code. */
export async function runOn(
  { name, model, started, architecture, line, ...subject }: Subject,
  options: SharedOptions & ReportOptions,
  work: (context: RunContext) => Promise<Finished>,
): Promise<number> {
  if (options.host) return runFor(options.host, { name, ...subject }, options, work);
  const interrupts = interruption();
  const output = await openOutput(options.out);
  const plot = await openPlot(options);
  const reports = await openReports(options);
  const progress = startProgress(options.quiet ?? false);
  try {
    const finished = await work({
      ...sampling(options),
      createWorker: () => thread("worker"),
      get signal() {
        return interrupts.signal;
      },
      progress: progress.update,
    });
    const elapsedMs = Math.round((performance.now() - started) * 1000) / 1000;
    progress.end();
    const { result, settings } = finished;
    // A signal may come after the ensemble, while fixes are computed.
    const interrupted = finished.interrupted || interrupts.aborted;
    const warnings = [...subject.warnings, ...finished.warnings];
    const page = pageFor(options.out);
    const about = `${model} · ${line}${interrupted ? " · interrupted: of the networks finished so far" : ""}`;
    const picture = finished.figure ? await plot.draw(finished.figure, { subtitle: about }, page) : "";
    const record = () =>
      runRecord({
        sonde: version(),
        command: name,
        architecture,
        settings: { ...subject.settings, ...settings },
        result,
        warnings,
        elapsedMs,
        interrupted,
      });
    await reports.write(record);
    if (options.json) {
      await output(`${JSON.stringify(record())}\n`);
    } else {
      await output(`\n${finished.report(page)}${picture}\n\n`);
      if (!options.quiet) for (const warning of warnings) process.stderr.write(`sonde: note: ${warning}\n`);
      if (interrupted) process.stderr.write("sonde: interrupted: these numbers are from the networks finished so far\n");
    }
    return interrupted ? exitCodes.interrupted : finished.exitCode;
  } finally {
    progress.end();
    interrupts.end();
  }
}

/** Runs a command without a terminal: its record goes to the host, and signals are the host's business. */
async function runFor(
  host: Host,
  { name, settings, warnings }: Pick<Subject, "name" | "settings" | "warnings">,
  options: SharedOptions,
  work: (context: RunContext) => Promise<Finished>,
): Promise<number> {
  const finished = await work({ ...sampling(options), signal: host.signal, progress: () => {} });
  const { result } = finished;
  const all = [...warnings, ...finished.warnings];
  host.deliver({
    command: name,
    settings: { ...settings, ...finished.settings },
    result,
    warnings: [...all, ...absences(result, all)],
  });
  return finished.exitCode;
}

function sampling(options: SharedOptions) {
  const { networks, relError: relativeError, seed, method, threads, relaxedSimd: relaxed } = options;
  return { networks, relativeError, seed, method, threads, relaxed };
}
