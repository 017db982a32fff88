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

/** The architecture as a text that is the same for the same networks. */
export function architectureKey({ input, layers }: Architecture): string {
  return JSON.stringify([input, layers.map(plain)]);
}

function plain(layer: Layer): unknown {
  const branches = branchesOf(layer);
  if (branches.length > 0) {
    const { scale = 1 } = layer as { scale?: number };
    return { kind: layer.kind, scale, branches: branches.map((branch) => branch.layers.map(plain)) };
  }
  if (layer.kind === "activation") return { kind: layer.kind, activation: activation(layer.activation).name };
  if (layer.kind !== "dense" && layer.kind !== "conv") return plainFields(layer);
  const { init, weightVariance, bias, ...rest } = layer;
  return { ...plainFields(rest), ...plainInit({ init, weightVariance, bias }) };
}

/** Fields in one order, without those that are not there. */
function plainFields(fields: object): object {
  return Object.fromEntries(
    Object.entries(fields)
      .filter(([, value]) => value !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

const variances: Readonly<Record<string, number | undefined>> = { he: 2, lecun: 1 };

/** Whether two initialisations draw by the same law. */
export function isSameInit(a: LayerInit, b: LayerInit): boolean {
  return JSON.stringify(plainInit(a)) === JSON.stringify(plainInit(b));
}

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
