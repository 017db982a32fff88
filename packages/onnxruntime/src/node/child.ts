// What onnxruntime-node runs in: a process of its own, so that neither a crash nor memory nor an endless loop of a model is that of the command. It is asked on standard input and answers on descriptor 3.
import { readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { Socket } from "node:net";
import { join } from "node:path";
import { isMainThread, Worker, workerData } from "node:worker_threads";
import { frames, sendFrame } from "../frames.js";
import { type ModelBytes, type OpenModel, openModel, type Runtime } from "../open-model.js";
import type { Answer, Frame } from "../protocol.js";
import { messageOf } from "../words.js";
import type { ChildQuestion, Opening } from "./question.js";

async function answerAll(): Promise<void> {
  const answers = new Socket({ fd: 3 });
  let opened: OpenModel | undefined;
  const answer = async ({ head, blobs }: Frame<ChildQuestion>): Promise<Frame<Answer>> => {
    if (head.ask !== "open") return (opened as OpenModel).answer(head, blobs);
    new Worker(new URL(import.meta.url), { workerData: watchedBy(head) }).unref();
    const runtime = createRequire(join(head.program, "package.json"))(head.program) as Runtime;
    opened = await openModel(runtime, () => bytesOf(head, blobs[0]));
    return { head: { outputs: opened.outputs }, blobs: [] };
  };
  for await (const frame of frames<ChildQuestion>(process.stdin)) {
    try {
      const { head, blobs } = await answer(frame);
      await sendFrame(answers, head, blobs);
    } catch (error) {
      await sendFrame(answers, { refused: messageOf(error) });
    }
  }
  answers.destroy();
}

function bytesOf({ model, beside }: Opening, suffix: Uint8Array): ModelBytes {
  return {
    model: Buffer.concat([readFileSync(model), suffix]),
    beside: beside.map(({ name, path }) => ({ path: name, data: readFileSync(path) })),
  };
}

interface Watched {
  readonly parent: number;
  readonly memory: number;
  readonly every: number;
}

function watchedBy({ memory, every, model, beside }: Opening): Watched {
  // The bytes of the files, and what they become.
  const bytes = [model, ...beside.map(({ path }) => path)].reduce((sum, path) => sum + statSync(path).size, 0);
  return { parent: process.ppid, memory: memory + 3 * bytes, every };
}

/** Ends the process where it takes more memory than it may, or nobody is left who asked: the first thread is busy in native code then. */
function watch({ parent, memory, every }: Watched): void {
  setInterval(() => {
    if (process.memoryUsage.rss() > memory || process.ppid !== parent) process.kill(process.pid, "SIGKILL");
  }, every);
}

if (isMainThread) await answerAll();
else watch(workerData as Watched);
