// The trainer of `@sonde/kernels/trainer`: four networks at a time, network k of a group in lane k, forward, back and updated without leaving the module.
import { broadcastLanes } from "../ensemble/reduce";
import { activate, RELU } from "../ensemble/activation";
import { norm, normGradient } from "../ensemble/norm";
import { affine, concat } from "../ensemble/skip";
import { takeChannels } from "../ensemble/backward";
import { activateWithSlopes, maskNegative, multiply } from "./activate";
import { arrive, scaleUnits, scaleUnitsBack, softmax, softmaxBack, sum } from "./combine";
import { cuts, denseBack, denseForward } from "./dense";
import { lossGradient } from "./loss";
import { ACTIVATION, ADD, CONCAT, DENSE, NORM, Operation, operationBytes, SOFTMAX, Step, Trainer } from "./records";
import { addToNorm, clearNorm, clipFactor, updateLayer } from "./update";

export { panelVectors } from "../ensemble/dense";
export { separateLanes } from "../ensemble/reduce";
export { operationBytes, trainerBytes } from "./records";

/** Where the memory after the module's own data begins. */
export function heapBase(): usize {
  return __heap_base;
}

function forward(t: Trainer, op: Operation, points: i32, parameters: usize): void {
  let kind = op.kind, inputs = op.inputs, units = op.units, x = op.x, y = op.y;
  let count = points * units;
  if (kind == DENSE) denseForward(t, op, points, parameters);
  else if (kind == ACTIVATION) {
    memory.copy(y, x, <usize>count << 4);
    if (op.kept) activateWithSlopes(y, op.kept, count, op.code, op.parameter);
    else if (op.code == RELU) activate(y, count, RELU, 0);
  } else if (kind == NORM) {
    norm(x, op.code, points, 1, units, op.parameter, op.kept ? op.kept : y);
    if (op.kept) scaleUnits(op.kept, points, units, parameters + (<usize>op.weights << 4), y);
    else if (op.a != 1 || op.b != 0) affine(y, count, op.a, op.b);
  } else if (kind == ADD) sum(x, op.x2, count, op.a, op.b, y);
  else if (kind == CONCAT) concat(x, inputs, op.x2, units - inputs, points, y, 0, 0);
  else if (kind == SOFTMAX) softmax(x, points, units, y);
}

/** What is done to values beside weights goes back. */
function back(t: Trainer, op: Operation, points: i32, parameters: usize, gradients: usize, continues: bool): void {
  let kind = op.kind, inputs = op.inputs, units = op.units, dy = op.dy, dx = op.dx;
  if (!dy) return;
  let count = points * units;
  if (kind == ACTIVATION) {
    if (op.kept) multiply(op.kept, dy, count);
    else if (op.code == RELU) maskNegative(op.y, dy, count);
    arrive(dx, dy, count, op.adds, 1);
  } else if (kind == NORM) {
    let z = op.kept ? op.kept : op.y;
    if (op.kept) scaleUnitsBack(z, dy, points, units, parameters + (<usize>op.weights << 4), gradients, continues);
    else if (op.a != 1) affine(dy, count, op.a, 0);
    if (dx) normGradient(op.x, op.code, points, 1, units, op.parameter, z, dy, dy);
    arrive(dx, dy, count, op.adds, 1);
  } else if (kind == ADD) {
    arrive(dx, dy, count, op.adds, op.a);
    arrive(op.dx2, dy, count, op.adds2, op.b);
  } else if (kind == CONCAT) {
    let room = t.spare, rest = room + (<usize>(points * inputs) << 4);
    takeChannels(dy, units, 0, inputs, points, room);
    takeChannels(dy, units, inputs, units - inputs, points, rest);
    arrive(dx, room, points * inputs, op.adds, 1);
    arrive(op.dx2, rest, points * (units - inputs), op.adds2, 1);
  } else if (kind == SOFTMAX) {
    softmaxBack(op.y, dy, points, units);
    arrive(dx, dy, count, op.adds, 1);
  }
}

/** Where the parameters of group `g` lie. */
// @ts-ignore: decorator
@inline
function stateOf(t: Trainer, g: i32): usize {
  return t.states + ((<usize>g * <usize>t.parameters * (1 + t.slots)) << 4);
}

/** The step of the table with this number. */
// @ts-ignore: decorator
@inline
function stepOf(t: Trainer, s: i32): Step {
  return changetype<Step>(t.table + <usize>s * offsetof<Step>());
}

/** The block of points from `first` on of one step of the four networks of group `g`, forward and back: its gradients join those of the blocks before. Losses are left if it is the last step. */
function stepBlock(t: Trainer, g: i32, s: i32, first: i32, last: bool): void {
  let step = stepOf(t, s);
  let points = step.points, inputs = t.inputs;
  let state = stateOf(t, g);
  let place = <usize>(t.shared ? s : s * t.groups + g) * t.batch + first;
  let value: usize = t.shared ? 4 : 16;
  let x = t.batchInputs + place * inputs * value;
  let targets = t.batchTargets + place * t.targets * value;
  let share: f32 = 1 / <f32>(points * t.outputs);
  if (t.loss == 3) share = 1 / <f32>points;
  let sums = last ? t.losses + (<usize>g << 5) : 0;
  if (sums && first == 0) memory.fill(sums, 0, 32);
  let size = <usize>operationBytes();
  let end = t.operations + <usize>(t.operationCount - 1) * size;
  let some = min(t.block, points - first);
  if (t.shared) broadcastLanes(x, some * inputs, t.x);
  else memory.copy(t.x, x, <usize>(some * inputs) << 4);
  for (let at = t.operations; at <= end; at += size) forward(t, changetype<Operation>(at), some, state);
  lossGradient(t, targets, some, share, sums);
  let cut = false;
  for (let at = end; at >= t.operations; at -= size) {
    let op = changetype<Operation>(at);
    let gradients = t.updatesAtOnce ? t.gradients : t.gradients + (<usize>op.weights << 4);
    if (op.kind == DENSE) {
      let cutting = at > t.operations && cuts(op, changetype<Operation>(at - size));
      denseBack(t, op, t.updatesAtOnce ? changetype<usize>(step) : 0, some, state, gradients, first > 0, cut, cutting);
      cut = cutting;
    } else {
      back(t, op, some, state, gradients, first > 0);
      if (t.updatesAtOnce && op.weightCount) updateLayer(t, step, op, state, gradients, f32x4.splat(1));
      cut = false;
    }
  }
}

/** What follows the last block of a step: means of the losses, and the update where it waited for all gradients. */
function finishStep(t: Trainer, g: i32, s: i32, last: bool): void {
  let step = stepOf(t, s);
  let points = step.points;
  let state = stateOf(t, g);
  let sums = last ? t.losses + (<usize>g << 5) : 0;
  let size = <usize>operationBytes();
  let end = t.operations + <usize>(t.operationCount - 1) * size;
  if (sums) for (let lane: usize = 0; lane < 32; lane += 8) store<f64>(sums + lane, load<f64>(sums + lane) * (t.loss == 3 ? 1 / <f64>points : 1 / <f64>(points * t.outputs)));
  if (t.updatesAtOnce) return;
  let factor = f32x4.splat(1);
  if (t.clip > 0) {
    clearNorm();
    for (let at = t.operations; at <= end; at += size) {
      let op = changetype<Operation>(at);
      if (op.weightCount) addToNorm(op, t.gradients + (<usize>op.weights << 4));
    }
    factor = clipFactor(t.clip);
  }
  for (let at = t.operations; at <= end; at += size) {
    let op = changetype<Operation>(at);
    if (op.weightCount) updateLayer(t, step, op, state, t.gradients + (<usize>op.weights << 4), factor);
  }
}

/** One step of the four networks of group `g`; their losses are left if it is the last. */
function stepGroup(t: Trainer, g: i32, s: i32, last: bool): void {
  let points = stepOf(t, s).points;
  for (let first = 0; first < points; first += t.block) stepBlock(t, g, s, first, last);
  finishStep(t, g, s, last);
}

/** One block of points, from `first` on, of the first step of the table for group `g`; the step is done with its last block. What was begun and is not finished has changed no network, unless layers are updated at once. */
export function trainBlock(trainer: usize, g: i32, first: i32): void {
  let t = changetype<Trainer>(trainer);
  stepBlock(t, g, 0, first, true);
  if (first + t.block >= stepOf(t, 0).points) finishStep(t, g, 0, true);
}

/** The steps of the table for one group after the other, so that a group's networks stay in the cache. */
export function train(trainer: usize, steps: i32): void {
  let t = changetype<Trainer>(trainer);
  for (let g = 0; g < t.groups; g++) for (let s = 0; s < steps; s++) stepGroup(t, g, s, s == steps - 1);
}

/** The outputs [points][outputs][4] of group `g` for points [points][inputs], the same for all networks. */
export function evaluate(trainer: usize, g: i32, x: usize, points: i32, out: usize): void {
  let t = changetype<Trainer>(trainer);
  let inputs = t.inputs, block = t.block;
  let size = <usize>operationBytes();
  let end = t.operations + <usize>t.operationCount * size;
  for (let first = 0; first < points; first += block) {
    let some = min(block, points - first);
    broadcastLanes(x, some * inputs, t.x);
    for (let at = t.operations; at < end; at += size) forward(t, changetype<Operation>(at), some, stateOf(t, g));
    let bytes = <usize>(some * t.outputs) << 4;
    memory.copy(out, t.y, bytes);
    x += <usize>(some * inputs) << 2;
    out += bytes;
  }
}
