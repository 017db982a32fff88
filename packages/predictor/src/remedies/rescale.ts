import { type Activation, activation, gaussianMoments } from "@sonde/core";
import { type Architecture, isSameInit, type LayerInit, reinitialised } from "@sonde/nets";
import { drawnLayers, hiddenActivations, initChoices } from "./edit.js";
import type { Remedy } from "./remedy.js";

/** How far from 1 chi_1 may be where the variance is kept. */
const slack = 0.1;

/**
 * sigma_w^2, the weight variance times fan-in that keeps the signal of an activation from vanishing and exploding, in a wide network without bias: that which keeps a variance of 1, 1 / E phi(z)^2, where small differences
 * between inputs (and gradients) then grow by a factor chi_1 = E phi'(z)^2 / E phi(z)^2 of 0.9 to 1.1 a layer (ReLU 2, leaky ReLU 2 / (1 + a^2), linear and SELU 1, GELU 2.35, SiLU 2.81, ELU 1.55); for
 * others that pass through 0 the critical 1 / phi'(0)^2 (tanh 1, erf pi/4), at which the signal shrinks slower than exponentially; `undefined` where there is none (sigmoid: its mean takes over).
 *
 * @see Poole et al. 2016 (arXiv 1606.05340), eq. 3 and 5
 *
 * @example
 * keepingVariance(activation("leaky-relu:0.5")) // 1.6
 * keepingVariance(activation("tanh")) // 1
 * keepingVariance(activation("sigmoid")) // undefined
 */
export function keepingVariance(phi: Activation): number | undefined {
  const { second, derivativeSecond } = gaussianMoments(phi, 1);
  if (Math.abs(derivativeSecond / second - 1) <= slack) return 1 / second;
  const slope = phi.derivative(0);
  return phi.value(0) === 0 && slope !== 0 && Number.isFinite(slope) ? 1 / (slope * slope) : undefined;
}

/** The variance that keeps the signal, in all layers alike: that of the activation if there is one, four digits of it. */
function varianceThatKeeps(architecture: Architecture): number | undefined {
  const [name = "linear", ...others] = hiddenActivations(architecture);
  const kept = others.length === 0 ? keepingVariance(activation(name)) : undefined;
  return kept === undefined ? undefined : Number(kept.toPrecision(4));
}

/** Weights of the variance that keeps the signal, drawn as they are. */
export const rescaled: Remedy = {
  name: "rescale",
  family: "init",
  cost: "nothing",
  leaves: "signs, and so death and angles, are those of the weights as they are",
  change: (architecture) => {
    const weightVariance = varianceThatKeeps(architecture);
    const drawn = drawnLayers(architecture.layers);
    if (weightVariance === undefined || drawn.length === 0 || !drawn.every(({ init }) => isScalable(init))) return undefined;
    // He's rule is tried beside, and keeps the signal of ReLU.
    if (weightVariance === 2 && drawn.every(isRuled)) return undefined;
    const init = ({ init: now, bias }: LayerInit): LayerInit => ({ init: distributionOf(now), weightVariance, bias });
    if (drawn.every((layer) => isSameInit(layer, init(layer)))) return undefined;
    return {
      change: `weights of variance ${weightVariance} / fan-in, which keeps the signal`,
      choices: initChoices(init(drawn[0])),
      architecture: { ...architecture, layers: reinitialised(architecture.layers, init) },
    };
  },
};

/** Whether the name of an initialiser says the variance. */
function isRuled({ init = "he-normal", weightVariance }: LayerInit): boolean {
  return weightVariance === undefined && !/^(normal|uniform|truncated-normal)/.test(init);
}

/** Whether an initialiser takes a weight variance. */
function isScalable(init = "he-normal"): boolean {
  return /^(sign-flip-[^:]+:)?((he|glorot|lecun)-)?(normal|uniform|truncated-normal)|^(sign-flip-[^:]+|(delta-)?orthogonal)$/.test(
    init,
  );
}

/** What is drawn, without the rule of its variance; a fixed standard deviation is one. */
function distributionOf(init = "he-normal"): string {
  return init.replace(/(he|glorot|lecun)-(?=normal|uniform|truncated-normal)/, "").replace(/:std=.*$/, "");
}
