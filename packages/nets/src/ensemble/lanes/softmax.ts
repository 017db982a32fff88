import { exp } from "@sonde/core/math";
import { lanes } from "./machine.js";

/** Softmax in place of values [places][channels][4]; `tangents` alike become s (dx - sum s dx). */
export function softmaxLanes(
  values: Float32Array | Float64Array,
  channels: number,
  tangents?: Float32Array | Float64Array,
): void {
  const row = lanes * channels;
  for (let place = 0; place < values.length; place += row)
    for (let from = place; from < place + lanes; from++) {
      const end = from + row;
      let largest = Number.NEGATIVE_INFINITY;
      for (let k = from; k < end; k += lanes) largest = Math.max(largest, values[k]);
      let total = 0;
      for (let k = from; k < end; k += lanes) total += exp(values[k] - largest);
      let along = 0;
      for (let k = from; k < end; k += lanes) {
        values[k] = exp(values[k] - largest) / total;
        if (tangents) along += values[k] * tangents[k];
      }
      if (tangents) for (let k = from; k < end; k += lanes) tangents[k] = values[k] * (tangents[k] - along);
    }
}

/** The gradient by what goes into a softmax from that by what comes out, `y`, in place: s (dy - sum s dy). */
export function softmaxGradientLanes(y: Float32Array, gradients: Float32Array, channels: number): void {
  const row = lanes * channels;
  for (let place = 0; place < y.length; place += row)
    for (let from = place; from < place + lanes; from++) {
      let along = 0;
      for (let k = from; k < from + row; k += lanes) along += y[k] * gradients[k];
      for (let k = from; k < from + row; k += lanes) gradients[k] = y[k] * (gradients[k] - along);
    }
}
