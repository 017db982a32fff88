// A dense layer, in law, from its networks' streams to its living points, in one call.
import { LINEAR } from "../ensemble/activation";
import { split } from "../ensemble/streams";
import { activateTangent } from "./activation";
import { basisRows, coordinates } from "./coordinates";
import { drawBytes, drawDense, drawOrthogonal, orthogonalBytes } from "./draw";
import { widenDraws } from "./draws";
import { living } from "./living";
import { addBias } from "./multiply";
import { rescale } from "./rescale";

/** What src/law/layer.ts writes; addresses that are 0 are not used. */
@unmanaged
class Layer {
  index: f64;
  scale: f64;
  biasScale: f64;
  parameter: f64;
  x: usize;
  out: usize;
  points: i32;
  inputs: i32;
  units: i32;
  roots: usize;
  orthogonal: i32;
  code: i32;
  scratch: usize;
  exponents: usize;
  flags: usize;
  slack: i32;
  tangentExponents: usize;
  tangentFlags: usize;
  tangentSlack: i32;
  through: usize;
  shares: usize;
  ratios: usize;
  livingFlags: usize;
  next: usize;
}

/** The layer at `next` is to run right after the one at `address`. */
export function chainLayer(address: usize, next: usize): void {
  changetype<Layer>(address).next = next;
}

/** Bytes of a `Layer`. */
export function layerBytes(): i32 {
  return offsetof<Layer>();
}

/** Bytes of scratch for a layer: biases, coordinates, and one after the other what makes the coordinates and what makes the outputs of them. */
export function layerScratch(points: i32, inputs: i32, units: i32): usize {
  let square = <usize>points * points << 5;
  let basis = (<usize>(inputs * basisRows(points, inputs)) << 5) + (<usize>points << 2);
  return (<usize>units << 5) + square + max(basis, max(drawBytes(points, units), orthogonalBytes(points, inputs, units)));
}

// @ts-ignore: decorator
@lazy const own: usize = memory.data(64, 16);
// @ts-ignore: decorator
@lazy const streams: usize = memory.data(64, 16);

/** Draws and runs a layer, and those that were chained to it. */
export function layer(address: usize): void {
  for (let l = changetype<Layer>(address); ; l = changetype<Layer>(l.next)) {
    run(l);
    if (!l.next) break;
  }
}

function run(l: Layer): void {
  let points = l.points, inputs = l.inputs, units = l.units, out = l.out;
  let tangents = l.tangentExponents != 0;
  let rows = tangents ? 2 * points : points;
  let r = l.scratch + (<usize>units << 5);
  let scratch = r + (<usize>rows * rows << 5);
  split(l.roots, l.index, own);
  let bias: usize = 0;
  if (l.biasScale > 0) {
    split(own, 1, streams);
    bias = l.scratch;
    widenDraws(streams, 0, 0, units, bias, l.biasScale);
  }
  split(own, 0, streams);
  let columns = scratch + (<usize>(inputs * basisRows(rows, inputs)) << 5);
  coordinates(l.x, rows, inputs, r, scratch, columns);
  let added = tangents ? 0 : bias;
  let code = tangents ? LINEAR : l.code;
  if (l.orthogonal) drawOrthogonal(r, rows, inputs, streams, l.scale, units, added, out, code, l.parameter, scratch);
  else drawDense(r, rows, streams, l.scale, units, added, out, code, l.parameter, scratch);
  let count = points * units;
  if (tangents) {
    if (bias) addBias(out, points, units, bias);
    let dy = out + (<usize>count << 5);
    activateTangent(out, dy, count, l.code, l.parameter);
    rescale(dy, count, l.tangentExponents, l.tangentFlags, l.tangentSlack);
  }
  // Points are looked at before they are rescaled: what underflows there is not dead.
  if (l.through) living(out, points, units, l.through, l.shares, l.ratios, l.livingFlags);
  if (l.exponents) rescale(out, count, l.exponents, l.flags, l.slack);
}
