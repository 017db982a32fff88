import { fromHalves, toHalves } from "./halves.js";
import type { Answer, Described, Frame, Question, Rewritten } from "./protocol.js";

/** As much of onnxruntime as is used, in Node and in browsers. */
export interface Runtime {
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
  run(
    inputs: Readonly<Record<string, Tensor>>,
    wanted: readonly string[],
    options: object,
  ): Promise<Readonly<Record<string, Tensor>>>;
  release?(): Promise<void>;
}

/** The bytes of a model and of the files beside it, which are written into. */
export interface ModelBytes {
  readonly model: Uint8Array;
  readonly beside: readonly { readonly path: string; readonly data: Uint8Array }[];
}

/** A model that onnxruntime has loaded. */
export interface OpenModel {
  readonly outputs: readonly { readonly name: string; readonly type: string }[];
  readonly close: () => Promise<void>;
  readonly answer: (question: Question, blobs: readonly Uint8Array[]) => Promise<Frame<Answer>>;
}

/** Of this severity and above, which is none, onnxruntime would write to the console. */
const silent = { logSeverityLevel: 4 };

/** Has onnxruntime load a model. Its bytes are read anew for each session, so that they are not held while it runs. */
export async function openModel(runtime: Runtime, read: () => ModelBytes | Promise<ModelBytes>): Promise<OpenModel> {
  let session: Session | undefined = await load(runtime, await read());
  const close = async () => {
    await session?.release?.();
    session = undefined;
  };
  if (!session.outputMetadata) throw new Error("it is too old: install version 1.22 or later");
  return {
    outputs: session.outputMetadata.flatMap(({ name, isTensor, type }) => (isTensor && type ? [{ name, type }] : [])),
    close,
    async answer(question, blobs) {
      if (question.ask === "run") return run(runtime, session as Session, question, blobs);
      await close();
      session = await load(runtime, rewritten(await read(), question.places, blobs));
      return { head: { outputs: [] }, blobs: [] };
    },
  };
}

function rewritten(bytes: ModelBytes, places: readonly Rewritten[], blobs: readonly Uint8Array[]): ModelBytes {
  places.forEach(({ file, offset }, k) => {
    const into = file === "" ? bytes.model : bytes.beside.find(({ path }) => path === file)?.data;
    if (!into || offset + blobs[k].length > into.length) throw new Error("the file has changed while it was read");
    into.set(blobs[k], offset);
  });
  return bytes;
}

function load({ InferenceSession }: Runtime, { model, beside }: ModelBytes): Promise<Session> {
  return InferenceSession.create(model, {
    executionProviders: ["cpu"],
    // Two threads spin for each other; what is optimised away cannot be looked at.
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: "sequential",
    graphOptimizationLevel: "disabled",
    enableCpuMemArena: false,
    ...silent,
    ...(beside.length > 0 && { externalData: beside }),
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
  given: readonly Uint8Array[],
): Promise<Frame<Answer>> {
  const fed = inputs.map(({ name, type, shape }, k) => {
    const make = typed[type];
    if (!make) throw new Error(`its input ${name} takes ${type}, which is not given to it`);
    const { buffer, byteOffset, byteLength } = given[k];
    return [name, new Tensor(type, make(new Float64Array(buffer, byteOffset, byteLength / 8)), shape)] as const;
  });
  const made = await session.run(Object.fromEntries(fed), wanted, silent);
  const tensors: Described[] = [];
  const blobs: Uint8Array[] = [];
  for (const name of wanted) {
    const { type, data, dims } = made[name];
    const values = type === "float16" ? fromHalves(data as Uint16Array) : data;
    tensors.push({ name, type: type === "float64" ? type : "float32", shape: dims.map(Number) });
    blobs.push(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  }
  return { head: { tensors }, blobs };
}
