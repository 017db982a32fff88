import { ConfigError } from "@sonde/core";
import { readDataSet } from "@sonde/formats/node";
import {
  claims as allClaims,
  type Claim,
  claimsNamed,
  type Measured,
  type Reproduction,
  reproduce as runClaim,
  type Scale,
} from "@sonde/papers";
import { openCheckpoint } from "../checkpoint-file.js";
import { type Finished, type RunContext, runOn } from "../command.js";
import { thread } from "../entry-files.js";
import type { SharedOptions } from "../options.js";
import { claimList, claimReport } from "../render/reproduce.js";

export interface ReproduceOptions extends Pick<SharedOptions, "json" | "out" | "plot" | "theme" | "quiet" | "seed" | "threads"> {
  all?: boolean;
  scale?: Scale;
  data?: string;
  checkpoint?: string;
}

/** `sonde reproduce [CLAIM ...]`: lists the claims of the papers, or measures those that are named. */
export async function reproduce(names: readonly string[], options: ReproduceOptions): Promise<number> {
  const started = performance.now();
  const { all = false, scale = "quick", seed } = options;
  if (all && names.length > 0) throw new ConfigError("--all measures every claim: name none, or leave out --all");
  const shared = { ...options, method: "auto" } as const;
  const about = { name: "reproduce", started, architecture: null, warnings: [] };
  if (!all && names.length === 0) {
    const foreign = (["scale", "data", "checkpoint", "plot"] as const).find((name) => options[name] !== undefined);
    if (foreign) throw new ConfigError(`--${foreign} is for a run: name a claim of the list of sonde reproduce, or give --all`);
    return runOn({ ...about, model: "five papers", line: `${allClaims.length} claims`, settings: {} }, shared, listing);
  }
  const chosen = all ? allClaims : [...new Set(names.flatMap((name) => [...claimsNamed(name)]))];
  if (options.plot !== undefined && chosen.length > 1)
    throw new ConfigError(
      `--plot draws the figure of one claim, and these are ${chosen.length}: name one, such as ${chosen[0].id}`,
    );
  const { images, notes } = await imagesFor(chosen, scale, options.data);
  const settings = { claims: chosen.map(({ id }) => id).join(" "), scale, seed, data: images };
  const file = options.checkpoint === undefined ? undefined : await openCheckpoint(options.checkpoint, settings);
  const subject = { ...about, model: all ? "five papers" : names.join(" "), line: `${scale} scale`, settings };
  return runOn(subject, shared, async (context) => {
    const reproductions = await measured(chosen, { scale, images, seed, context, file });
    return {
      result: { claims: reproductions },
      settings: {},
      warnings: notes,
      interrupted: reproductions.length < chosen.length || reproductions.some(({ interrupted }) => interrupted),
      exitCode: 0,
      report: (page) => reproductions.map((one, k) => claimReport(page, chosen[k], one)).join("\n\n\n"),
      // A figure of half the parts would compare what is not there.
      ...(reproductions.every(({ interrupted }) => !interrupted) && {
        figure: (_, text) => chosen[0].figure(reproductions[0].parts, text),
      }),
    };
  });
}

/** Every claim with what it says and takes, and the verdict of the run that is recorded. */
async function listing(): Promise<Finished> {
  const { readRecord } = await import("@sonde/papers/node");
  const rows = allClaims.map((claim) => {
    const { id, number, sentence, figureOf, runs, seconds, substitute } = claim;
    return {
      claim: id,
      number,
      sentence,
      figureOf,
      runs,
      substitute,
      seconds,
      recorded: readRecord(claim)?.verdict ?? "not run",
    };
  });
  return {
    result: { claims: rows },
    settings: {},
    warnings: [],
    interrupted: false,
    exitCode: 0,
    report: (page) => claimList(page, rows),
  };
}

/** On which images claims are measured: those that are asked for, else digits for a quick run and Fashion-MNIST, where it is installed, for others. */
async function imagesFor(chosen: readonly Claim[], scale: Scale, data: string | undefined) {
  const needed = chosen.some(({ needsImages }) => needsImages);
  if (!needed) {
    if (data !== undefined)
      throw new ConfigError(`--data is for claims that need images, and ${chosen[0].id} does not: leave it out`);
    return { images: undefined, notes: [] };
  }
  const substitutes = chosen.flatMap(({ id, needsImages, substitute }) =>
    needsImages && substitute ? [`${id} is measured with a substitute for ${substitute}`] : [],
  );
  if (data !== undefined) {
    await readDataSet(data, { points: 1 });
    return { images: data, notes: [] };
  }
  if (scale === "quick") return { images: "digits", notes: substitutes };
  try {
    await readDataSet("fashion-mnist", { points: 1 });
    return { images: "fashion-mnist", notes: substitutes };
  } catch (error) {
    return {
      images: "digits",
      notes: [...substitutes, `digits are measured instead of Fashion-MNIST: ${(error as Error).message}`],
    };
  }
}

interface Run {
  readonly scale: Scale;
  readonly seed: number;
  readonly images?: string;
  readonly context: RunContext;
  readonly file?: Awaited<ReturnType<typeof openCheckpoint>>;
}

/** The claims one after the other; an interruption keeps those that are finished, and the finished parts of the one it came in. */
async function measured(
  chosen: readonly Claim[],
  { scale, seed, images = "digits", context, file }: Run,
): Promise<Reproduction[]> {
  const { signal, threads, createWorker } = context;
  const finished: Record<string, Measured[]> = { ...(file?.known as Record<string, Measured[]> | undefined) };
  const reproductions: Reproduction[] = [];
  try {
    for (const claim of chosen) {
      if (signal.aborted) break;
      const parts: Measured[] = [];
      const known = finished[claim.id];
      reproductions.push(
        await runClaim(claim, {
          scale,
          seed,
          images,
          known,
          signal,
          threads,
          createWorker,
          createTrainingWorker: () => thread("training-worker"),
          readData: (name, options) => readDataSet(name, options),
          finished(part, done, all) {
            parts.push(part);
            if (parts.length > (known?.length ?? 0)) finished[claim.id] = parts;
            file?.save(() => finished);
            context.progress(done, all, () => `parts of ${claim.id}`);
          },
        }),
      );
    }
  } catch (error) {
    if (!signal.aborted || reproductions.length === 0) throw error;
  } finally {
    file?.save(() => finished, true);
  }
  return reproductions;
}
