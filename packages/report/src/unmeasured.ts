import type { CheckRecord } from "./check-record.js";

/** A question that has no answer here, and why. */
export interface UnmeasuredRecord {
  readonly question: string;
  readonly reason: string;
}

/** What a record does not tell, and why: of a recording it says so itself, otherwise what is absent is named. */
export function unmeasured({ result, interrupted }: CheckRecord): UnmeasuredRecord[] {
  if (result.unmeasured) return [...result.unmeasured];
  const { failure, layers, nodes, widthLimit } = result;
  const why = interrupted ? "the run was interrupted before" : undefined;
  const some = (has: (layer: (typeof layers)[number]) => unknown) => layers.some(has);
  return [
    ...(failure?.inRange ? [] : [{ question: "probability of failing to train", reason: why ?? outsideText(failure?.outside) }]),
    ...(layers.length === 0 ? [{ question: "layers", reason: "the network has no hidden layer" }] : []),
    ...(layers.length > 0 && !some(({ logSin2 }) => logSin2)
      ? [{ question: "angles", reason: why ?? "the inputs tell no two points apart by direction" }]
      : []),
    ...(layers.length > 0 && !nodes
      ? [{ question: "vanishing nodes", reason: why ?? "the inputs lie along a line, or are few points" }]
      : []),
    ...(layers.length > 0 && !some(({ gradient }) => gradient)
      ? [{ question: "gradients", reason: why ?? "a few networks would take long" }]
      : []),
    ...(some(({ saturated }) => saturated)
      ? []
      : [{ question: "saturation", reason: "no activation here is flat on both sides" }]),
    ...(widthLimit
      ? []
      : [{ question: "distance from infinite width", reason: why ?? "there is no such limit here, or it would take long" }]),
    { question: "training itself", reason: "the verdict is about initialisation on the inputs given; sonde train trains" },
  ];
}

function outsideText(outside: readonly string[] = []): string {
  return outside.length > 0 ? `not calibrated for such a network: ${outside.join(", ")}` : "not computed";
}
