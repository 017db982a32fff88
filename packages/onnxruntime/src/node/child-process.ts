import { type ChildProcess, spawn } from "node:child_process";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { ConfigError, FormatError } from "@sonde/core";
import { frames, sendFrame } from "../frames.js";
import type { Answer, Frame } from "../protocol.js";
import { firstLine } from "../words.js";
import type { ChildQuestion } from "./question.js";

/** A process that answers one question after the other. */
export interface Child {
  /** Throws `FormatError` with one sentence where the answer is a refusal, `ConfigError` where the process ends or is silent. */
  readonly ask: (question: ChildQuestion, blobs?: readonly Uint8Array[]) => Promise<Frame<Answer>>;
  /** Ends it. */
  readonly end: () => void;
}

export interface ChildOptions {
  /** In sentences: `onnxruntime-node 1.30.0`. */
  readonly name: string;
  /** Milliseconds that an answer may take. */
  readonly patience: number;
  /** Bytes of memory, as they are told. */
  readonly memory: number;
  readonly signal?: AbortSignal;
}

/** Starts the process that onnxruntime-node runs in. Its command line is short: with one of 30 KB it crashes. */
export function startChild({ name, patience, memory, signal }: ChildOptions): Child {
  signal?.throwIfAborted();
  const { NODE_OPTIONS: _options, ORT_LOAD_CONFIG_FROM_MODEL: _config, ...env } = process.env;
  const file = fileURLToPath(new URL("./child.js", import.meta.url));
  // What a model names and is not given to it would be looked for in the current folder.
  const cwd = fileURLToPath(new URL(".", import.meta.url));
  const child = spawn(process.execPath, [file], { stdio: ["pipe", "ignore", "ignore", "pipe"], cwd, env });
  const answers = frames<Answer>(child.stdio[3] as Readable);
  const ended = endOf(child);
  let silent = false;
  const kill = () => child.kill("SIGKILL");
  signal?.addEventListener("abort", kill, { once: true });
  // A process that has ended takes no more questions; why is told below.
  child.stdin?.on("error", () => {});
  child.stdio[3]?.on("error", () => {});
  return {
    async ask(question, blobs = []) {
      const timer = setTimeout(() => {
        silent = true;
        kill();
      }, patience);
      try {
        const sent = child.stdin ? sendFrame(child.stdin, question, blobs) : Promise.resolve();
        const { value, done } = await answers.next();
        await sent;
        if (!done && "refused" in value.head) throw new FormatError(`${name} does not run it: ${firstLine(value.head.refused)}`);
        if (!done) return value;
        const why = await ended;
        signal?.throwIfAborted();
        throw new ConfigError(
          silent ? `${name} gave no answer for ${Math.round(patience / 1000)} s, and was ended` : told(name, why, memory),
        );
      } finally {
        clearTimeout(timer);
      }
    },
    end() {
      signal?.removeEventListener("abort", kill);
      kill();
    },
  };
}

interface End {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

function endOf(child: ChildProcess): Promise<End> {
  return new Promise((resolve) => {
    child.on("error", () => resolve({ code: null, signal: null }));
    child.on("close", (code, signal) => resolve({ code, signal }));
  });
}

function told(name: string, { code, signal }: End, memory: number): string {
  if (signal === "SIGKILL")
    return `${name} took more memory than the ${Math.round(memory / 2 ** 20)} MiB beside the model that it may, and was ended: ask for fewer --points`;
  return `${name} crashed on this model (${signal ?? (code === null ? "it did not start" : `exit code ${code}`)})`;
}
