// What onnxruntime-node runs in: a process of its own, so that neither a crash nor memory nor an endless loop of a model is that of the command. It is asked on standard input and answers on descriptor 3.
import { readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { Socket } from "node:net";
import { join } from "node:path";
import { isMainThread, Worker, workerData } from "node:worker_threads";
import { type Frame, frames, sendFrame } from "../frames.js";
import { fromHalves, toHalves } from "../halves.js";
import type { Answer, Described, Question, Rewritten } from "../protocol.js";

/** As much of onnxruntime-node as is used. */
interface Runtime {
  readonly InferenceSession: { create(model: Uint8Array, options: object): Promise<Session> };
  readonly Tensor: new (type: string, data: unknown, shape: readonly number[]) => Tensor;
}
interface Tensor {
  readonly type: string;
  readonly data: ArrayBufferView;
  readonly dims: readonly number[];
}
interface Session {
  readonly outputMetadata?: readonly { readonly name: string; readonly isTensor: boolean; readonly type?: string }[];
  run(inputs: Readonly<Record<string, Tensor>>, wanted: readonly string[]): Promise<Readonly<Record<string, Tensor>>>;
  release?(): Promise<void>;
}

type Opened = Extract<Question, { ask: "open" }> & { readonly runtime: Runtime; readonly suffix: Uint8Array };

async function answerAll(): Promise<void> {
  const answers = new Socket({ fd: 3 });
  let opened: Opened | undefined;
  let session: Session | undefined;
  const answer = async ({ head, blobs }: Frame<Question>): Promise<[Answer, Uint8Array[]]> => {
    switch (head.ask) {
      case "open": {
        new Worker(new URL(import.meta.url), { workerData: watchedBy(head) }).unref();
        const runtime = createRequire(join(head.program, "package.json"))(head.program) as Runtime;
        opened = { ...head, runtime, suffix: blobs[0] };
        session = await load(opened);
        if (!session.outputMetadata) return [{ refused: "it is too old: install onnxruntime-node 1.22 or later" }, []];
        const outputs = session.outputMetadata.flatMap(({ name, isTensor, type }) => (isTensor && type ? [{ name, type }] : []));
        return [{ outputs }, []];
      }
      case "rewrite":
        await session?.release?.();
        session = undefined;
        session = await load(opened as Opened, head.places, blobs);
        return [{ outputs: [] }, []];
      case "run":
        return run((opened as Opened).runtime, session as Session, head, blobs);
    }
  };
  for await (const frame of frames<Question>(process.stdin)) {
    try {
      await sendFrame(answers, ...(await answer(frame)));
    } catch (error) {
      await sendFrame(answers, { refused: error instanceof Error ? error.message : String(error) });
    }
  }
  answers.destroy();
}

/** A session of the model, with other bytes in some places. The file is read anew each time, so that its bytes are not held while it runs. */
async function load(
  { runtime, model, beside, suffix }: Opened,
  places: readonly Rewritten[] = [],
  bytes: readonly Uint8Array[] = [],
): Promise<Session> {
  const whole = Buffer.concat([readFileSync(model), suffix]);
  const externalData = beside.map(({ name, path }) => ({ path: name, data: readFileSync(path) }));
  places.forEach(({ file, offset }, k) => {
    const into = file === "" ? whole : externalData.find(({ path }) => path === file)?.data;
    if (!into || offset + bytes[k].length > into.length) throw new Error("the file has changed while it was read");
    into.set(bytes[k], offset);
  });
  return runtime.InferenceSession.create(whole, {
    executionProviders: ["cpu"],
    // Two threads spin for each other; what is optimised away cannot be looked at.
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: "sequential",
    graphOptimizationLevel: "disabled",
    enableCpuMemArena: false,
    logSeverityLevel: 4,
    ...(externalData.length > 0 && { externalData }),
  });
}

/** How elements of each type are given. */
const typed: Readonly<Record<string, (values: Float64Array) => unknown>> = {
  float32: (values) => Float32Array.from(values),
  float64: (values) => values,
  float16: toHalves,
  int64: (values) => BigInt64Array.from(values, whole),
  uint64: (values) => BigUint64Array.from(values, whole),
  int32: (values) => Int32Array.from(values),
  uint32: (values) => Uint32Array.from(values),
  int16: (values) => Int16Array.from(values),
  uint16: (values) => Uint16Array.from(values),
  int8: (values) => Int8Array.from(values),
  uint8: (values) => Uint8Array.from(values),
  bool: (values) => Uint8Array.from(values, (value) => Number(value !== 0)),
};

function whole(value: number): bigint {
  return BigInt(Math.trunc(value));
}

async function run(
  { Tensor }: Runtime,
  session: Session,
  { inputs, wanted }: Extract<Question, { ask: "run" }>,
  blobs: readonly Uint8Array[],
): Promise<[Answer, Uint8Array[]]> {
  const given = Object.fromEntries(
    inputs.map(({ name, type, shape }, k) => {
      const make = typed[type];
      if (!make) throw new Error(`its input ${name} takes ${type}, which is not given to it`);
      const { buffer, byteOffset, byteLength } = blobs[k];
      return [name, new Tensor(type, make(new Float64Array(buffer, byteOffset, byteLength / 8)), shape)];
    }),
  );
  const made = await session.run(given, wanted);
  const tensors: Described[] = [];
  const found: Uint8Array[] = [];
  for (const name of wanted) {
    const { type, data, dims } = made[name];
    const values = type === "float16" ? fromHalves(data as Uint16Array) : data;
    tensors.push({ name, type: type === "float64" ? type : "float32", shape: dims.map(Number) });
    found.push(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  }
  return [{ tensors }, found];
}

interface Watched {
  readonly parent: number;
  readonly memory: number;
  readonly every: number;
}

function watchedBy({ memory, every, model, beside }: Extract<Question, { ask: "open" }>): Watched {
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
