import { type InspectedRecording, inspectRecording } from "@sonde/checkup/files";
import { quote } from "@sonde/core";
import { readArrays } from "@sonde/formats/node";
import { type Finished, runOn } from "../../command.js";
import type { SharedOptions } from "../../options.js";
import { count, short, thousands } from "../../render/numbers.js";
import type { Page } from "../../render/page.js";
import { shortName } from "../../render/short-name.js";
import { shownLayers, table } from "../../render/table.js";

/** `sonde inspect recorded.npz`: what its arrays are, and what they are taken for. */
export function inspectRecorded(model: string, options: SharedOptions): Promise<number> {
  const subject = {
    name: "inspect",
    model,
    started: performance.now(),
    architecture: null,
    line: "recorded activations",
    settings: { model },
    warnings: [],
  };
  return runOn(subject, options, async (): Promise<Finished> => {
    const { result, warnings } = inspectRecording(await readArrays(model), { model });
    return {
      result,
      settings: {},
      warnings,
      interrupted: false,
      exitCode: 0,
      report: (page) => recordingReport(page, model, result),
    };
  });
}

function recordingReport(page: Page, model: string, { arrays, points, layers, values }: InspectedRecording): string {
  const shown = shownLayers(arrays.length, 40).map((k) => arrays[k]);
  const [names, ...rows] = table(
    [
      { heading: "array", align: "left", cells: shown.map(({ name }) => shortName(name)) },
      { heading: "taken for", align: "left", cells: shown.map(({ role }) => role) },
      { heading: "shape", align: "left", cells: shown.map(({ shape }) => shape.join(" x ")) },
      { heading: "type", align: "left", cells: shown.map(({ type }) => type), optional: true },
      { heading: "lowest", cells: shown.map(({ low }) => short(low)) },
      { heading: "highest", cells: shown.map(({ high }) => short(high)) },
      { heading: "root mean square", cells: shown.map(({ rootMeanSquare }) => short(rootMeanSquare)), optional: true },
      { heading: "zeros", cells: shown.map(({ zeros }) => thousands(zeros)), optional: true },
    ],
    page.width,
  );
  return [
    `  ${page.bold(quote(model).slice(1, -1))}`,
    page.dim(`  recorded activations · ${count(layers, "hidden layer")} · ${count(points, "point")} · ${count(values, "value")}`),
    "",
    page.dim(names),
    ...rows,
  ].join("\n");
}
