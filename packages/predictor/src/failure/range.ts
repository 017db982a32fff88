import { type Architecture, allLayers, hiddenLayers, size } from "@sonde/nets";

/** The architectures that are like those of the calibration: widths were sampled up to 256, and twice as wide is not another question. */
export const calibratedRange = {
  depth: [1, 100],
  width: [2, 512],
  inputs: 784,
  activations: ["relu", "leaky-relu", "tanh", "sigmoid", "gelu", "silu", "elu", "selu", "softplus", "erf", "sin"],
  kinds: ["dense", "embedding", "activation", "norm", "residual", "concat", "flatten"],
} as const;

/** Why an architecture is not like those of the calibration, in words. */
export function outsideOf(architecture: Architecture): string[] {
  const hidden = hiddenLayers(architecture);
  const { depth, width, inputs, activations, kinds } = calibratedRange;
  const widths = hidden.map(({ units }) => units);
  const [least, most] = [Math.min(...widths), Math.max(...widths)];
  const layers = allLayers(architecture.layers);
  const strange = layers.find(({ kind }) => !(kinds as readonly string[]).includes(kind));
  const other = layers.find(
    (layer) => layer.kind === "activation" && !(activations as readonly string[]).includes(layer.activation.split(":")[0]),
  );
  return [
    ...(strange ? [`it has ${strange.kind} layers`] : []),
    ...(other?.kind === "activation" ? [`its activation is ${other.activation}`] : []),
    ...(hidden.length < depth[0] || hidden.length > depth[1]
      ? [`it has ${hidden.length} hidden layers, not ${depth[0]} to ${depth[1]}`]
      : []),
    ...(hidden.length > 0 && (least < width[0] || most > width[1])
      ? [`its layers are ${least === most ? least : `${least} to ${most}`} wide, not ${width[0]} to ${width[1]}`]
      : []),
    ...(size(architecture.input) > inputs ? [`it has ${size(architecture.input)} inputs, not up to ${inputs}`] : []),
  ];
}
