import { activation } from "@sonde/core";
import { log, sin } from "@sonde/core/math";
import { angleRecursion } from "@sonde/infinite-width";
import { type Architecture, inferShapes, type Layer, layerInitialiser, type ShapedLayer } from "@sonde/nets";
import { isStandard } from "../standard-norm.js";
import { oneInputLaw } from "./one-input.js";
import { residualUnit } from "./residual.js";

/** Which closed theory holds for an architecture. */
export type TheoryKind =
  /** ReLU, sigma_w^2 = 2, no bias, no norm, dense: with the angle of two inputs and the law of a single one after every layer. */
  | { readonly kind: "vanilla"; readonly angles: readonly number[]; readonly oneInput: readonly OneInput[] }
  | { readonly kind: "batch-norm" }
  | { readonly kind: "batch-norm-residual"; readonly block: number }
  | { readonly kind: "none" };

/**
 * What theory says of one layer or unit, beside what is measured; a field is there where its theory is. All are for standardised Gaussian inputs and infinite width, except `oneInput`.
 */
export interface LayerTheory {
  /** mu_2 / nu_2. */
  readonly spread?: number;
  readonly nu2?: number;
  readonly mu2?: number;
  readonly logChi?: number;
  /** The increment of the layer, in residual units of the first branch layer. */
  readonly deltaChi?: number;
  readonly deltaChiNorm?: number;
  readonly deltaChiActivation?: number;
  readonly kurtosis?: number;
  readonly meanAbsZ?: number;
  /** ln nu_2 of a plain network with a single input, exactly: mean and standard deviation, given that the signal has not collapsed to 0. */
  readonly oneInput?: OneInput;
}

/** Mean and standard deviation of ln nu_2. */
interface OneInput {
  readonly mean: number;
  readonly sd: number;
}

/** The theory that holds for an architecture. */
export function theoryKind(architecture: Architecture): TheoryKind {
  const shaped = inferShapes(architecture);
  const last = shaped.map(({ hidden }) => hidden !== undefined).lastIndexOf(true);
  const layers = shaped.slice(0, last + 1).filter(({ layer }) => layer.kind !== "embedding");
  const units = layers.filter(({ layer }) => layer.kind === "residual");
  if (units.length > 0 && units.length === layers.length) {
    const blocks = units.map(({ branches: [shortcut, body], layer }) =>
      shortcut.length > 0 || (layer.kind === "residual" && (layer.scale ?? 1) !== 1)
        ? 0
        : matches(body, ["norm", "activation", "weights"]),
    );
    return blocks.every((block) => block > 0 && block === blocks[0])
      ? { kind: "batch-norm-residual", block: blocks[0] }
      : { kind: "none" };
  }
  if (matches(layers, ["weights", "norm", "activation"]) > 0) return { kind: "batch-norm" };
  if (matches(layers, ["weights", "activation"]) > 0 && layers.every(({ layer }) => layer.kind !== "conv")) {
    const widths = layers.filter(({ weights }) => weights).map(({ output }) => output[output.length - 1]);
    const angles = angleRecursion(Math.PI / 2, widths.length).map(({ angle }) => angle);
    return { kind: "vanilla", angles, oneInput: oneInputAfter(widths) };
  }
  return { kind: "none" };
}

/** How many times the layers repeat a pattern of He layers without bias, batch norms and ReLUs; 0 where they do not. */
function matches(layers: readonly ShapedLayer[], pattern: readonly ("weights" | "norm" | "activation")[]): number {
  const fits = layers.every(({ layer, weights }, k) => {
    switch (pattern[k % pattern.length]) {
      case "weights": {
        const law = weights && layer.kind !== "embedding" ? layerInitialiser(layer).law?.(weights) : undefined;
        return law?.weightVariance === 2 && law.biasVariance === 0;
      }
      case "norm":
        return layer.kind === "norm" && layer.norm === "batch" && isStandard(layer);
      default:
        return isRelu(layer);
    }
  });
  return fits && layers.length % pattern.length === 0 ? layers.length / pattern.length : 0;
}

function isRelu(layer: Layer): boolean {
  return layer.kind === "activation" && activation(layer.activation).name === "relu";
}

/** sqrt(pi / (pi - 1)) = 1.211174: the increment of ReLU on Gaussian values. */
const gaussianIncrement = Math.sqrt(Math.PI / (Math.PI - 1));

/** E |z| of a standard normal z. */
const meanAbs = Math.sqrt(2 / Math.PI);

/**
 * What theory says of layer or unit l (from 1).
 *
 * - Plain ReLU networks: c' = (sqrt(1 - c^2) + (pi - arccos c) c) / pi from c = 0, mu_2 / nu_2 = 1 - c_l ~ 9 pi^2 / (2 l^2), chi_l = (1 - c_l)^(-1/2).
 * - Batch norm: every layer multiplies chi by sqrt(pi / (pi - 1)), as long as z is Gaussian.
 * - Batch-normalised residual units: see `residualUnit`.
 *
 * @example
 * layerTheory(theoryKind(mlp("8-16x10-1")), 10).logChi // 1.0260...
 */
export function layerTheory(theory: TheoryKind, layer: number): LayerTheory {
  switch (theory.kind) {
    case "vanilla": {
      const [half, before] = [theory.angles[layer - 1] / 2, (theory.angles[layer - 2] ?? Math.PI / 2) / 2];
      const [spread, earlier] = [2 * sin(half) * sin(half), 2 * sin(before) * sin(before)];
      return {
        nu2: 1,
        spread,
        mu2: spread,
        logChi: -log(spread) / 2,
        deltaChi: Math.sqrt(earlier / spread),
        oneInput: theory.oneInput[layer - 1],
      };
    }
    case "batch-norm": {
      const mu2 = (1 - 1 / Math.PI) / 2;
      return {
        nu2: 0.5,
        mu2,
        spread: 2 * mu2,
        logChi: layer * log(gaussianIncrement),
        deltaChi: gaussianIncrement,
        deltaChiNorm: 1,
        deltaChiActivation: gaussianIncrement,
        kurtosis: 3,
        meanAbsZ: meanAbs,
      };
    }
    case "batch-norm-residual":
      return {
        ...residualUnit(layer, theory.block),
        deltaChiNorm: 1,
        deltaChiActivation: gaussianIncrement,
        kurtosis: 3,
        meanAbsZ: meanAbs,
      };
    case "none":
      return {};
  }
}

function oneInputAfter(widths: readonly number[]): OneInput[] {
  const laws = new Map([...new Set(widths)].map((width) => [width, oneInputLaw(width)]));
  let mean = 0;
  let variance = 0;
  return widths.map((width) => {
    mean += laws.get(width)?.logDrift ?? 0;
    variance += laws.get(width)?.logVariance ?? 0;
    return { mean, sd: Math.sqrt(variance) };
  });
}
