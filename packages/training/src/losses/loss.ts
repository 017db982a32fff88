import { exp, log } from "@sonde/core/math";

/**
 * A loss, by PyTorch's definitions; with d = output - target, the mean over points and outputs of
 *
 * - `mse`: d^2
 * - `mae`: |d| (derivative sign d, 0 at 0)
 * - `huber`: d^2 / 2 where |d| <= delta, delta (|d| - delta / 2) elsewhere
 *
 * and `cross-entropy`: the mean over points of -ln softmax(outputs)[class].
 */
export type Loss = { readonly name: "mse" | "mae" | "cross-entropy" } | { readonly name: "huber"; readonly delta: number };

/** Outputs `[points, outputs]` of one network, row-major. */
type Values = Float64Array | Float32Array;

/**
 * The loss of outputs `[points, outputs]` against targets `[points, outputs]`, for `cross-entropy` classes `[points, 1]`; where `gradient` is given, `[points, outputs]`, the derivative by the outputs is
 * written to it.
 *
 * @example
 * lossOf({ name: "mse" }, Float64Array.of(1, 3), Float64Array.of(0, 1), 1) // 2.5
 */
export function lossOf(loss: Loss, outputs: Values, targets: Values, width: number, gradient?: Float64Array): number {
  switch (loss.name) {
    case "mse":
      return meanSquare(outputs, targets, gradient);
    case "mae":
      return meanAbsolute(outputs, targets, gradient);
    case "huber":
      return huber(outputs, targets, loss.delta, gradient);
    case "cross-entropy":
      return crossEntropy(outputs, targets, width, gradient);
  }
}

function meanSquare(outputs: Values, targets: Values, gradient?: Float64Array): number {
  const n = outputs.length;
  let sum = 0;
  for (let k = 0; k < n; k++) {
    const d = outputs[k] - targets[k];
    sum += d * d;
    if (gradient) gradient[k] = (2 * d) / n;
  }
  return sum / n;
}

function meanAbsolute(outputs: Values, targets: Values, gradient?: Float64Array): number {
  const n = outputs.length;
  let sum = 0;
  for (let k = 0; k < n; k++) {
    const d = outputs[k] - targets[k];
    sum += Math.abs(d);
    if (gradient) gradient[k] = Math.sign(d) / n;
  }
  return sum / n;
}

function huber(outputs: Values, targets: Values, delta: number, gradient?: Float64Array): number {
  const n = outputs.length;
  let sum = 0;
  for (let k = 0; k < n; k++) {
    const d = outputs[k] - targets[k];
    const size = Math.abs(d);
    sum += size <= delta ? 0.5 * d * d : delta * (size - 0.5 * delta);
    if (gradient) gradient[k] = (size <= delta ? d : delta * Math.sign(d)) / n;
  }
  return sum / n;
}

function crossEntropy(outputs: Values, classes: Values, width: number, gradient?: Float64Array): number {
  const points = outputs.length / width;
  let sum = 0;
  for (let p = 0; p < points; p++) {
    const first = p * width;
    let largest = outputs[first];
    for (let j = 1; j < width; j++) largest = Math.max(largest, outputs[first + j]);
    let total = 0;
    for (let j = 0; j < width; j++) total += exp(outputs[first + j] - largest);
    const logTotal = log(total) + largest;
    sum += logTotal - outputs[first + classes[p]];
    if (!gradient) continue;
    for (let j = 0; j < width; j++) gradient[first + j] = exp(outputs[first + j] - logTotal) / points;
    gradient[first + classes[p]] -= 1 / points;
  }
  return sum / points;
}
