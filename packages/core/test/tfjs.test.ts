import { afterEach, describe, expect, it, vi } from "vitest";
import { ConfigError, matrix, matrixFromRows, matrixOf, ShapeError } from "../src/index.js";
import { type Backend, fromTensor, toTensor, useBackend } from "../src/tfjs.js";

afterEach(() => {
  vi.doUnmock("@tensorflow/tfjs-backend-wasm");
  vi.doUnmock("@tensorflow/tfjs-backend-cpu");
  vi.restoreAllMocks();
});

describe("the first useBackend", () => {
  it("takes wasm on Node and keeps the banner silent that a first tensor prints", async () => {
    const spies = (["log", "warn", "info", "error"] as const).map((level) => vi.spyOn(console, level));
    const tf = await useBackend();
    expect(tf.getBackend()).toBe("wasm");
    const cpu = await useBackend({ backend: "cpu" });
    expect(toTensor(cpu, matrix(1, 1)).dataSync()).toEqual(Float32Array.of(0));
    for (const spy of spies) expect(spy).not.toHaveBeenCalled();
  });
});

describe.each(["wasm", "cpu"] as const)("on the %s backend", (backend) => {
  it("matrices and tensors are exchanged both ways", async () => {
    const tf = await useBackend({ backend });
    expect(tf.getBackend()).toBe(backend);
    const m = matrixFromRows([
      [1, -2, 3],
      [0.5, 1e-30, 1e30],
    ]);
    const tensor = toTensor(tf, m);
    expect(tensor.shape).toEqual([2, 3]);
    const float32 = { rows: 2, cols: 3, data: Float32Array.from(m.data) };
    expect(matrixOf(tensor)).toEqual(float32);
    expect(await fromTensor(tensor)).toEqual(float32);
    expect(matrixOf(tf.matMul(tensor, tensor, false, true)).data[0]).toBe(14);
  });

  it("whole numbers and truth values become float64", async () => {
    const tf = await useBackend({ backend });
    expect(matrixOf(tf.tensor2d([[1, 2147483647]], [1, 2], "int32"))).toEqual(matrixFromRows([[1, 2147483647]]));
    expect(matrixOf(tf.greater(tf.tensor2d([[1, -1]]), 0))).toEqual(matrixFromRows([[1, 0]]));
  });

  it("what is no matrix of real numbers is refused", async () => {
    const tf = await useBackend({ backend });
    const cube = tf.zeros([2, 3, 4]);
    expect(() => matrixOf(cube)).toThrow(
      new ShapeError("a matrix needs a tensor of shape [rows, cols], got [2, 3, 4]: reshape it first"),
    );
    await expect(fromTensor(cube)).rejects.toThrow(ShapeError);
    expect(() => matrixOf(tf.tensor2d([["a"]]) as never)).toThrow("needs a tensor of type float32, int32 or bool, got string");
  });
});

describe("float32 values", () => {
  it("are not copied on the cpu backend", async () => {
    const tf = await useBackend({ backend: "cpu" });
    const m = matrix(2, 2, Float32Array.of(1, 2, 3, 4));
    expect(matrixOf(toTensor(tf, m)).data).toBe(m.data);
  });
});

describe("matrixOf", () => {
  it("returns a matrix as it is and makes one of rows", () => {
    const m = matrix(1, 2);
    expect(matrixOf(m)).toBe(m);
    expect(matrixOf([Float32Array.of(1, 2), [3, 4]])).toEqual(matrixFromRows([[1, 2], [3, 4]])); // biome-ignore format: rows
    expect(() => matrixOf([[1, 2], [3]])).toThrow(ShapeError);
  });

  it.each([null, 5, "text", { rows: 1 }])("refuses %j", (source) => {
    expect(() => matrixOf(source as never)).toThrow(ConfigError);
  });
});

describe("useBackend", () => {
  it("falls back to cpu where wasm is not installed", async () => {
    vi.doMock("@tensorflow/tfjs-backend-wasm", () => {
      throw new Error("not found");
    });
    expect((await useBackend()).getBackend()).toBe("cpu");
  });

  it("names the package that is missing", async () => {
    const missing = () => {
      throw new Error("not found");
    };
    vi.doMock("@tensorflow/tfjs-backend-wasm", missing);
    vi.doMock("@tensorflow/tfjs-backend-cpu", missing);
    const install =
      "the package @tensorflow/tfjs-backend-wasm could not be loaded: install it with npm install @tensorflow/tfjs-backend-wasm@4";
    await expect(useBackend({ backend: "wasm" })).rejects.toThrow(new ConfigError(install));
    await expect(useBackend()).rejects.toThrow(
      `no backend of TensorFlow.js starts here: ${install}; the package @tensorflow/tfjs-backend-cpu`,
    );
  });

  it("refuses backends that do not exist, or not here", async () => {
    await expect(useBackend({ backend: "cuda" as Backend })).rejects.toThrow(
      'unknown backend "cuda": expected one of auto, webgpu, webgl, wasm, cpu',
    );
    await expect(useBackend({ backend: "webgl" })).rejects.toThrow(
      "the TensorFlow.js backend webgl does not start on this machine",
    );
  });
});
