import { type Architecture, hiddenLayers, parameterCount } from "@sonde/nets";
import { count } from "./numbers.js";

/** One line about a model: sizes, activation, initialisation, parameters. */
export function modelLine(architecture: Architecture): string {
  const layers = hiddenLayers(architecture);
  const widths = [...new Set(layers.map(({ units }) => units))];
  const labels = [...new Set(layers.map(({ label }) => label))];
  const inits = new Set(
    architecture.layers.flatMap((layer) =>
      "init" in layer || layer.kind === "dense" || layer.kind === "conv" ? [layer.init ?? "he-normal"] : [],
    ),
  );
  const width =
    widths.length === 1
      ? `width ${widths[0]}`
      : widths.length === 0
        ? ""
        : `widths ${Math.min(...widths)} to ${Math.max(...widths)}`;
  return [
    `${architecture.input.join(" x ")} input${architecture.input.join() === "1" ? "" : "s"}`,
    `${count(layers.length, "hidden layer")}${width && ` of ${width}`}`,
    labels.join(", "),
    [...inits].join(", "),
    count(parameterCount(architecture), "parameter"),
  ]
    .filter(Boolean)
    .join(" · ");
}
