import { exp } from "@sonde/core/math";
import { digits, type Finding, type PathologyName } from "../finding.js";
import type { RecordedMeasurement } from "./measure-recorded.js";

/** What would help against a finding, where the architecture is not known: in words, its effect not computed. */
export interface Suggestion extends Pick<Finding, "pathology" | "layer" | "name"> {
  readonly change: string;
}

/** What is usually done about each pathology. */
const usual: Readonly<Partial<Record<PathologyName, string>>> = {
  "input-scale": "standardise the inputs: subtract each column's mean and divide by its standard deviation",
  "input-offset": "subtract from each column of the inputs its mean",
  "uneven-inputs": "divide each column of the inputs by its standard deviation",
  "copied-units": "draw the weights at random, so that no two units begin alike",
  "dead-layer":
    "wider layers, or an activation that is never flat (leaky ReLU, ELU, GELU), with He's initialisation and zero biases; after training also a smaller learning rate",
  "dead-units": "an activation that is never flat (leaky ReLU, ELU, GELU); after training also a smaller learning rate",
  "constant-layer":
    "smaller weights before this layer where it saturates; a skip connection around it where what comes to it is constant already",
  "degenerate-pairs": "wider layers, or an activation that is never zero (leaky ReLU, ELU, GELU), or skip connections",
  "vanishing-angles":
    "skip connections, fewer layers, an orthogonal initialisation with tanh, or batch norm where batches are large enough",
  "vanishing-nodes": "an orthogonal initialisation, wider layers, fewer layers, or skip connections",
  saturation: "smaller weights or a norm before the activation (Glorot's initialisation for tanh and sigmoid)",
  "linear-layers": "larger weights, or standardised inputs, so that the activation bends",
  "vanishing-gradients":
    "an initialisation that keeps the variance (He for ReLU, Glorot for tanh), skip connections, or a norm in every layer",
  "exploding-gradients":
    "an initialisation that keeps the variance (He for ReLU, Glorot for tanh), branches scaled down, or clipped gradients",
  "growing-sums": "every branch times 1 / sqrt(number of sums), or last weights of branches that begin at zero, or norms",
  "zero-dimensional-signal": "no biases at the start, or batch norm: what all points have in common outweighs what differs",
  "one-dimensional-signal": "skip connections, wider layers, fewer layers, or another activation",
};

/** What would help against each finding, once for each kind of it. */
export function suggestionsFor(findings: readonly Finding[], { growth }: RecordedMeasurement): Suggestion[] {
  const seen = new Set<PathologyName>();
  return findings.flatMap(({ pathology, layer, name }): Suggestion[] => {
    const change =
      pathology === "vanishing-signal" || pathology === "exploding-signal" ? rescaled(growth?.value) : usual[pathology];
    if (change === undefined || seen.has(pathology)) return [];
    seen.add(pathology);
    return [{ pathology, layer, ...(name !== undefined && { name }), change }];
  });
}

/** The factor that undoes a growth of the mean square: exact where activations are positively homogeneous, as ReLU is, and biases zero. */
function rescaled(growth = 0): string {
  const factor = exp(-growth / 2);
  const by =
    Number.isFinite(factor) && growth !== 0 ? `: of every layer times ${digits(factor)}, as far as activations scale` : "";
  return `weights whose variance keeps the signal (2 / fan-in for ReLU, 1 / fan-in for tanh)${by}; or a norm in every layer`;
}
