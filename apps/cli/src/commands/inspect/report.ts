import { quote } from "@sonde/core";
import { type InspectedModel, layerWords } from "@sonde/formats";
import { count, thousands } from "../../render/numbers.js";
import type { Page } from "../../render/page.js";
import { shownLayers, table } from "../../render/table.js";
import { labelled, wrap } from "../../render/wrap.js";

const formats: Readonly<Record<InspectedModel["format"], string>> = {
  onnx: "ONNX",
  safetensors: "safetensors",
  pytorch: "PyTorch state dict",
  keras: "Keras",
  "keras-h5": "Keras, HDF5",
  tfjs: "TensorFlow.js",
};

/** The report of `sonde inspect`; `installed` is the version of onnxruntime-node that is there. */
export function inspectReport(page: Page, model: string, result: InspectedModel, installed: string | undefined): string {
  const { format, version, producer, inputs, outputs, layers, parameters, initialiser, unsupported } = result;
  const about = [formats[format], version, producer].filter(
    (text, k, all) => text && !all.slice(0, k).some((before) => before?.includes(text)),
  );
  const shapes = (values: InspectedModel["inputs"]) =>
    values.length === 0
      ? "not in the file"
      : values
          .map(({ name, shape }) =>
            `${shown(name)} ${shape ? `[${shape.map((size) => shown(String(size))).join(", ")}]` : ""}`.trim(),
          )
          .join("; ");
  const { trained, name } = initialiser;
  const weights = trained === true ? page.bold("trained") : name === null ? "unknown" : page.bold(name);
  return [
    `  ${page.bold(shown(model))}`,
    ...wrap(about.map((text) => shown(text ?? "")).join(" · "), page.width, "  ").map(page.dim),
    page.dim(`  ${count(layers.length, "layer")} · ${count(parameters, "parameter")}`),
    "",
    ...labelled(page, "  inputs       ", shapes(inputs)),
    ...labelled(page, "  outputs      ", shapes(outputs)),
    ...labelled(page, "  weights      ", `${weights}: ${shown(initialiser.evidence.join("; "), 600)}`),
    ...labelled(
      page,
      "  not known    ",
      unsupported.length === 0 ? "nothing: Sonde knows what every layer is" : `${count(unsupported.length, "layer")}, below`,
    ),
    ...runLines(page, result, installed),
    "",
    ...layerLines(page, layers),
    ...unsupportedLines(page, unsupported),
  ].join("\n");
}

/** What runs the network, where Sonde does not. */
function runLines(page: Page, { notRun }: InspectedModel, installed: string | undefined): string[] {
  if (notRun.length === 0) return [];
  const operators = shown(`${notRun.slice(0, 4).join(", ")}${notRun.length > 4 ? ` and ${notRun.length - 4} more` : ""}`, 300);
  const there = installed ? `${installed}, which is installed` : "which is not installed: npm install onnxruntime-node";
  return labelled(
    page,
    "  run by       ",
    `onnxruntime-node${installed ? " " : ", "}${there}; Sonde does not run ${operators} itself`,
  );
}

/** Names come from the file: no control characters, and not too long. */
function shown(text: string, most = 80): string {
  const plain = quote(text).slice(1, -1);
  return most <= 80 ? plain : text.length <= 80 ? plain : text.replace(/[^\x20-\x7e\u00a0-\uffff]/g, "�").slice(0, most);
}

function layerLines(page: Page, layers: InspectedModel["layers"]): string[] {
  if (layers.length === 0) return [page.dim("  no layers")];
  const rows = shownLayers(layers.length, 40).map((l) => ({ ...layers[l], number: l + 1 }));
  const column = (heading: string, cell: (layer: (typeof rows)[number]) => string) => ({ heading, cells: rows.map(cell) });
  const shape = layers.some((layer) => layer.shape !== null);
  const [names, ...lines] = table(
    [
      column("", ({ number }) => String(number)),
      { ...column("layer", ({ name }) => shown(name).slice(0, 36)), align: "left" as const },
      { ...column("is", (layer) => shown(layerWords(layer), 300)), align: "left" as const, wraps: true },
      ...(shape
        ? [
            {
              ...column("output", ({ shape: own }) =>
                own ? shown(own.map((size) => (typeof size === "number" ? size : "·")).join(" x ")).slice(0, 24) : "–",
              ),
              align: "left" as const,
            },
          ]
        : []),
      column("parameters", ({ parameters }) => (parameters > 0 ? thousands(parameters) : "–")),
    ],
    page.width,
  );
  const left = layers.length - rows.length;
  return [page.dim(names), ...lines, ...(left > 0 ? [page.dim(`  ${thousands(left)} more layers with --json`)] : [])];
}

function unsupportedLines(page: Page, unsupported: InspectedModel["unsupported"]): string[] {
  if (unsupported.length === 0) return [];
  const reasons = new Map<string, string[]>();
  for (const { layer, reason } of unsupported) reasons.set(reason, [...(reasons.get(reason) ?? []), layer]);
  return [
    "",
    `  ${page.bold("What Sonde does not know")}`,
    ...[...reasons]
      .slice(0, 20)
      .flatMap(([reason, names]) =>
        wrap(
          `${shown(reason, 300)} (${shown(names[0])}${names.length > 1 ? ` and ${names.length - 1} more` : ""})`,
          page.width,
          "    ",
        ),
      ),
  ];
}
