import type { ModelLayer } from "./layer.js";

/**
 * A layer in a few words; with names as the file writes them, which may hold anything.
 *
 * @example
 * layerWords({ kind: "conv", options: { channels: 8, kernel: [3, 3] } }) // "conv 8, 3 x 3"
 */
export function layerWords({ kind, options, unsupported }: Pick<ModelLayer, "kind" | "options" | "unsupported">): string {
  const { units, channels, kernel, strides, groups, activation, norm, pool, window, cell, operator, by, rate, statistics } =
    options;
  const size = (value: unknown) => (Array.isArray(value) ? value.join(" x ") : String(value));
  if (unsupported !== undefined) return `? ${unsupported}`;
  switch (kind) {
    case "dense":
      return `dense ${units}`;
    case "conv":
    case "conv-transpose":
      return [
        `${kind === "conv" ? "conv" : "transposed conv"} ${channels}`,
        size(kernel),
        ...(Array.isArray(strides) && strides.some((step) => step !== 1) ? [`stride ${size(strides)}`] : []),
        ...(groups === "channels" ? ["depthwise"] : groups !== undefined && groups !== 1 ? [`groups ${groups}`] : []),
      ].join(", ");
    case "activation":
      return String(activation);
    case "norm":
      return `${norm} norm${statistics === "batch" ? ", statistics of the batch" : ""}`;
    case "pool":
      return `${pool} pool ${window === "global" ? "global" : size(window)}`;
    case "recurrent":
      return `${cell ?? "recurrent"} ${units ?? ""}`.trim();
    case "embedding":
      return `embedding ${options.entries} x ${units}`;
    case "attention":
      return `attention${options.heads === undefined ? "" : `, ${options.heads} heads`}`;
    case "dropout":
      return rate === undefined ? "dropout" : `dropout ${rate}`;
    case "arithmetic":
    case "reduce":
    case "select":
      return `${operator ?? kind}${by === undefined ? "" : ` ${by}`}`.toLowerCase();
    default:
      return kind;
  }
}
