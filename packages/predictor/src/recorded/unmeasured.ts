import type { RecordedMeasurement } from "./measure-recorded.js";

/** A question that has no answer here, and why. */
export interface Unmeasured {
  readonly question: string;
  readonly reason: string;
}

/** Whether the slopes of activations that are known were not looked at; a layer whose activation is not known, such as a sum of branches, has none to tell. */
function withoutSlopes(layers: RecordedMeasurement["layers"]): boolean {
  const looked = layers.filter(({ slope, saturated, linear }) => slope ?? saturated ?? linear);
  return looked.length === 0 || layers.some((layer) => layer.activation !== undefined && !looked.includes(layer));
}

/** What a recording does not tell, and what would have to be recorded for it. */
export function unmeasuredOf({ points, pairs, layers, inputs, outputs }: RecordedMeasurement): Unmeasured[] {
  const lacks = (has: (layer: RecordedMeasurement["layers"][number]) => unknown) => !layers.every(has);
  return [
    {
      question: "probability of failing to train",
      reason:
        "it is calibrated for random networks of a known architecture, and a recording tells neither architecture nor initialisation",
    },
    { question: "probability of being born dead", reason: "a recording is of one network, and says whether that one is dead" },
    ...(inputs
      ? []
      : [
          {
            question: "inputs",
            reason: "no array is named input: record them as the first, so that changes are told from what was there",
          },
        ]),
    ...(outputs ? [] : [{ question: "outputs", reason: "no array is named output or logits: record them as the last" }]),
    ...(points < 2
      ? [{ question: "angles, units, dimensions", reason: "one point says nothing about how points differ: record some hundred" }]
      : []),
    ...(points >= 2 && pairs === 0 ? [{ question: "angles", reason: "every layer has one number a point" }] : []),
    ...(withoutSlopes(layers)
      ? [
          {
            question: "slopes and saturation",
            reason: "they need what goes into each activation (NAME.pre beside NAME) and the activation's name",
          },
        ]
      : []),
    ...(lacks(({ gradient }) => gradient)
      ? [{ question: "gradients", reason: "they were not recorded in every layer: save them as NAME.grad beside NAME" }]
      : []),
    { question: "theory, and cures with their computed effect", reason: "both need the architecture" },
  ];
}
