import { readFileSync } from "node:fs";
import { ShapeError, SondeError } from "@sonde/core";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { expect, test } from "vitest";
import { architectureSchema, hiddenLayers, inferShapes, limits, mlp, validateArchitecture } from "../src/index.js";
import { architectures } from "./architectures.js";

const passesSchema = new Ajv2020().compile(architectureSchema);

function passesGuards(value: unknown): boolean {
  try {
    return validateArchitecture(value) === value;
  } catch (error) {
    if (error instanceof SondeError) return false;
    throw error;
  }
}

const dense = { kind: "dense", units: 3 };
const net = (...layers: unknown[]) => ({ input: [4], layers });

test("the schema file is the exported schema", () => {
  const file = readFileSync(new URL("../architecture.schema.json", import.meta.url), "utf8");
  expect(JSON.parse(file)).toEqual(architectureSchema);
});

test.each<[unknown, string]>([
  [undefined, "the architecture must be an object, got undefined"],
  [[], "the architecture must be an object, got a list"],
  [{ layers: [] }, "input is missing: add it"],
  [{ input: 4, layers: [] }, "input must be a list, got 4"],
  [{ input: [1, 2, 3, 4], layers: [] }, "input must have 1 to 3 entries, got 4"],
  [
    { input: [4], layers: [], depth: 3 },
    'the architecture has an unknown key "depth": the known ones are input, layers, name, $schema',
  ],
  [{ input: [4], layer: [] }, "layers is missing: add it"],
  [net(dense, dense, dense, { kind: "dense", units: -4 }), "layers[3].units must be a whole number from 1 to 1000000, got -4"],
  [net({ kind: "dense", units: "4" }), 'layers[0].units must be a whole number from 1 to 1000000, got "4"'],
  [net({ kind: "dense", unit: 4 }), "layers[0].units is missing: add it"],
  [
    net({ kind: "dense", units: 4, weightvariance: 2 }),
    'layers[0] has an unknown key "weightvariance": did you mean "weightVariance"?',
  ],
  [net({ kind: "dense", units: 4, weightVariance: -1 }), "layers[0].weightVariance must be a number from 0, got -1"],
  [net({ kind: "dense", units: 4, init: "he-nromal" }), 'layers[0]: unknown initialiser "he-nromal"'],
  [net({ kind: "dense", units: 4, bias: "some" }), "layers[0]: "],
  [net({ kind: "dnse", units: 4 }), 'got "dnse": did you mean "dense"?'],
  [net({ units: 4 }), "layers[0].kind is missing: add it"],
  [net(7), "layers[0] must be an object, got 7"],
  [net({ kind: "activation", activation: "rleu" }), 'layers[0].activation: unknown activation "rleu"'],
  [
    net({ kind: "norm", norm: "bach" }),
    'layers[0].norm must be one of "batch", "layer", "rms", got "bach": did you mean "batch"?',
  ],
  [net({ kind: "norm", norm: "batch", epsilon: -1 }), "layers[0].epsilon must be a number from 0, got -1"],
  [net({ kind: "residual", body: [dense, { kind: "dense", units: 0 }] }), "layers[0].body[1].units must be a whole number"],
  [
    net({ kind: "residual", body: [dense] }),
    'layers[0] (residual) adds [3] to [4]: let its body end with the shape it began with, or give it a shortcut that ends as its body does: "shortcut": [{ "kind": "dense", "units": 3 }]',
  ],
  [net({ kind: "flatten", units: 3 }), 'layers[0] has an unknown key "units"'],
  [net({ kind: "conv", channels: 2, kernel: [3] }), "layers[0] (conv) has a 1-d kernel but gets [4]"],
  [
    { input: [8, 8, 1], layers: [dense] },
    'layers[0] (dense) needs a flat input but gets [8, 8, 1]: put { "kind": "flatten" } before it',
  ],
  [net({ kind: "pool", pool: "max", window: "global" }), "layers[0] (pool) needs positions but gets [4]"],
  [
    { input: [8, 1], layers: [{ kind: "pool", pool: "max", window: 9 }] },
    "layers[0] has a window of 9 but gets only 8 positions",
  ],
  [
    { input: [8, 1], layers: [{ kind: "concat", body: [{ kind: "conv", channels: 1, kernel: [3], padding: "valid" }] }] },
    "layers[0] (concat) joins [6, 1] to [8, 1]: only the last sizes may differ",
  ],
  [{ input: [1e6, 1e6], layers: [] }, "input has [1000000, 1000000] values for one point"],
  [
    { input: [1e6, 1], layers: [{ kind: "conv", channels: 1e6, kernel: [1] }] },
    "layers[0] has [1000000, 1000000] values for one point",
  ],
])("%j is refused with its path", (value, message) => {
  expect(() => validateArchitecture(value)).toThrow(SondeError);
  expect(() => validateArchitecture(value)).toThrow(message);
});

test("names are checked even where another name looks alike", () => {
  expect(() => validateArchitecture(net(dense, { kind: "activation", activation: "init [null,null,null]" }))).toThrow(
    "unknown activation",
  );
});

test("shapes that do not fit are a ShapeError", () => {
  expect(() => validateArchitecture(net({ kind: "residual", body: [dense] }))).toThrow(ShapeError);
});

test("blocks nested thousands deep are refused without exhausting the stack", () => {
  let body: unknown[] = [];
  for (let depth = 0; depth < 5000; depth++) body = [{ kind: "residual", body }];
  expect(() => validateArchitecture(net(...body))).toThrow("is nested too deep: blocks nest at most 64 deep");
});

test("more layers than the limit are refused, the limit itself is not", () => {
  const deep = (layers: number) => net(...new Array(layers).fill({ kind: "dense", units: 1 }));
  expect(passesGuards(deep(100_001))).toBe(true);
  expect(() => validateArchitecture(deep(100_002))).toThrow("layers[100001] is one layer too many");
});

test("keys that come from the prototype of objects are unknown keys", () => {
  const value = JSON.parse('{ "input": [4], "layers": [], "__proto__": {} }');
  expect(() => validateArchitecture(value)).toThrow('unknown key "__proto__"');
  expect(() => validateArchitecture(net({ kind: "toString" }))).toThrow("layers[0].kind must be one of");
});

test("valid descriptions pass the guards and the schema", () => {
  fc.assert(
    fc.property(architectures, (architecture) => {
      expect(passesGuards(architecture)).toBe(true);
      expect(passesSchema(architecture)).toBe(true);
    }),
  );
});

test("whatever passes the guards passes the schema, also after damage", () => {
  const values: Record<string, unknown[]> = {
    kind: ["dense", "flatten", "residual", "embedding", "dnse", null],
    units: [1, 1_000_000, 0, 2.5, 1e7, "1"],
    channels: [1, 7, 0, -1, null],
    kernel: [[3], [1, 2], [0, 1], [], [1, 2, 3], "3"],
    padding: ["zero", "valid", "same", 1],
    stride: [1, 2, 0, 1.5],
    norm: ["batch", "rms", "max"],
    epsilon: [0, 1e-5, -1, "0"],
    body: [[], [{ kind: "flatten" }], [{ kind: "activation", activation: "tanh" }], {}],
    pool: ["max", "batch"],
    window: ["global", 1, 2, 0, 9],
    activation: ["gelu", "rleu", 1],
    bias: ["zeros", "some", 0],
    colour: ["red"],
  };
  const damage = fc
    .constantFrom(...Object.keys(values))
    .chain((key) => fc.record({ at: fc.nat(), key: fc.constant(key), value: fc.constantFrom(...values[key]) }));
  let accepted = 0;
  fc.assert(
    fc.property(architectures, damage, (architecture, { at, key, value }) => {
      const layers: object[] = [...architecture.layers];
      const fitting = layers.flatMap((layer, index) => (key in layer ? [index] : []));
      const index = fitting.length > 0 ? fitting[at % fitting.length] : at % layers.length;
      layers[index] = { ...layers[index], [key]: value };
      const damaged = { ...architecture, layers };
      if (!passesGuards(damaged)) return;
      accepted++;
      expect(passesSchema(damaged)).toBe(true);
    }),
    { numRuns: 1000 },
  );
  expect(accepted).toBeGreaterThan(50);
});

test("an architecture is looked at once", () => {
  const architecture = mlp("2-3x5-1");
  expect(inferShapes(architecture)).toBe(inferShapes(architecture));
  expect(hiddenLayers(architecture)).toBe(hiddenLayers(architecture));
});

test("hidden layers are counted, weights or not", () => {
  const activations = (count: number) => ({ input: [1], layers: Array(count).fill({ kind: "activation", activation: "relu" }) });
  expect(hiddenLayers(activations(limits.layers))).toHaveLength(limits.layers);
  expect(() => inferShapes(activations(limits.layers + 1))).toThrow(
    "layers[100000] is one hidden layer too many: at most 100000",
  );
});
