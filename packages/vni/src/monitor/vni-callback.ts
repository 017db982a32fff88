import { ConfigError, type TensorLike } from "@sonde/core";
import type { UnitOptions } from "../measure-units.js";
import { type VniMonitor, type VniObservation, type VniThresholds, vniMonitor } from "./vni-monitor.js";

/** A tensor that has to be given back. */
interface OwnedTensor extends TensorLike {
  dispose(): void;
}

/** What the callback needs of a model: a tf.Sequential is one. */
export interface SequentialLike {
  // biome-ignore lint/suspicious/noExplicitAny: TensorFlow.js types what a layer takes and returns more widely than it can be used here
  readonly layers: readonly { readonly name: string; apply(x: any): any }[];
  /** Set to end the training. */
  stopTraining: boolean;
}

export interface VniCallbackOptions extends VniThresholds, UnitOptions {
  /** Names of the layers that are watched. Default: all but the last. */
  readonly layers?: readonly string[];
  /** Look every so many epochs. Default 1. */
  readonly every?: number;
  /** Called with every look at a layer. */
  readonly onObservation?: (observation: VniObservation, epoch: number) => void;
}

export interface VniCallback {
  /** For `model.fit(x, y, { callbacks: [callback] })`: adds `vni_LAYER` to the logs and ends the training where the monitor says so. */
  onEpochEnd(epoch: number, logs?: Record<string, unknown>): Promise<void>;
  readonly monitor: VniMonitor;
}

/**
 * Watches the VNI of a TensorFlow.js model while it trains: after every epoch the fixed batch `probe` goes through the layers, and their activations to a `vniMonitor`. The model needs its layers in a row, as a
 * tf.Sequential has them; for others call `vniMonitor` with activations of your own.
 *
 * Throws `ConfigError` for layers that the model does not have.
 */
export function vniCallback(model: SequentialLike, probe: TensorLike, options: VniCallbackOptions = {}): VniCallback {
  const { layers, every = 1, onObservation, ...rest } = options;
  const names = model.layers.map(({ name }) => name);
  const watched = layers ?? names.slice(0, -1);
  const missing = watched.find((name) => !names.includes(name));
  if (missing !== undefined) throw new ConfigError(`the model has no layer ${missing}, only: ${names.join(", ")}`);
  if (!(Number.isInteger(every) && every >= 1)) throw new ConfigError(`every is a whole number of epochs from 1, got ${every}`);
  const monitor = vniMonitor(rest);
  return {
    monitor,
    async onEpochEnd(epoch, logs) {
      if ((epoch + 1) % every !== 0) return;
      let x = probe;
      for (const layer of model.layers) {
        const y = layer.apply(x) as OwnedTensor;
        if (x !== probe) (x as OwnedTensor).dispose();
        x = y;
        if (!watched.includes(layer.name)) continue;
        const observation = monitor.observe({ shape: y.shape, data: await valuesOf(y) }, layer.name);
        if (logs) logs[`vni_${layer.name}`] = observation.vni;
        onObservation?.(observation, epoch);
        if (observation.stop) model.stopTraining = true;
      }
      if (x !== probe) (x as OwnedTensor).dispose();
    },
  };
}

async function valuesOf(tensor: TensorLike): Promise<Float32Array | Float64Array> {
  const values = await tensor.data();
  return values instanceof Float32Array ? values : Float64Array.from(values);
}
