import { activation as activationOf, ConfigError, nearest, quote } from "@sonde/core";
import { initialiser, initialiserName } from "@sonde/init";
import type { Architecture, Layer, LayerInit } from "./architecture.js";
import { limits } from "./limits.js";
import { type NormName, normName } from "./norm-name.js";
import { parseNotation } from "./notation.js";
import { inferShapes } from "./shapes.js";

/** How the layers of a multilayer perceptron look; every choice holds for all of them. */
export interface MlpOptions extends LayerInit {
  /** The activation after every hidden layer; default `relu`. */
  readonly activation?: string;
  /** Normalisation before every activation; default `none`. */
  readonly norm?: NormName;
  /** `residual` groups the hidden layers into pre-activation units, `dense` feeds every layer the input and all earlier outputs; default `none`. */
  readonly skip?: "none" | "residual" | "dense";
  /** Hidden layers in one residual unit; default 2. Only with `skip: "residual"`. */
  readonly block?: number;
  /** A linear layer of weight variance 1 to the width of the first hidden layer, before it and not counted; default: only where residual units need it. */
  readonly embedding?: boolean;
}

/**
 * The architecture of a multilayer perceptron, from its notation or its widths `[input, hidden..., output]`.
 *
 * - `skip: "none"`: every hidden layer is dense, then norm, then activation.
 * - `skip: "residual"`: units x + f(x), f being `block` times norm, activation, dense; all hidden widths must agree and the depth divide by `block`.
 * - `skip: "dense"`: every hidden layer's output is appended to its input.
 *
 * The last width is a linear output layer. `init`, `weightVariance` and `bias` hold for all dense layers, the output layer too.
 *
 * Throws `ConfigError` for widths, names or combinations that make no sense.
 *
 * @example
 * mlp("1-2x10-1").layers.length // 21
 */
export function mlp(widths: string | readonly number[], options: MlpOptions = {}): Architecture {
  const sizes = typeof widths === "string" ? parseNotation(widths) : checkWidths(widths);
  const { activation = "relu", skip = "none", init, weightVariance, bias } = options;
  const norm = normName(options.norm ?? "none");
  choose("skip", skip, ["none", "residual", "dense"]);
  if (options.block !== undefined && skip !== "residual")
    throw new ConfigError(
      `a block of ${options.block} layers is for skip "residual", but skip is "${skip}": leave out one or change the other`,
    );
  const chosen: LayerInit = {
    ...(init !== undefined && { init: initialiserName(init) }),
    ...(weightVariance !== undefined && { weightVariance }),
    ...(bias !== undefined && { bias }),
  };
  initialiser(chosen);
  const name = activationOf(activation).name;

  const dense = (units: number): Layer => ({ kind: "dense", units, ...chosen });
  const normalised: readonly Layer[] = norm === "none" ? [] : [{ kind: "norm", norm }];
  const activated: readonly Layer[] = [...normalised, { kind: "activation", activation: name }];
  const hidden = sizes.slice(1, -1);

  const layers: Layer[] = [];
  const embedding = firstEmbedding(sizes, skip, options.embedding);
  if (embedding) layers.push(embedding);
  if (skip === "residual") {
    const block = residualBlock(hidden, options.block);
    for (let unit = 0; unit < hidden.length; unit += block)
      layers.push({ kind: "residual", body: hidden.slice(unit, unit + block).flatMap((units) => [...activated, dense(units)]) });
  } else if (skip === "dense") for (const units of hidden) layers.push({ kind: "concat", body: [dense(units), ...activated] });
  else for (const units of hidden) layers.push(dense(units), ...activated);
  layers.push(dense(sizes[sizes.length - 1]));

  const architecture = { input: [sizes[0]], layers };
  inferShapes(architecture);
  return architecture;
}

function firstEmbedding(sizes: readonly number[], skip: string, asked: boolean | undefined): Layer | undefined {
  const needed = skip === "residual" && sizes.length > 2 && sizes[0] !== sizes[1];
  if (needed && asked === false)
    throw new ConfigError(
      `residual units of width ${sizes[1]} cannot take an input of size ${sizes[0]}: allow the embedding, or give the input the same width`,
    );
  if (asked && sizes.length === 2)
    throw new ConfigError("an embedding takes the width of the first hidden layer, but there is none: add one");
  if (asked) return { kind: "embedding", units: sizes[1] };
  return needed ? { kind: "embedding", units: sizes[1], implied: true } : undefined;
}

function residualBlock(hidden: readonly number[], block = 2): number {
  if (!(Number.isInteger(block) && block >= 1))
    throw new ConfigError(`a block is a whole number of hidden layers from 1, got ${block}`);
  if (hidden.length % block !== 0)
    throw new ConfigError(
      `${hidden.length} hidden layers cannot be grouped into residual units of ${block}: choose a depth that divides by ${block}, or another block`,
    );
  const other = hidden.findIndex((units) => units !== hidden[0]);
  if (other > 0)
    throw new ConfigError(
      `residual units need hidden layers of one width, but layer 1 has ${hidden[0]} units and layer ${other + 1} has ${hidden[other]}: make them equal`,
    );
  return block;
}

function checkWidths(widths: readonly number[]): readonly number[] {
  if (widths.length < 2)
    throw new ConfigError(`widths are [input, hidden..., output], got ${widths.length} of them: give at least two`);
  if (widths.length - 2 > limits.layers)
    throw new ConfigError(`${widths.length - 2} hidden layers are too many: at most ${limits.layers} are possible`);
  widths.forEach((width, index) => {
    if (!(Number.isInteger(width) && width >= 1 && width <= limits.units))
      throw new ConfigError(`widths[${index}] must be a whole number from 1 to ${limits.units}, got ${width}`);
  });
  return widths;
}

function choose(option: string, value: string, choices: readonly string[]): void {
  if (choices.includes(value)) return;
  const near = nearest(value, choices);
  throw new ConfigError(
    `unknown ${option} ${quote(String(value))}${near ? `: did you mean "${near}"?` : ":"} choose one of ${choices.join(", ")}`,
  );
}
