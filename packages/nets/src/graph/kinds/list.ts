import type { CompositeKind, LayerKind } from "../layer-kind.js";
import { type ActivationLayer, activation } from "./activation.js";
import { type AttentionLayer, attention } from "./attention.js";
import { type ConcatLayer, concat } from "./concat.js";
import { type ConstantLayer, constant, type IdentityLayer, identity } from "./constant.js";
import { type ConvLayer, conv } from "./conv.js";
import { type ConvTransposeLayer, convTranspose } from "./conv-transpose.js";
import { type DenseLayer, dense } from "./dense.js";
import { type ElementwiseLayer, elementwise } from "./elementwise.js";
import { type EmbeddingLayer, embedding, type GatherLayer, gather } from "./gather.js";
import { type LrnLayer, lrn } from "./lrn.js";
import { type MatmulLayer, matmul } from "./matmul.js";
import { type NormLayer, norm } from "./norm.js";
import { type PadLayer, pad } from "./pad.js";
import { type PoolLayer, pool } from "./pool.js";
import { type RecurrentLayer, recurrent } from "./recurrent.js";
import { type ReduceLayer, reduce } from "./reduce.js";
import { type FlattenLayer, flatten, type ReshapeLayer, reshape } from "./reshape.js";
import { type SoftmaxLayer, softmax } from "./softmax.js";
import { type UpsampleLayer, upsample } from "./upsample.js";
import {
  type BlocksLayer,
  blocks,
  type ExpandLayer,
  expand,
  type SliceLayer,
  slice,
  type TransposeLayer,
  transpose,
} from "./views.js";

/** A layer of a graph, of any kind. A new kind is a file here, a line in this type and one in the table. */
export type GraphLayer =
  | ActivationLayer
  | AttentionLayer
  | BlocksLayer
  | ConcatLayer
  | ConstantLayer
  | ConvLayer
  | ConvTransposeLayer
  | DenseLayer
  | ElementwiseLayer
  | EmbeddingLayer
  | ExpandLayer
  | FlattenLayer
  | GatherLayer
  | IdentityLayer
  | LrnLayer
  | MatmulLayer
  | NormLayer
  | PadLayer
  | PoolLayer
  | RecurrentLayer
  | ReduceLayer
  | ReshapeLayer
  | SliceLayer
  | SoftmaxLayer
  | TransposeLayer
  | UpsampleLayer;

/** Any kind of layer: what the walk through a graph holds, which never looks inside descriptions. */
// biome-ignore lint/suspicious/noExplicitAny: a description is its own kind's affair
export type AnyLayerKind = LayerKind<any>;

/** What is known of every kind of layer. */
export const kinds: Readonly<Record<Exclude<GraphLayer["kind"], "attention">, AnyLayerKind>> = {
  activation,
  add: elementwise,
  concat,
  constant,
  conv,
  "conv-transpose": convTranspose,
  dense,
  "depth-to-space": blocks,
  elementwise,
  embedding,
  expand,
  flatten,
  gather,
  identity,
  "local-response-norm": lrn,
  matmul,
  multiply: elementwise,
  norm,
  pad,
  pool,
  recurrent,
  reduce,
  reshape,
  slice,
  softmax,
  "space-to-depth": blocks,
  transpose,
  upsample,
};

/** Kinds that are made of others. */
// biome-ignore lint/suspicious/noExplicitAny: as above
export const composites: Readonly<Record<string, CompositeKind<any>>> = { attention };
