import { exp } from "../math.js";

/** The logistic function 1 / (1 + e^-z), to a relative error of a few ulp on both sides; 1 - sigmoid(z) is sigmoid(-z). */
export function sigmoid(z: number): number {
  if (z >= 0) return 1 / (1 + exp(-z));
  const e = exp(z);
  return e / (1 + e);
}

/** sigmoid'(z) = sigmoid(z) sigmoid(-z). */
export function sigmoidDerivative(z: number): number {
  const e = exp(-Math.abs(z));
  return e / ((1 + e) * (1 + e));
}
