import { randomBytes } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ConfigError, FormatError, quote } from "@sonde/core";
import type { SweepPlan, SweepRequest } from "../plan/plan.js";
import { folders } from "./folders.js";

/** What `plan.json` of a store says. */
export interface PlanFile extends SweepRequest {
  readonly kind: "sonde sweep";
  readonly resultVersion: number;
  readonly cells: number;
  readonly hash: string;
  /** Cells in the order in which they are done. Kept, so that all shards split the same order. */
  readonly order: readonly number[];
}

/** The plan file of a store; `undefined` where the folder has none. Throws `FormatError` for one that is damaged. */
export function readPlanFile(store: string): PlanFile | undefined {
  const path = join(store, "plan.json");
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    throw new ConfigError(`${quote(path)} cannot be read (${code}): give --store the folder of a sweep`);
  }
  try {
    const file = JSON.parse(text) as PlanFile;
    const whole = file.kind === "sonde sweep" && Array.isArray(file.grids) && Array.isArray(file.order);
    if (whole && typeof file.hash === "string" && file.order.length === file.cells) return file;
  } catch {
    // Said below.
  }
  throw new FormatError(`${quote(path)} is no plan of a sweep, or is damaged: give --store another folder`);
}

/**
 * Makes a folder the store of a plan, or makes sure that it is. Returns the plan in the order that the store keeps.
 *
 * Throws `ConfigError` for the store of another plan (and says what differs), and for a folder that cannot be written.
 */
export function openStore(store: string, plan: SweepPlan): SweepPlan {
  prepare(store);
  let file = readPlanFile(store);
  if (!file) {
    writeOnce(join(store, "plan.json"), planText(plan));
    file = readPlanFile(store);
  }
  if (!file) throw new ConfigError(`the store ${quote(store)} lost its plan: something else removes files there`);
  return samePlan(store, plan, file);
}

/** The plan in the order that its store keeps. Throws `ConfigError` where the store is of another plan. */
export function samePlan(store: string, plan: SweepPlan, file: PlanFile): SweepPlan {
  if (file.hash === plan.hash) return { ...plan, order: Uint32Array.from(file.order) };
  throw new ConfigError(
    `the store ${quote(store)} is of another plan (${difference(file, plan)}): give another --store, or --fresh to forget what is in it`,
  );
}

function planText({ request, resultVersion, ids, order, hash }: SweepPlan): string {
  const { command, model, options, grids } = request;
  const kind = "sonde sweep";
  const file: PlanFile = { kind, command, model, options, grids, resultVersion, cells: ids.length, hash, order: [...order] };
  return `${JSON.stringify(file)}\n`;
}

/** The first thing that differs, in words. */
function difference(file: PlanFile, { request, resultVersion }: SweepPlan): string {
  const show = (value: unknown) =>
    value === undefined ? "nothing" : quote(typeof value === "string" ? value : JSON.stringify(value));
  if (file.command !== request.command) return `its command is ${show(file.command)}, not ${show(request.command)}`;
  if (file.model !== request.model) return `its model is ${show(file.model)}, not ${show(request.model)}`;
  const [before, now] = [file.options ?? {}, request.options ?? {}];
  for (const name of new Set([...Object.keys(before), ...Object.keys(now)]))
    if (before[name] !== now[name]) return `its --${name} is ${show(before[name])}, not ${show(now[name])}`;
  if (file.grids.length !== request.grids.length) return `it has ${file.grids.length} grids, not ${request.grids.length}`;
  for (const [g, grid] of request.grids.entries()) {
    const old = file.grids[g];
    for (const name of new Set([...Object.keys(old), ...Object.keys(grid)]))
      if (old[name]?.join() !== grid[name]?.join())
        return `its ${name} is ${show(old[name]?.join(","))}, not ${show(grid[name]?.join(","))}`;
  }
  if (file.resultVersion !== resultVersion)
    return `its numbers are of result version ${file.resultVersion}, those of this release of ${resultVersion}`;
  return "a file that it names has other contents, or the axes have another order";
}

function prepare(store: string): void {
  try {
    for (const folder of folders) makeFolder(join(store, folder));
    const trial = join(store, `.${randomBytes(8).toString("hex")}.tmp`);
    writeFileSync(trial, "", { flag: "wx" });
    rmSync(trial);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ConfigError(`the store ${quote(store)} cannot be written (${code}): give --store a folder that can`);
  }
}

/** Makes a folder and those that it lies in. (Node's own way of it never ends where the system says ENOENT of a folder that it does not let anybody make, as in /proc.) */
export function makeFolder(path: string): void {
  try {
    mkdirSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST" && statSync(path).isDirectory()) return;
    const parent = dirname(path);
    if (code !== "ENOENT" || statSync(parent, { throwIfNoEntry: false })) throw error;
    makeFolder(parent);
    mkdirSync(path);
  }
}

/** Writes a whole file unless there is one: of several processes that start together, one makes it. */
function writeOnce(path: string, text: string): void {
  const temporary = `${path}.${randomBytes(8).toString("hex")}.tmp`;
  try {
    writeFileSync(temporary, text, { flag: "wx", flush: true });
    linkSync(temporary, path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") return;
    // File systems without links, as some network mounts.
    if (code === "EPERM" || code === "ENOTSUP" || code === "ENOSYS") renameSync(temporary, path);
    else
      throw new ConfigError(
        `the plan cannot be written to ${quote(path)} (${code}): give --store a folder with room that can be written`,
      );
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** Forgets everything in a store. Throws `ConfigError` for a folder that is none, which is left alone. */
export function clearStore(store: string): void {
  if (statSync(store, { throwIfNoEntry: false }) === undefined) return;
  if (!readPlanFile(store)) return;
  for (const name of [...folders, "plan.json"]) rmSync(join(store, name), { recursive: true, force: true });
}
