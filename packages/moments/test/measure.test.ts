import { readFileSync } from "node:fs";
import { matrix, matrixFromRows, normals, stream } from "@sonde/core";
import { type Architecture, mlp } from "@sonde/nets";
import { describe, expect, it } from "vitest";
import {
  type Checkpoint,
  decodeCheckpoint,
  encodeCheckpoint,
  growMoments,
  type MeasureMomentsOptions,
  type MomentsRecord,
  measureMoments,
  oneInputLaw,
} from "../src/index.js";

const { architectures: reference } = JSON.parse(readFileSync(new URL("fixtures/reference.json", import.meta.url), "utf8"));

/** The reference's names of our quantities. */
const names: Readonly<Record<string, string>> = {
  nu2: "nu2",
  mu2: "mu2",
  mu2_over_nu2: "spread",
  r_eff_x: "effectiveRank",
  r_eff_dx: "noiseEffectiveRank",
  log_chi: "logChi",
  chi: "chi",
  log_mu2_dx: "logNoise",
  log_nu2: "logNu2",
  dchi: "deltaChi",
  dchi_bn: "deltaChiNorm",
  dchi_phi: "deltaChiActivation",
  mu4_z: "kurtosis",
  nu1_abs_z: "meanAbsZ",
  dchi_pred: "deltaChiPredicted",
  dchi_phi_pred: "deltaChiActivationPredicted",
  frac_const_sign: "constantSign",
  dchi1: "deltaChi",
  dchi_branch: "deltaChiBranch",
};

const block = (channels: number, padding: "periodic" | "symmetric" | "zero") => [
  { kind: "conv" as const, channels, kernel: [3, 3], padding },
  { kind: "norm" as const, norm: "batch" as const },
  { kind: "activation" as const, activation: "relu" },
];

const image = (padding: "periodic" | "symmetric" | "zero", depth = 3): Architecture => ({
  input: [5, 4, 2],
  layers: [{ kind: "embedding", units: 6 }, ...Array.from({ length: depth }, () => block(6, padding)).flat()],
});

describe("ensembles agree with the reference of 200 networks", () => {
  it.each([
    ["vanilla", 3, {}],
    ["bn_ff", 3, { norm: "batch" }],
    ["bn_res", 6, { norm: "batch", skip: "residual" }],
  ] as const)("%s: every quantity of the first layers", async (name, depth, options) => {
    const networks = 4;
    const { layers, input } = await measureMoments(mlp(`256-256x${depth}-10`, { ...options, embedding: true }), {
      networks,
      seed: 3,
    });
    const rows = Object.entries(reference[name] as Record<string, Record<string, { mean: number; sd: number }>>).flatMap(
      ([quantity, byLayer]) =>
        Object.entries(byLayer).map(([layer, expected]) => ({ quantity, layer: Number(layer), ...expected })),
    );
    for (const { quantity, layer, mean, sd } of rows) {
      const place = layer === 0 ? input[1] : layers[layer - 1];
      const own = name === "bn_res" && quantity === "dchi" ? "deltaChiUnit" : names[quantity];
      const measured = (place as unknown as Record<string, { mean: number } | undefined>)[own];
      if (!measured) continue;
      const bound = 4.5 * sd * Math.sqrt(1 / networks + 1 / 200);
      expect(Math.abs(measured.mean - mean), `${quantity} of layer ${layer}`).toBeLessThanOrEqual(bound + 1e-12);
    }
  });
});

describe("the float32 kernels", () => {
  it.each<[string, Architecture, MeasureMomentsOptions]>([
    ["plain", mlp("5-5x3-1"), { batch: 6 }],
    ["batch norm", mlp("8-16x6-1", { norm: "batch", embedding: true }), { batch: 40 }],
    ["full Jacobian", mlp("8-16x6-1", { norm: "batch" }), { batch: 40, jacobian: "full" }],
    ["residual units", mlp("8-16x6-1", { norm: "batch", skip: "residual" }), { batch: 24 }],
    ["layer norm and tanh", mlp("8-16x4-1", { norm: "layer", activation: "tanh" }), { batch: 24 }],
    ["RMS norm and GELU", mlp("8-16x4-1", { norm: "rms", activation: "gelu" }), { batch: 24 }],
    ["concatenation", mlp("4-6x3-1", { skip: "dense" }), { batch: 12 }],
    ["periodic images", image("periodic"), { batch: 8 }],
    ["mirrored images", image("symmetric"), { batch: 8 }],
    ["zero-padded images", image("zero"), { batch: 8 }],
  ])("measure what float64 measures, at every place, to 1e-4: %s", async (_name, architecture, options) => {
    const asked = { ...options, networks: 4, method: "weights", ranks: "everywhere" } as const;
    const fast = await measureMoments(architecture, asked);
    const exact = await measureMoments(architecture, { ...asked, precision: "float64" });
    expect([fast.executor, exact.executor]).toEqual(["kernels", "reference"]);
    const places = (record: MomentsRecord) => [...record.input, ...record.layers.flatMap(({ locations }) => locations)];
    const [a, b] = [places(fast), places(exact)];
    expect(a.length).toBe(b.length);
    a.forEach((place, p) => {
      for (const name of ["nu1", "nu2", "mu2", "mu4", "effectiveRank", "noiseEffectiveRank"] as const)
        expect(Math.abs((place[name]?.mean ?? 0) / (b[p][name]?.mean ?? 0) - 1), `${name} at ${place.path}`).toBeLessThan(1e-4);
      for (const name of ["logNu2", "logNoise", "logChi"] as const)
        expect(Math.abs(place[name].mean - b[p][name].mean), `${name} at ${place.path}`).toBeLessThan(1e-4);
    });
  });
});

describe("what holds exactly", () => {
  it("the increment of a feed-forward layer is that of batch norm times that of the activation", async () => {
    const { layers } = await measureMoments(mlp("6-12x4-1", { norm: "batch" }), { batch: 20, networks: 1, precision: "float64" });
    for (const { deltaChi, deltaChiNorm, deltaChiActivation } of layers)
      expect((deltaChiNorm?.mean ?? 0) * (deltaChiActivation?.mean ?? 0)).toBeCloseTo(deltaChi.mean, 12);
    const product = layers.reduce((chi, { deltaChi }) => chi * deltaChi.mean, 1);
    expect(layers[3].chi.mean / product).toBeCloseTo(1, 12);
  });

  it("a normalised channel has mu_2 = var / (var + epsilon), and ReLU halves its mean magnitude", async () => {
    const { layers, input } = await measureMoments(mlp("6-12x2-1", { norm: "batch" }), {
      batch: 20,
      networks: 3,
      precision: "float64",
    });
    for (const { locations } of layers) {
      const [, z, x] = locations;
      expect(x.nu1.mean / z.nu1.mean).toBeCloseTo(0.5, 12);
      expect(z.mu2.mean).toBeLessThan(1);
      expect(z.mu2.mean).toBeGreaterThan(0.99);
    }
    expect(input[0].mu2.mean).toBeCloseTo(1, 12);
  });

  it("chi does not see the scale of the signal without epsilon, and a plain network's never", async () => {
    const data = matrix(12, 6, normals(stream(1), new Float64Array(72)));
    const scaled = { ...data, data: data.data.map((value) => 2 ** 40 * value) };
    const options = { networks: 2, standardise: false, precision: "float64" } as const;
    const architecture = mlp("6-8x4-1");
    const [a, b] = [
      await measureMoments(architecture, { ...options, data }),
      await measureMoments(architecture, { ...options, data: scaled }),
    ];
    a.layers.forEach(({ chi, effectiveRank }, l) => {
      expect(b.layers[l].chi.mean / chi.mean).toBeCloseTo(1, 10);
      expect(b.layers[l].effectiveRank.mean / effectiveRank.mean).toBeCloseTo(1, 10);
    });
  });

  it("nothing underflows where every layer divides the power by ten", async () => {
    const { layers } = await measureMoments(mlp("16-16x600-1", { weightVariance: 0.2 }), { batch: 4, networks: 8 });
    const { logNu2, logNoise, logChi } = layers[599];
    expect(logNu2.mean / (600 * Math.log(0.1))).toBeCloseTo(1, 0);
    expect(logNoise.mean / (600 * Math.log(0.1))).toBeCloseTo(1, 0);
    expect(Math.abs(logChi.mean)).toBeLessThan(5);
  });
});

describe("a single input through plain networks", () => {
  it.each([32, 128])("has the exact law of ln nu_2 at width %i, and nu_2 is a martingale", async (width) => {
    const networks = 1500;
    const { layers } = await measureMoments(mlp(`4-${width}x3-1`), { batch: 1, standardise: false, networks, seed: 2 });
    const { logDrift, logVariance } = oneInputLaw(width);
    const steps = [1, 2].map((l) => layers[l].logNu2.mean - layers[l - 1].logNu2.mean);
    const { mean, sd } = layers[2].theory.oneInput ?? { mean: 0, sd: 0 };
    expect(mean).toBeCloseTo(3 * logDrift, 12);
    expect(sd * sd).toBeCloseTo(3 * logVariance, 12);
    for (const step of steps) expect(Math.abs(step - logDrift)).toBeLessThan(4.5 * Math.sqrt(logVariance / networks));
    expect(layers.every(({ mu2, effectiveRank }) => mu2.mean === 0 && effectiveRank.networks === 0)).toBe(true);
  });

  it("collapses with probability 2^-N a layer", async () => {
    const networks = 3000;
    const { layers } = await measureMoments(mlp("3-3x4-1"), { batch: 1, standardise: false, networks });
    layers.forEach(({ logNu2 }, l) => {
      const alive = (1 - 1 / 8) ** (l + 1);
      expect(Math.abs(logNu2.networks / networks - alive)).toBeLessThan(4.5 * Math.sqrt((alive * (1 - alive)) / networks));
    });
  });
});

describe("effective ranks", () => {
  it("of a single channel are exactly 1, in float32 too", async () => {
    const { layers, executor } = await measureMoments(mlp("4-1x2-1"), { batch: 64, networks: 12, method: "weights" });
    expect(executor).toBe("kernels");
    for (const { effectiveRank, noiseEffectiveRank } of layers)
      for (const { mean, sd, networks } of [effectiveRank, noiseEffectiveRank]) {
        expect(networks).toBeGreaterThan(1);
        expect([mean, sd]).toEqual([1, 0]);
      }
  });
});

describe("what has no spread", () => {
  it("a constant feature becomes 0 and stays finite", async () => {
    const data = matrixFromRows([
      [1, 7],
      [2, 7],
      [4, 7],
      [0, 7],
    ]);
    const { layers, input } = await measureMoments(mlp("2-8x3-1", { norm: "batch" }), { data, networks: 4 });
    expect(input[0].constantChannels.mean).toBe(0.5);
    for (const { nu2, logChi } of layers) expect([nu2.mean, logChi.mean].every(Number.isFinite)).toBe(true);
  });

  it("a batch of one point is refused where it is to be standardised, and otherwise has no sensitivity", async () => {
    await expect(measureMoments(mlp("2-4x2-1"), { batch: 1 })).rejects.toThrow(/batch of one point has no spread/);
    const { layers } = await measureMoments(mlp("2-4x2-1"), { batch: 1, standardise: false, networks: 8 });
    expect([layers[0].mu2.mean, layers[0].logChi.networks]).toEqual([0, 0]);
    expect(layers[0].logChi.mean).toBeNaN();
    expect(layers[0].nu2.mean).toBeGreaterThan(0);
  });

  it("a constant channel is 0 after batch norm with epsilon 0, noise included", async () => {
    const architecture: Architecture = {
      input: [2],
      layers: [
        { kind: "norm", norm: "batch", epsilon: 0 },
        { kind: "activation", activation: "relu" },
      ],
    };
    const data = matrixFromRows([
      [1, 7],
      [2, 7],
      [4, 7],
    ]);
    for (const precision of ["float32", "float64"] as const) {
      const { layers } = await measureMoments(architecture, { data, networks: 1, standardise: false, precision });
      const [z] = layers[0].locations;
      expect(z.constantChannels.mean).toBe(0.5);
      expect(z.nu2.mean).toBeCloseTo(0.5, 6);
      expect(Number.isFinite(layers[0].logChi.mean)).toBe(true);
    }
  });

  it("points of another size are refused", async () => {
    const data = matrixFromRows([[1], [2]]);
    await expect(measureMoments(mlp("2-4x2-1"), { data })).rejects.toThrow("a point needs 2 values, got 1");
  });
});

describe("a run", () => {
  const architecture = mlp("3-6x4-1", { norm: "batch" });
  const options = { batch: 10, networks: 48, seed: 5 };

  it("can be continued from a checkpoint that went through JSON, to the same bits", async () => {
    const whole = await measureMoments(architecture, options);
    let saved = "";
    await measureMoments(architecture, {
      ...options,
      networks: 20,
      checkpoint: (known: Checkpoint) => {
        saved = JSON.stringify(encodeCheckpoint(known));
      },
    });
    const resume = decodeCheckpoint(JSON.parse(saved));
    expect(resume.networks).toBe(20);
    const continued = await measureMoments(architecture, { ...options, resume });
    expect(continued.networks).toBe(48);
    continued.layers.forEach((layer, l) => {
      expect(layer.logChi.networks).toBe(48);
      expect(layer.logChi.mean).toBeCloseTo(whole.layers[l].logChi.mean, 13);
      expect(layer.logChi.p84).toBe(whole.layers[l].logChi.p84);
    });
  });

  it("refuses what is no checkpoint", () => {
    for (const wrong of [undefined, {}, { networks: 3 }, { networks: 3, layers: ["0"], places: [], growth: [], rows: [] }])
      expect(() => decodeCheckpoint(wrong)).toThrow(/this is no checkpoint of moments/);
  });

  it("keeps what is finished when it is interrupted", async () => {
    const controller = new AbortController();
    const record = await measureMoments(architecture, {
      ...options,
      networks: 1e6,
      signal: controller.signal,
      progress: () => controller.abort(new Error("enough")),
    });
    expect(record.interrupted).toBe(true);
    expect(record.networks).toBeGreaterThan(0);
  });

  it("grows chunk by chunk", async () => {
    const seen: number[] = [];
    for await (const { networks } of growMoments(mlp("3-6x2-1"), { batch: 4, networks: 5000 })) seen.push(networks);
    expect(seen.at(-1)).toBe(5000);
    expect(seen.length).toBeGreaterThan(1);
  });

  it("ends where the relative error of the last layer's mean ln chi is reached", async () => {
    const { layers, networks } = await measureMoments(architecture, { batch: 10, relativeError: 0.02 });
    const { mean, standardError } = layers[3].logChi;
    expect(standardError).toBeLessThan(0.02 * mean);
    expect(networks).toBeLessThan(1e5);
  });
});

describe("pathologies", () => {
  const present = (record: MomentsRecord) => record.pathologies.filter((p) => p.present).map((p) => p.pathology);

  it("plain networks end with a one-dimensional signal", async () => {
    const record = await measureMoments(mlp("16-16x60-1", { embedding: true }), { batch: 32, networks: 64 });
    expect(present(record)).toEqual(["one-dimensional-signal"]);
    const { layer } = record.pathologies[1];
    expect(layer).toBeGreaterThan(3);
    expect(layer).toBeLessThan(60);
  });

  it("batch-normalised feed-forward networks explode, by about sqrt(pi / (pi - 1)) a layer at first", async () => {
    const record = await measureMoments(mlp("64-64x30-1", { norm: "batch", embedding: true }), { batch: 64, networks: 16 });
    expect(present(record)).toEqual(["exploding-sensitivity"]);
    expect(Math.abs(record.gamma.mean - 0.2)).toBeLessThan(0.03);
    expect(record.gamma.standardError).toBeLessThan(0.005);
  });

  it("batch-normalised residual units grow as a power law near the ideal exponent, and are healthy", async () => {
    const record = await measureMoments(mlp("64-64x60-1", { norm: "batch", skip: "residual" }), { batch: 64, networks: 16 });
    expect(present(record)).toEqual([]);
    expect(Math.abs(record.tau.mean - 0.576)).toBeLessThan(0.06);
  });
});
