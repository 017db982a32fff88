// A dense layer from its networks' streams to its living points, in one call.
import { LINEAR } from "./activation";
import { dense } from "./dense";
import { drawLanes } from "./draws";
import { largest, living, livingAndLargest } from "./living";
import { rescale, rescaleFrom } from "./reduce";
import { wholeLines } from "./panels";
import { activateTangent } from "./slopes";
import { split } from "./streams";

/** What src/ensemble/layer.ts writes; addresses that are 0 are not used. */
@unmanaged
class Layer {
  index: f64;
  x: usize;
  out: usize;
  points: i32;
  inputs: i32;
  units: i32;
  roots: usize;
  law: i32;
  code: i32;
  scale: f32;
  biasScale: f32;
  parameter: f32;
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

// @ts-ignore: decorator
@lazy const own: usize = memory.data(64, 16);
// @ts-ignore: decorator
@lazy const streams: usize = memory.data(64, 16);

/** values [rows][units][4] += bias [units][4]. */
export function addBias(values: usize, rows: i32, units: i32, bias: usize): void {
  let end = bias + (<usize>units << 4);
  for (let r = 0; r < rows; r++)
    for (let b = bias; b < end; b += 16, values += 16) v128.store(values, f32x4.add(v128.load(values), v128.load(b)));
}

/** Draws and runs a layer, and those that were chained to it. */
export function layer(address: usize): void {
  for (let l = changetype<Layer>(address); ; l = changetype<Layer>(l.next)) {
    run(l);
    if (!l.next) break;
  }
}

function run(l: Layer): void {
  let points = l.points, units = l.units, out = l.out;
  let count = points * units;
  let tangents = l.tangentExponents != 0;
  split(l.roots, l.index, own);
  let bias: usize = 0;
  let panel = l.scratch;
  if (l.biasScale > 0) {
    split(own, 1, streams);
    bias = drawLanes(streams, l.law, 0, units, panel, l.biasScale);
    panel += <usize>wholeLines(units + 6) << 4;
  }
  split(own, 0, streams);
  if (tangents) {
    dense(l.x, l.inputs, 2 * points, streams, l.law, l.scale, units, 0, out, LINEAR, 0, panel);
    if (bias) addBias(out, points, units, bias);
    let dy = out + (<usize>count << 4);
    activateTangent(out, dy, count, l.code, l.parameter);
    rescale(dy, count, l.tangentExponents, l.tangentFlags, l.tangentSlack);
  } else dense(l.x, l.inputs, points, streams, l.law, l.scale, units, bias, out, l.code, l.parameter, panel);
  // Points are looked at before they are rescaled: what underflows there is not dead.
  if (l.through && l.exponents) {
    livingAndLargest(out, points, units, l.through, l.shares, l.ratios, l.livingFlags);
    rescaleFrom(largest, out, count, l.exponents, l.flags, l.slack);
  } else if (l.through) living(out, points, units, l.through, l.shares, l.ratios, l.livingFlags);
  else if (l.exponents) rescale(out, count, l.exponents, l.flags, l.slack);
}
