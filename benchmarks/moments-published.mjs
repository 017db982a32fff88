// node benchmarks/moments-published.mjs [CASE ...]: published tables of signal and noise moments (arXiv 1811.03087) at width 512, on batches of Fashion-MNIST; seconds to minutes a network.

import { split, stream } from "../packages/core/dist/index.js";
import { readDataSet } from "../packages/formats/dist/node/index.js";
import { measureMoments, moments, momentsRecord, planPlaces, theoryKind } from "../packages/moments/dist/index.js";
import { mlp } from "../packages/nets/dist/index.js";

const normed = [
  { kind: "norm", norm: "batch" },
  { kind: "activation", activation: "relu" },
];
const conv = { kind: "conv", channels: 128, kernel: [3, 3], padding: "periodic" };
const images = { input: [14, 14, 1], embedding: { kind: "embedding", units: 128 } };
const repeated = (count, layers) => Array.from({ length: count }, () => layers).flat();

/** Published means over 1000 networks at the last layer or unit; convolutions at width 512 and depth 200 or 500. */
const cases = {
  "batch-norm-64": {
    network: mlp("784-512x200-10", { norm: "batch", embedding: true }),
    published: {
      deltaChiNorm: 1.0248,
      deltaChiActivation: 1.1994,
      deltaChi: 1.2291,
      log10Chi: 17.988,
      effectiveRank: 10.17,
      noiseEffectiveRank: 6.61,
      kurtosis: 3.728,
      meanAbsZ: 0.7795,
      growth: 1.2292,
    },
  },
  "batch-norm-128": {
    network: mlp("784-512x200-10", { norm: "batch", embedding: true }),
    batch: 128,
    published: {
      deltaChiNorm: 1.0447,
      deltaChiActivation: 1.1622,
      deltaChi: 1.214,
      log10Chi: 16.865,
      effectiveRank: 4.574,
      noiseEffectiveRank: 8.56,
      kurtosis: 8.044,
      meanAbsZ: 0.715,
      growth: 1.21384,
    },
  },
  "batch-norm-512": {
    network: mlp("784-512x200-10", { norm: "batch", embedding: true }),
    batch: 512,
    published: {
      deltaChiNorm: 1.1202,
      deltaChiActivation: 1.0687,
      deltaChi: 1.197,
      log10Chi: 15.55,
      effectiveRank: 2.405,
      noiseEffectiveRank: 17,
      kurtosis: 34.48,
      meanAbsZ: 0.4916,
      growth: 1.19506,
    },
  },
  "residual-64": {
    network: mlp("784-512x1000-10", { norm: "batch", skip: "residual", embedding: true }),
    published: {
      deltaChiNorm: 1.0226,
      deltaChiActivation: 1.2045,
      deltaChi: 1.2317,
      chi: 35.11,
      effectiveRank: 12.77,
      noiseEffectiveRank: 19.6,
      kurtosis: 3.4,
      meanAbsZ: 0.786,
      tau: 0.652,
    },
  },
  "vanilla-64": {
    network: mlp("784-512x200-10", { embedding: true }),
    networks: 40,
    published: { deltaChi: 0.9989, chi: 5.39, effectiveRank: 1.01 },
  },
  conv: {
    network: { input: images.input, layers: [images.embedding, ...repeated(100, [conv, ...normed])] },
    networks: 4,
    published: { growth: 1.16241 },
  },
  "conv-residual": {
    network: {
      input: images.input,
      layers: [images.embedding, ...repeated(60, [{ kind: "residual", body: [...normed, conv, ...normed, conv] }])],
    },
    networks: 4,
    published: { tau: 0.549 },
  },
};

const names = process.argv.slice(2);
const unknown = names.find((name) => !(name in cases));
if (unknown) {
  console.error(`there is no case ${unknown}, only: ${Object.keys(cases).join(", ")}`);
  process.exit(2);
}
for (const name of names.length > 0 ? names : Object.keys(cases)) await run(name, cases[name]);

/** Four networks on every batch, five batches by default. */
async function run(name, { network, batch = 64, networks = 20, published }) {
  const plan = planPlaces(network);
  let state;
  for (let group = 0; (state?.networks ?? 0) < networks; group++) {
    const { points } = await readDataSet("fashion-mnist", { inputs: 784, points: batch, random: split(stream(100 + group), 0) });
    const data = network.input.length > 1 ? halved(points) : points;
    let part;
    const checkpoint = (known) => {
      part = known.state;
    };
    await measureMoments(network, { data, networks: 4, seed: group, checkpoint });
    if (state) moments.merge(state, part);
    else state = part;
  }
  const { layers, gamma, tau } = momentsRecord(state, plan, theoryKind(network), { networks });
  const last = layers[layers.length - 1];
  const growth = { mean: Math.exp(gamma.mean), standardError: Math.exp(gamma.mean) * gamma.standardError };
  const log10Chi = { mean: last.logChi.mean / Math.LN10, standardError: last.logChi.standardError / Math.LN10 };
  console.log(`${name}: ${networks} networks, layer ${layers.length}`);
  for (const [quantity, value] of Object.entries(published)) {
    const { mean, standardError } = { ...last, growth, log10Chi, tau }[quantity];
    console.log(`  ${quantity.padEnd(20)} ${mean.toPrecision(6)} ± ${standardError.toPrecision(2)}   published ${value}`);
  }
}

/** Images of 28 x 28 as means of 2 x 2 pixels. */
function halved({ rows, data }) {
  const out = new Float64Array(rows * 196);
  for (let k = 0; k < out.length; k++) {
    const [image, i, j] = [Math.floor(k / 196), Math.floor((k % 196) / 14), k % 14];
    const at = image * 784 + 56 * i + 2 * j;
    out[k] = (data[at] + data[at + 1] + data[at + 28] + data[at + 29]) / 4;
  }
  return { rows, cols: 196, data: out };
}
