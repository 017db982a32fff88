import { activation } from "@sonde/core";
import type { Architecture, Layer, LayerInit } from "./architecture.js";
import { branchesOf } from "./branches.js";

/**
 * Whether two architectures are the same networks, drawn by the same law: what is left out and what names the default are the same, and so are rules that are different names of one law (he-normal and
 * normal of weight variance 2).
 *
 * @example
 * sameArchitecture(mlp("2-3-1"), mlp("2-3-1", { init: "normal", weightVariance: 2, bias: "zeros" })) // true
 */
export function sameArchitecture(a: Architecture, b: Architecture): boolean {
  return architectureKey(a) === architectureKey(b);
}

/** A text that architectures have in common exactly if they are the same, see `sameArchitecture`. */
export function architectureKey({ input, layers }: Architecture): string {
  // Layers of deep networks are few different ones, again and again.
  const known = new Map<string, string>();
  const key = (layer: Layer): string => {
    const branches = branchesOf(layer);
    if (branches.length > 0) {
      const { scale = 1 } = layer as { scale?: number };
      return `${layer.kind} ${scale} (${branches.map((branch) => branch.layers.map(key).join()).join("|")})`;
    }
    const written = JSON.stringify(layer);
    let found = known.get(written);
    if (found === undefined) {
      found = JSON.stringify(plain(layer));
      known.set(written, found);
    }
    return found;
  };
  return `${input.join()} ${layers.map(key).join()}`;
}

/** Whether two initialisations draw by the same law. */
export function isSameInit(a: LayerInit, b: LayerInit): boolean {
  const written = ({ init, weightVariance, bias }: LayerInit) => [init, weightVariance, bias].join();
  return written(a) === written(b) || JSON.stringify(plainInit(a)) === JSON.stringify(plainInit(b));
}

function plain(layer: Layer): object {
  if (layer.kind === "activation") return { kind: layer.kind, activation: activation(layer.activation).name };
  if (layer.kind !== "dense" && layer.kind !== "conv") return inOrder(layer);
  const { init, weightVariance, bias, ...rest } = layer;
  return { ...inOrder(rest), ...plainInit({ init, weightVariance, bias }) };
}

/** Fields in one order, without those that are not there. */
function inOrder(fields: object): object {
  return Object.fromEntries(
    Object.entries(fields)
      .filter(([, value]) => value !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

const variances: Readonly<Record<string, number | undefined>> = { he: 2, lecun: 1 };

/** An initialisation by its law: names of rules become the distribution and its variance, where that does not depend on the layer. */
function plainInit({ init = "he-normal", weightVariance, bias = "zeros" }: LayerInit): LayerInit {
  if (init === "pytorch") return { init: "uniform", weightVariance: 1 / 3, bias: "like-weights" };
  if (init === "keras") return { init: "glorot-uniform", weightVariance, bias };
  const [, rule, distribution] = /^(he|glorot|lecun)-(normal|uniform|truncated-normal)$/.exec(init) ?? [];
  const variance = weightVariance ?? variances[rule];
  if (rule !== undefined && variance !== undefined) return { init: distribution, weightVariance: variance, bias };
  if (init === "orthogonal" || init === "delta-orthogonal") return { init, weightVariance: weightVariance ?? 1, bias };
  const [, flip, base] = /^(sign-flip-[^:]+)(?::(.*))?$/.exec(init) ?? [];
  if (flip === undefined) return { init, weightVariance, bias };
  const based = plainInit({ init: base, weightVariance, bias });
  return { ...based, init: `${flip}:${based.init}` };
}
