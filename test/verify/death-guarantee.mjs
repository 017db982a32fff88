import { integer, matrix, normals, split, stream } from "../../packages/core/dist/index.js";
import { mlp, planEnsemble, runEnsemble } from "../../packages/nets/dist/index.js";

const kinds = 2500;
const networksOfEach = 20;

/** The least of living ratio times 2^k over the layers k of every network. */
const guarantee = {
  name: "guarantee",
  needs: ["living"],
  trace: () => undefined,
  empty: () => ({ networks: 0, broken: 0, least: Number.POSITIVE_INFINITY }),
  fold(state, _trace, { layers }, { living }) {
    let least = Number.POSITIVE_INFINITY;
    for (let l = 0; l < layers; l++) least = Math.min(least, living.ratio[l] * 2 ** (l + 1));
    state.networks++;
    // Ratios of small whole numbers: nothing but an exact 1 lies within rounding of it.
    if (least < 1 - 1e-12) state.broken++;
    state.least = Math.min(state.least, least);
  },
  merge(state, next) {
    state.networks += next.networks;
    state.broken += next.broken;
    state.least = Math.min(state.least, next.least);
  },
};

/** Living ratio >= 2^-k after k layers: over widths, depths, biases, bases, norms and data, 100,000 networks in all. */
export async function* rows() {
  for (const flip of ["sign-flip-layer", "sign-flip-neuron"]) {
    let [networks, broken] = [0, 0];
    for (let kind = 0; kind < kinds; kind++) {
      const { model, options, inputs } = draw(split(stream(2), kind), flip);
      const plan = planEnsemble({
        architecture: mlp(model, options),
        inputs,
        seed: kind,
        method: "weights",
        networks: networksOfEach,
        metrics: [{ name: "guarantee", options: {} }],
      });
      const { states } = await runEnsemble(plan, { metrics: [guarantee] });
      networks += states[0].networks;
      broken += states[0].broken;
      if (states[0].broken > 0) console.log(`  broken by ${model} ${JSON.stringify(options)}, seed ${kind}`);
    }
    yield { case: `${flip}: networks`, ours: networks, reference: kinds * networksOfEach };
    yield { case: `${flip}: broken guarantees`, ours: broken, reference: 0 };
  }
}

/** A random kind of network and points for it. */
function draw(random, flip) {
  let index = 0;
  const whole = (low, high) => low + integer(random, index++, high - low + 1);
  const one = (choices) => choices[whole(0, choices.length - 1)];
  const inputs = whole(1, 6);
  const hidden = Array.from({ length: whole(1, 12) }, () => whole(1, 8));
  const base = one(["he-normal", "he-uniform", "glorot-normal", "orthogonal", "lsuv", "rai", "pytorch"]);
  const bias = ["rai", "pytorch"].includes(base) ? undefined : one(["zeros", "like-weights", "normal:3", "uniform:0.1"]);
  // Batch norm maps a single point to 0, so it takes two.
  const norm = one(["none", "none", "none", "batch", "rms"]);
  return {
    model: [inputs, ...hidden, 1],
    options: { init: `${flip}:${base}`, bias, norm },
    inputs: points(random, one(["normal", "shifted", "clustered"]), whole(norm === "batch" ? 2 : 1, 40), inputs),
  };
}

/** Points of three laws: around 0, to one side of it, and in two clusters of very different size. */
function points(random, law, rows, cols) {
  const data = normals(split(random, 1), new Float64Array(rows * cols));
  if (law === "shifted")
    data.forEach((x, k) => {
      data[k] = x + 5;
    });
  if (law === "clustered")
    data.forEach((x, k) => {
      data[k] = Math.floor(k / cols) % 2 ? 1e-3 * x : 100 + x;
    });
  return matrix(rows, cols, data);
}
