import { ConfigError } from "@sonde/core";
import type { TensorFlow } from "@sonde/core/tfjs";

/**
 * Makes sure that TensorFlow.js can differentiate: `@tensorflow/tfjs-core` alone knows no gradients on Node, they come with `@tensorflow/tfjs-layers` (an optional peer), which is loaded where they are missing. In a browser import
 * `@tensorflow/tfjs-core/dist/register_all_gradients` instead where the other package is not wanted.
 *
 * Rejects with `ConfigError` where it is not installed.
 */
export async function loadGradients(tf: TensorFlow): Promise<void> {
  const known = () => Boolean(tf.getGradient("Mean"));
  if (known()) return;
  try {
    await import("@tensorflow/tfjs-layers");
  } catch (cause) {
    throw new ConfigError(
      "TensorFlow.js has no gradients: install @tensorflow/tfjs-layers with npm install @tensorflow/tfjs-layers@4",
      { cause },
    );
  }
  if (!known())
    throw new ConfigError(
      "TensorFlow.js has no gradients: @tensorflow/tfjs-layers was loaded for another copy of @tensorflow/tfjs-core, so install one version of both",
    );
}
