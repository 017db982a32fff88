import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { join } from "node:path";
import { quote, SondeError } from "@sonde/core";
import { type Appender, appender } from "./append.js";
import { ending, type FolderName } from "./folders.js";
import { encodeLine } from "./line.js";

/** Writes into a store under a name that nobody else has. */
export interface StoreWriter {
  /** HOST-PID-RANDOM, the name of its files. */
  readonly name: string;
  /** Appends a line about a cell; `fields` is the JSON of an object. */
  readonly write: (folder: FolderName, id: string, fields: string) => void;
  /** Says that these cells are being done. */
  readonly start: (ids: readonly string[]) => void;
  readonly close: () => void;
}

/** Thrown where a store cannot be written any more; all that was written before is kept. */
export class StoreError extends SondeError {
  override readonly name = "StoreError";
}

/** Milliseconds after which written lines are made safe from a loss of power. */
const syncEvery = 5000;

/** A writer of its own for the store in a folder. Throws `StoreError` where the disk refuses a line. */
export function openWriter(folder: string): StoreWriter {
  const host =
    hostname()
      .split(".")[0]
      .replace(/[^A-Za-z0-9]/g, "_") || "host";
  const name = `${host}-${process.pid}-${randomBytes(4).toString("hex")}`;
  const files = {} as Record<FolderName, Appender | undefined>;
  let synced = performance.now();
  const put = (kind: FolderName, text: string) => {
    files[kind] ??= appender(join(folder, kind, name + ending));
    try {
      files[kind].append(text);
      if (kind === "started" || performance.now() - synced < syncEvery) return;
      synced = performance.now();
      files[kind].sync();
    } catch (error) {
      throw refused(folder, error);
    }
  };
  return {
    name,
    write: (kind, id, fields) => put(kind, encodeLine(id, fields)),
    start: (ids) => put("started", ids.map((id) => encodeLine(id, "{}")).join("")),
    close() {
      try {
        for (const file of Object.values(files)) file?.close();
      } catch (error) {
        throw refused(folder, error);
      }
    },
  };
}

function refused(folder: string, error: unknown): StoreError {
  const { code, message } = error as NodeJS.ErrnoException;
  const full = code === "ENOSPC" || code === "EDQUOT";
  const what = full ? "the disk is full: make room" : `${code ?? message}: make it writable`;
  return new StoreError(
    `the store ${quote(folder)} takes no more records (${what}, then give the same command again; everything finished before is kept)`,
  );
}
