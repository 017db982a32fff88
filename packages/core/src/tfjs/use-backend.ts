import { ConfigError, quote } from "../errors.js";

/** The namespace of `@tensorflow/tfjs-core`. */
export type TensorFlow = typeof import("@tensorflow/tfjs-core");

export type Backend = "webgpu" | "webgl" | "wasm" | "cpu";

export interface BackendOptions {
  /** Default `"auto"`: wasm, else cpu on Node; the first of webgpu, webgl, wasm, cpu that starts in browsers. */
  readonly backend?: Backend | "auto";
}

/** Written out, so that bundlers see what may be loaded. Fastest first. */
const packages: Readonly<Record<Backend, () => Promise<unknown>>> = {
  webgpu: () => import("@tensorflow/tfjs-backend-webgpu"),
  webgl: () => import("@tensorflow/tfjs-backend-webgl"),
  wasm: () => import("@tensorflow/tfjs-backend-wasm"),
  cpu: () => import("@tensorflow/tfjs-backend-cpu"),
};

/**
 * TensorFlow.js, ready on the backend asked for: loads `@tensorflow/tfjs-core` and the backend's package (optional peers, nothing of them is loaded
 * before), silences the banner by the flag `PROD`, and makes the backend the current one of the whole process.
 *
 * Rejects with `ConfigError` for an unknown backend, one whose package is not installed, or one that does not start on this machine.
 */
export async function useBackend({ backend = "auto" }: BackendOptions = {}): Promise<TensorFlow> {
  const names = Object.keys(packages) as Backend[];
  if (backend !== "auto" && !names.includes(backend))
    throw new ConfigError(`unknown backend ${quote(String(backend))}: expected one of auto, ${names.join(", ")}`);
  const tf = await load("@tensorflow/tfjs-core", () => import("@tensorflow/tfjs-core"));
  tf.env().set("PROD", true);
  if (backend !== "auto") {
    await start(tf, backend);
    return tf;
  }
  const reasons: string[] = [];
  for (const name of tf.env().getBool("IS_NODE") ? (["wasm", "cpu"] as const) : names)
    try {
      await start(tf, name);
      return tf;
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      reasons.push(error.message);
    }
  throw new ConfigError(`no backend of TensorFlow.js starts here: ${reasons.join("; ")}`);
}

async function start(tf: TensorFlow, backend: Backend): Promise<void> {
  await load(`@tensorflow/tfjs-backend-${backend}`, packages[backend]);
  const started = tf.findBackendFactory(backend) !== null && (await tf.setBackend(backend));
  if (!started)
    throw new ConfigError(`the TensorFlow.js backend ${backend} does not start on this machine: choose another, such as cpu`);
}

async function load<Module>(name: string, module: () => Promise<Module>): Promise<Module> {
  try {
    return await module();
  } catch (cause) {
    throw new ConfigError(`the package ${name} could not be loaded: install it with npm install ${name}@4`, { cause });
  }
}
