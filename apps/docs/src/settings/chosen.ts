import type { MlpOptions } from "@sonde/nets";
import { decidesBias, type Settings } from "./settings.js";

/** The choices that differ from the defaults, as `mlp` takes them; `--skip residual` has units of one layer, so that every depth divides. */
export function chosen({ activation, init, weightVariance, bias, norm, skip }: Settings): MlpOptions {
  return {
    ...(activation !== "relu" && { activation }),
    ...(init !== "he-normal" && { init }),
    ...(weightVariance !== null && !decidesBias(init) && { weightVariance }),
    ...(bias !== "zeros" && !decidesBias(init) && { bias }),
    ...(norm !== "none" && { norm }),
    ...(skip !== "none" && { skip }),
    ...(skip === "residual" && { block: 1 }),
  };
}
