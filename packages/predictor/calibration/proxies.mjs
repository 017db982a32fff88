// What architecture search ranks networks by without training them, as published, on one labelled batch. Larger is better where nothing else is said.
import { dot, matrix, symmetricEigenvalues } from "@sonde/core";
import { exp, log } from "@sonde/core/math";
import { forward, gradient } from "@sonde/nets";

// What trains stands above this package.
const { lossOf } = await import(new URL("../../training/dist/index.js", import.meta.url));

/**
 * The proxies of a random network for a batch `{ inputs, targets, loss }`; NaN where one does not exist.
 *
 * - `gradNorm`: the norms of the loss's gradient by the weights of each layer, added up (Abdelfattah et al. 2021, arXiv 2101.08134)
 * - `snip`: sum |w dL/dw| (Lee, Ajanthan, Torr 2019, arXiv 1810.02340)
 * - `grasp`: -sum w (H g), H the Hessian of the loss and g its gradient (Wang, Zhang, Grosse 2020, arXiv 2002.07376)
 * - `logSynflow`: ln sum |w dR/dw| for weights |w| and R the sum of the outputs for an input of ones, without norms and biases (Tanaka et al. 2020, arXiv 2006.05467)
 * - `naswot`: ln |det K|, K_ij the number of activations that are on the same side of 0 for points i and j (Mellor et al. 2021, arXiv 2006.04647)
 * - `jacobCov`: -sum (ln(v + k) + 1 / (v + k)), v the eigenvalues of the correlations of the points' input gradients, k = 1e-5 (the first version of the same)
 */
export function proxies(network, batch) {
  const { parameters } = lossGradient(network, batch);
  const weights = network.parameters.map(({ weights }) => weights.data);
  const slopes = parameters.map(({ weights }) => weights.data);
  return {
    gradNorm: slopes.reduce((sum, own) => sum + Math.sqrt(dot(own, own)), 0),
    snip: weights.reduce((sum, own, l) => sum + own.reduce((part, w, k) => part + Math.abs(w * slopes[l][k]), 0), 0),
    grasp: grasp(network, batch, slopes),
    logSynflow: logSynflow(network),
    naswot: naswot(network, batch.inputs),
    jacobCov: jacobCov(network, batch.inputs),
  };
}

function lossGradient(network, { inputs, targets, loss }) {
  return gradient(network, inputs, (outputs) => {
    const errors = matrix(outputs.rows, outputs.cols);
    lossOf(loss, outputs.data, targets.data, outputs.cols, errors.data);
    return errors;
  });
}

/** H g by a central difference of the gradient, a step of 1e-4 of the weights' own size along g. */
function grasp(network, batch, slopes) {
  const all = (lists) => Math.sqrt(lists.reduce((sum, own) => sum + dot(own, own), 0));
  const size = all(slopes);
  if (!(size > 0)) return 0;
  const step = (1e-4 * all(network.parameters.map(({ weights }) => weights.data))) / size;
  const moved = (sign) =>
    lossGradient(
      {
        ...network,
        parameters: network.parameters.map(({ weights, bias }, l) => ({
          weights: { ...weights, data: weights.data.map((w, k) => w + sign * step * slopes[l][k]) },
          bias,
        })),
      },
      batch,
    ).parameters;
  const [ahead, behind] = [moved(1), moved(-1)];
  return -network.parameters.reduce(
    (sum, { weights }, l) =>
      sum +
      weights.data.reduce((part, w, k) => part + (w * (ahead[l].weights.data[k] - behind[l].weights.data[k])) / (2 * step), 0),
    0,
  );
}

function logSynflow({ architecture, parameters }) {
  const positive = {
    architecture: { ...architecture, layers: withoutNorms(architecture.layers) },
    parameters: parameters.map(({ weights, bias }) => ({
      weights: { ...weights, data: weights.data.map(Math.abs) },
      bias: bias.map(() => 0),
    })),
  };
  const inputs = matrix(1, architecture.input[0]);
  inputs.data.fill(1);
  const parts = [];
  const kept = [];
  gradient(positive, inputs, (outputs) => ({ ...outputs, data: outputs.data.map(() => 1) }), {
    observe: ({ weights }) => weights && kept.push(weights),
  });
  // The way back meets the layers from the last to the first.
  kept.reverse().forEach(({ gradients, exponent }, l) => {
    const own = positive.parameters[l].weights.data;
    const sum = gradients.data.reduce((total, g, k) => total + Math.abs(g * own[k]), 0);
    if (sum > 0) parts.push(log(sum) + exponent * Math.LN2);
  });
  const most = Math.max(Number.NEGATIVE_INFINITY, ...parts);
  return parts.length === 0 ? Number.NEGATIVE_INFINITY : most + log(parts.reduce((sum, part) => sum + exp(part - most), 0));
}

function withoutNorms(layers) {
  return layers
    .filter(({ kind }) => kind !== "norm")
    .map((layer) => (layer.body ? { ...layer, body: withoutNorms(layer.body) } : layer));
}

function naswot(network, inputs) {
  const n = inputs.rows;
  const same = matrix(n, n);
  let before;
  forward(network, inputs, {
    trace: ({ kind, activations }) => {
      if (kind === "activation" && before) {
        const { cols, data } = before;
        for (let i = 0; i < n; i++)
          for (let j = 0; j <= i; j++) {
            let agree = 0;
            for (let u = 0; u < cols; u++) if (data[i * cols + u] > 0 === data[j * cols + u] > 0) agree++;
            same.data[i * n + j] += agree;
            if (i !== j) same.data[j * n + i] += agree;
          }
      }
      before = activations;
    },
  });
  const values = symmetricEigenvalues(same);
  return values.reduce((sum, value) => sum + log(Math.max(Math.abs(value), 1e-12)), 0);
}

function jacobCov(network, inputs) {
  const { inputs: slopes } = gradient(network, inputs, (outputs) => ({ ...outputs, data: outputs.data.map(() => 1) }));
  const { rows, cols, data } = slopes;
  const unit = Array.from({ length: rows }, (_, p) => {
    const own = data.subarray(p * cols, (p + 1) * cols);
    const mean = own.reduce((sum, value) => sum + value, 0) / cols;
    const centred = own.map((value) => value - mean);
    const size = Math.sqrt(dot(centred, centred));
    return centred.map((value) => value / size);
  });
  const correlations = matrix(rows, rows);
  for (let p = 0; p < rows; p++) for (let q = 0; q < rows; q++) correlations.data[p * rows + q] = dot(unit[p], unit[q]);
  if (!correlations.data.every(Number.isFinite)) return Number.NaN;
  return -symmetricEigenvalues(correlations).reduce(
    (sum, v) => sum + log(Math.max(v, 0) + 1e-5) + 1 / (Math.max(v, 0) + 1e-5),
    0,
  );
}
