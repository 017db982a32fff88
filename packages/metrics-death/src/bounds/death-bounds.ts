import { activation, row } from "@sonde/core";
import { initialiser } from "@sonde/init";
import { type Architecture, hiddenLayers, inferShapes, type ShapedLayer } from "@sonde/nets";
import type { DomainPoints } from "../domain.js";
import { intervalBounds } from "./interval.js";
import { orthantBound } from "./orthant.js";
import { raiBound } from "./rai.js";
import { singlePointBound } from "./single-point.js";

/** Bounds on the probability of being born dead, and what they rest on. */
export interface DeathBounds {
  readonly lower: number;
  readonly upper: number;
  readonly theorem: string;
}

/**
 * The best bounds known for an architecture on a domain; `[0, 1]` with the reason where no theorem applies.
 *
 * @see singlePointBound, orthantBound, intervalBounds, raiBound
 */
export function deathBounds(architecture: Architecture, domain: DomainPoints): DeathBounds {
  return boundsByWidths(architecture, domain)(hiddenLayers(architecture).map(({ units }) => units));
}

/** The same as a function of the hidden widths, for networks whose layers are of the kind of this architecture's. */
export function boundsByWidths(architecture: Architecture, domain: DomainPoints): (widths: readonly number[]) => DeathBounds {
  const layers = inferShapes(architecture);
  const kinds = new Set(layers.map(({ layer }) => layer.kind));
  const activations = layers.flatMap(({ layer }) => (layer.kind === "activation" ? [layer.activation] : []));
  if (hiddenLayers(architecture).length === 0) return () => exactly(0, "no activation, nothing to die");
  if (!canDie(layers, domain.inputs.rows)) return () => exactly(0, "no activation or block can be zero everywhere");
  if (kinds.size !== 2 || !kinds.has("dense")) return () => unknown("bounds hold for chains of dense layers and ReLU");
  if (activations.some((name) => name !== "relu")) return () => unknown("bounds hold for ReLU only");
  const dense = layers.flatMap(({ layer, weights }) =>
    layer.kind === "dense" && weights ? [{ ...initialiser(layer), inputs: weights.inputs }] : [],
  );
  const hidden = dense.slice(0, activations.length);
  if (
    dense.length > hidden.length + 1 ||
    layers.some(({ layer }, l) => l < 2 * hidden.length && layer.kind !== (l % 2 ? "activation" : "dense"))
  )
    return () => unknown("bounds need an activation after every hidden dense layer");
  const { inputs } = domain;
  const nonNegative = Array.from({ length: inputs.rows }, (_, p) => row(inputs, p).every((x) => x >= 0));
  const [{ inputs: fanIn }] = hidden;
  if (hidden.every((own) => own.name === "rai") && nonNegative.includes(true))
    return (widths) => ({ lower: 0, upper: raiBound(widths, fanIn), theorem: "RAI, from a point without negative coordinates" });
  const unfair = hidden.find(({ symmetry }) => symmetry === "none");
  if (unfair) return () => unknown(`bounds need units that are as likely as their negatives, ${unfair.name} has others`);

  const nonZeroPoint = inputs.data.some((x) => x !== 0);
  const bias = hidden.some(({ zeroBias }) => !zeroBias);
  if (!nonZeroPoint && !bias) return () => exactly(1, "every input is zero and so is every bias");
  if (inputs.rows === 1) return (widths) => exactly(singlePointBound(widths), "single point, exact for one point or ray");
  if (hidden.some(({ symmetry }) => symmetry === "units")) {
    // On two opposite rays layer 1 never dies, and one of them stays alive.
    const first = domain.kind === "rays" ? 1 : 0;
    return (widths) => ({ lower: 0, upper: singlePointBound(widths.slice(first)), theorem: "single point above" });
  }
  if (domain.kind === "rays") return (widths) => ({ ...intervalBounds(widths), theorem: "interval" });
  const nonNegativeInputs = nonNegative.includes(false) ? undefined : fanIn;
  return (widths) => ({
    lower: orthantBound(widths, { bias, nonNegativeInputs }),
    upper: singlePointBound(widths),
    theorem: "orthant below, single point above",
  });
}

/**
 * Whether some hidden layer can be zero at every point. Blocks with an empty branch pass their input on; without scale and shift, batch norm over at least two points and layer norm over at least two units leave
 * positive values in front of the activation.
 */
function canDie(layers: readonly ShapedLayer[], points: number): boolean {
  return layers.some(({ layer, output, branches }, l) => {
    if (branches.length > 0) return branches.every((branch) => branch.length > 0);
    if (layer.kind !== "activation" || !activation(layer.activation).vanishes) return false;
    const before = layers[l - 1]?.layer;
    if (before?.kind !== "norm" || before.gamma === 0 || (before.beta ?? 0) !== 0) return true;
    return before.norm === "rms" || (before.norm === "batch" ? points : output[output.length - 1]) < 2;
  });
}

function exactly(value: number, theorem: string): DeathBounds {
  return { lower: value, upper: value, theorem };
}

function unknown(reason: string): DeathBounds {
  return { lower: 0, upper: 1, theorem: `none: ${reason}` };
}
