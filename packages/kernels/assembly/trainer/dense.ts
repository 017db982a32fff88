// Dense layers on their way forward and back. At widths 1 to 4 the weights stay in registers while the points go by; else tiles of points and units do.
import { LINEAR, RELU } from "../ensemble/activation";
import { biasGradient, inputGradient, weightGradient } from "../ensemble/backward";
import { denseWith } from "../ensemble/dense";
import { activateWithSlopes, maskNegative, multiply } from "./activate";
import { arrive } from "./combine";
import { columns, columnsBack, fused } from "./narrow";
import { Operation, Trainer } from "./records";

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

/** From the gradient at y to those at x, if it is asked for, and by weights and biases at `gradients`; with `continues` these are added to what is there. */
export function denseBack(t: Trainer, op: Operation, points: i32, parameters: usize, gradients: usize, continues: bool): void {
  let inputs = op.inputs, units = op.units, dy = op.dy, dx = op.dx;
  let w = parameters + (<usize>op.weights << 4);
  let db = gradients + (<usize>(inputs * units) << 4);
  let to = op.adds ? t.spare : dx;
  if (op.kept) multiply(op.kept, dy, points * units);
  if (inputs <= 2 && units <= 2) fused(op.x, op.y, dy, points, inputs, w, units, gradients, continues, to, op.code == RELU);
  else {
    if (op.code == RELU) maskNegative(op.y, dy, points * units);
    weightGradient(op.x, points, inputs, dy, units, gradients, continues);
    if (op.trainsBiases) biasGradient(dy, points, units, db, continues);
    if (dx) {
      if (units <= 4) columnsBack(dy, points, units, w, inputs, to);
      else inputGradient(dy, points, units, w, inputs, to);
    }
  }
  if (op.adds) arrive(dx, to, points * inputs, 1, 1);
}
