// Dense layers on their way forward and back. At widths 1 to 4 the weights stay in registers while the points go by; else tiles of points and units do.
import { LINEAR, RELU } from "../ensemble/activation";
import { biasGradient, inputGradientAbove, weightGradient } from "../ensemble/backward";
import { denseWith } from "../ensemble/dense";
import { activateWithSlopes, maskNegative, multiply } from "./activate";
import { arrive } from "./combine";
import { columns, columnsBack, fused } from "./narrow";
import { DENSE, Operation, Step, Trainer } from "./records";
import { updateLayer } from "./update";

/** y = activation(x W + b) for so many points. */
export function denseForward(t: Trainer, op: Operation, points: i32, parameters: usize): void {
  let inputs = op.inputs, units = op.units, code = op.code;
  let w = parameters + (<usize>op.weights << 4);
  let b = w + (<usize>(inputs * units) << 4);
  let y = op.y;
  if (inputs <= 4) columns(op.x, points, inputs, w, b, units, y, code == RELU);
  else denseWith(op.x, inputs, points, w, units, b, y, code == RELU ? RELU : LINEAR, 0, t.scratch);
  if (op.kept) activateWithSlopes(y, op.kept, points * units, code, op.parameter);
}

/** Whether the gradient that `op` passes on to the layer below it is that by positive parts and by nothing else, and is cut to them as it is made. */
export function cuts(op: Operation, below: Operation): bool {
  return op.kind == DENSE && op.units > 4 && op.dx != 0 && !op.adds && below.kind == DENSE && below.code == RELU && below.y == op.x && below.dy == op.dx;
}

/**
 * From the gradient at y to those at x, if it is asked for, and by weights and biases at `gradients`; with `continues` these are added to what is there. With a `step` (not 0) the layer is
 * updated at once. `cut` gradients at y are 0 already where a ReLU was; with `cutting` those at x become so.
 */
export function denseBack(t: Trainer, op: Operation, step: usize, points: i32, parameters: usize, gradients: usize, continues: bool, cut: bool, cutting: bool): void {
  let inputs = op.inputs, units = op.units, dy = op.dy, dx = op.dx;
  let w = parameters + (<usize>op.weights << 4);
  let to = op.adds ? t.spare : dx;
  if (op.kept) multiply(op.kept, dy, points * units);
  if (inputs <= 2 && units <= 2) {
    fused(op.x, op.y, dy, points, inputs, w, units, gradients, continues, to, op.code == RELU);
    if (step) updateLayer(t, changetype<Step>(step), op, parameters, gradients, f32x4.splat(1));
  } else {
    if (op.code == RELU && !cut) maskNegative(op.y, dy, points * units);
    if (dx) {
      if (units <= 4) columnsBack(dy, points, units, w, inputs, to);
      else inputGradientAbove(dy, points, units, w, inputs, to, cutting ? op.x : 0);
    }
    learn(t, op, step, points, parameters, gradients, continues);
  }
  if (op.adds) arrive(dx, to, points * inputs, 1, 1);
}

/** The gradients by weights and biases, and with a `step` the update by them. */
function learn(t: Trainer, op: Operation, step: usize, points: i32, parameters: usize, gradients: usize, continues: bool): void {
  let inputs = op.inputs, units = op.units;
  weightGradient(op.x, points, inputs, op.dy, units, gradients, continues);
  if (op.trainsBiases) biasGradient(op.dy, points, units, gradients + (<usize>(inputs * units) << 4), continues);
  if (step) updateLayer(t, changetype<Step>(step), op, parameters, gradients, f32x4.splat(1));
}
