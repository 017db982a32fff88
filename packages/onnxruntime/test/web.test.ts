import { readFileSync } from "node:fs";
import { ConfigError, FormatError } from "@sonde/core";
import { type ModelTensor, parseModel } from "@sonde/formats";
import { afterEach, describe, expect, it } from "vitest";
import { onnxruntimeServer, type WebOnnxruntimeOptions, type WorkerLike, webOnnxruntime } from "../src/web/index.js";

const fixture = (name: string) =>
  new Uint8Array(readFileSync(new URL(`../../formats/test/fixtures/foreign/${name}`, import.meta.url)));
const branch = fixture("branch.onnx");
const address = (bytes: string) => `data:application/octet-stream;base64,${Buffer.from(bytes, "latin1").toString("base64")}`;
const wasm = address("\0asm and more");

/** What the runtime in the place of onnxruntime-web does; it gives the first input times a number of the file, at an offset. */
interface StandIn {
  readonly offset?: number;
  readonly create?: () => void;
  readonly run?: () => void;
}

function runtime({ offset = 0, create, run }: StandIn) {
  let loaded = 0;
  return {
    env: { versions: { web: "1.99.0" }, wasm: {} as Record<string, unknown> },
    Tensor: class {
      constructor(
        readonly type: string,
        readonly data: Float32Array,
        readonly dims: readonly number[],
      ) {}
    },
    InferenceSession: {
      async create(bytes: Uint8Array, { externalData = [] }: { externalData?: { path: string; data: Uint8Array }[] }) {
        // The first is that which it is started by.
        if (loaded++ > 0) create?.();
        const from = externalData[0]?.data ?? bytes;
        const factor = loaded > 1 ? new DataView(from.buffer, from.byteOffset).getFloat32(offset, true) : 0;
        return {
          outputMetadata: [
            { name: "y", isTensor: true, type: "float32" },
            { name: "n", isTensor: true, type: "int64" },
          ],
          async run(inputs: Record<string, { data: Float32Array; dims: number[] }>, wanted: string[]) {
            run?.();
            const [{ data, dims }] = Object.values(inputs);
            return Object.fromEntries(
              wanted.map((name) => [name, { type: "float32", data: data.map((value) => factor * value), dims }]),
            );
          },
        };
      },
    },
  };
}

/** A worker that is none: messages are copied, as between two threads. */
function worker(standIn: StandIn): WorkerLike & { ended: boolean } {
  const listeners: ((event: Event) => void)[] = [];
  const post = (data: object) =>
    void Promise.resolve(structuredClone(data)).then((copy) => !own.ended && listeners[0]({ data: copy } as unknown as Event));
  const take = onnxruntimeServer(post, async () => runtime(standIn));
  const own = {
    ended: false,
    addEventListener: (kind: string, listener: (event: Event) => void) => void (kind === "message" && listeners.push(listener)),
    postMessage: (message: object) => void Promise.resolve(structuredClone(message)).then((copy) => take(copy as never)),
    terminate: () => {
      own.ended = true;
    },
  };
  return own;
}

const { Memory } = WebAssembly;
afterEach(() => {
  WebAssembly.Memory = Memory;
});

const opening = (standIn: StandIn, more: Partial<WebOnnxruntimeOptions> = {}, files: object = {}) => {
  const started = worker(standIn);
  return {
    started,
    program: webOnnxruntime({ model: branch, ...files }, { createWorker: () => started, wasm, ...more }),
  };
};
const one = { name: "x", type: "float32", shape: [1, 2], data: Float64Array.of(1, 2) };

describe("onnxruntime-web in a worker", () => {
  it("gives what the model puts out, before and after its weights are drawn anew", async () => {
    const { tensors } = await parseModel(branch);
    const weight = tensors.find(({ place, type }) => place && type === "float32") as ModelTensor & { place: { offset: number } };
    const seen: number[] = [];
    const { program, started } = opening({ offset: weight.place.offset }, { loaded: (bytes) => seen.push(bytes) });
    const { name, open, close } = await program;
    expect(name).toBe("onnxruntime-web 1.99.0");
    expect(seen.at(-1)).toBe("\0asm and more".length);
    const session = await open([]);
    expect(session.outputs).toEqual(["y"]);
    const [first] = weight.values(0, 1);
    const [made] = await session.run([one], ["y"]);
    expect(made).toEqual({ name: "y", type: "float32", shape: [1, 2], data: Float32Array.of(Number(first), 2 * Number(first)) });
    const data = new Float64Array(weight.shape.reduce((product, n) => product * n, 1)).fill(3);
    await session.rewrite([{ tensor: weight, data }]);
    expect((await session.run([one], ["y"]))[0].data).toEqual(Float32Array.of(3, 6));
    close();
    expect(started.ended).toBe(true);
    await expect(session.run([one], ["y"])).rejects.toThrow("onnxruntime-web 1.99.0 was ended");
  });

  it("is given the files that the model names, and nothing runs where one is missing", async () => {
    const model = fixture("external.onnx");
    const beside = { "if-external.data": new Uint8Array(Float32Array.of(5).buffer), "other.data": new Uint8Array(1) };
    const { open } = await opening({}, {}, { model, beside }).program;
    expect((await (await open([])).run([one], ["y"]))[0].data).toEqual(Float32Array.of(5, 10));
    const missing = opening({}, {}, { model }).program;
    await expect(missing).rejects.toThrow(
      'the file "if-external.data" beside the model is missing: give it together with the model',
    );
    await expect(missing).rejects.toThrow(FormatError);
  });

  it.each([
    [
      { wasm: address("<!doctype html>") },
      /^onnxruntime-web could not be loaded: what comes from the address is no WebAssembly$/,
    ],
    [{ wasm: "nowhere:/ort.wasm?1" }, /^onnxruntime-web could not be loaded: nothing came from ort.wasm \(.+\)$/],
    [
      { wasm: address("<!doctype html>"), operators: ["If", "Loop"] },
      /^sonde does not run If and Loop itself, and onnxruntime-web, which does, could not be loaded: what/,
    ],
  ])("says in one sentence why it is not there", async (more, why) => {
    const { program, started } = opening({}, more);
    await expect(program).rejects.toThrow(why);
    await expect(program).rejects.toThrow(ConfigError);
    expect(started.ended).toBe(true);
  });

  it("says so where no worker can be started", async () => {
    const createWorker = () => {
      throw new ReferenceError("Worker is not defined");
    };
    await expect(webOnnxruntime({ model: branch }, { createWorker, wasm })).rejects.toThrow(
      new ConfigError("onnxruntime-web could not be loaded: Worker is not defined"),
    );
  });

  it.each([
    ["no such operator\nat line 7", Error, FormatError, /^onnxruntime-web 1.99.0 does not run it: no such operator$/, false],
    ["std::bad_alloc", Error, ConfigError, /^onnxruntime-web 1.99.0 needs more memory than the 2048 MiB that it may take/, true],
    ["unreachable", WebAssembly.RuntimeError, ConfigError, /1.99.0 crashed on this model \(unreachable\)$/, true],
  ])("says %j in one sentence", async (message, Thrown, Sentence, why, ends) => {
    const fail = () => {
      throw new Thrown(message);
    };
    for (const standIn of [{ create: fail }, { run: fail }]) {
      const { program, started } = opening(standIn);
      const { open } = await program;
      const asked = open([]).then(({ run }) => run([one], ["y"]));
      await expect(asked).rejects.toThrow(why);
      await expect(asked).rejects.toThrow(Sentence);
      expect(started.ended).toBe(ends);
    }
  });

  it("may not be silent for ever, and ends with its signal", async () => {
    const silent = (more: Partial<WebOnnxruntimeOptions>) => {
      const quiet: WorkerLike = { addEventListener: () => {}, postMessage: () => {}, terminate: () => {} };
      return webOnnxruntime({ model: branch }, { createWorker: () => quiet, wasm, ...more });
    };
    await expect(silent({ patience: 30 })).rejects.toThrow(
      /could not be loaded: onnxruntime-web gave no answer for 0 s, and was ended$/,
    );
    const controller = new AbortController();
    const waiting = silent({ signal: controller.signal });
    controller.abort(new Error("no longer wanted"));
    await expect(waiting).rejects.toThrow("no longer wanted");
  });

  it("takes no more memory than it may, whatever it asks for", async () => {
    await opening({}, { memory: 2 ** 27 }).program;
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 2 ** 16 });
    expect(memory).toBeInstanceOf(Memory);
    const most = Math.floor((2 ** 27 + 3 * branch.length) / 2 ** 16);
    memory.grow(most - 1);
    expect(() => memory.grow(1)).toThrow(RangeError);
  });
});
