import type { LikeModel, ModelRecording } from "@sonde/checkup/files";
import { quote } from "@sonde/core";
import type { RecordedDiagnosis } from "@sonde/predictor";
import { checkRecordedReport } from "./check-recorded.js";
import { count, percent, short } from "./numbers.js";
import type { Page } from "./page.js";
import { table } from "./table.js";
import { wrap } from "./wrap.js";

export interface CheckModelReport {
  readonly model: string;
  readonly diagnosis: RecordedDiagnosis;
  /** The points, in words. */
  readonly inputs: string;
  readonly weights: ModelRecording["weights"];
  readonly like: LikeModel | undefined;
  /** The program that ran it, where that was not Sonde. */
  readonly program: string | undefined;
}

/** The report of `sonde check` on a model file: this network, then networks like it. */
export function checkModelReport(page: Page, { model, diagnosis, inputs, weights, like, program }: CheckModelReport): string {
  const { trained, initialiser, drawn: random } = weights;
  const drawn =
    random === true
      ? `drawn by ${initialiser}`
      : trained === true
        ? "trained weights"
        : initialiser === null
          ? "weights of unknown origin"
          : `weights as drawn by ${initialiser}`;
  return [
    checkRecordedReport(page, {
      model,
      diagnosis,
      what: [
        random
          ? "a network drawn of this graph, in float64"
          : `this network, in ${program === undefined ? "float64" : `float32 by ${program}`}`,
        quote(drawn).slice(1, -1),
        inputs,
      ],
      source: random ? "this graph" : "this model",
    }),
    ...likeLines(page, like, diagnosis, random),
  ].join("\n");
}

function likeLines(page: Page, like: LikeModel | undefined, diagnosis: RecordedDiagnosis, drawn = false): string[] {
  if (!like) return [];
  const { initialiser, recognised, networks = 0, verdicts, figures = [], worse, points, reason } = like;
  const how = recognised
    ? `drawn as this one was, by ${initialiser}`
    : `by ${initialiser}, which was assumed: name another by --init`;
  if (networks === 0 || !verdicts)
    return [
      "",
      `  ${page.bold("Networks like it")}`,
      ...wrap(`of the same graph, ${how}: not drawn; ${reason ?? "they were interrupted"}`, page.width, "    "),
      ...ensembleLines(page, like),
    ];
  const [names, ...rows] = table(
    [
      { heading: "", cells: figures.map(({ about }) => about), align: "left", wraps: true },
      { heading: "this network", cells: figures.map(({ value }) => short(value)) },
      { heading: "like it", cells: figures.map(({ mean, sd }) => `${short(mean)} ± ${short(sd)}`) },
      { heading: "z", cells: figures.map(({ z, worse: bad }) => `${z === undefined ? "–" : short(z)}${bad ? " worse" : ""}`) },
    ],
    page.width,
  );
  const kinds = (["healthy", "at-risk", "degenerate"] as const)
    .filter((verdict) => verdicts[verdict] > 0)
    .map((verdict) => `${verdicts[verdict]} ${verdict.replace("-", " ")}`);
  return [
    "",
    `  ${page.bold("Networks like it")}`,
    ...wrap(
      `${count(networks, "network")} of the same graph, ${how}, at ${count(points, "point")}: ${kinds.join(", ")}.`,
      page.width,
      "    ",
    ),
    ...wrap(
      drawn
        ? "The network above is of the verdict that most of them have."
        : worse
          ? "This network is worse than its kind: what is wrong with it came with its weights."
          : diagnosis.verdict === "healthy"
            ? "Nothing is wrong with this network; where its figures differ, its weights are no longer as they were drawn, or were drawn otherwise."
            : "This network is no worse than its kind: what is wrong with it is wrong with all of them.",
      page.width,
      "    ",
    ),
    ...ensembleLines(page, like),
    page.dim(names),
    ...rows,
  ];
}

/** What the doctor of lists says of random networks of its layers. */
function ensembleLines(page: Page, { ensemble }: LikeModel): string[] {
  if (!ensemble) return [];
  const { verdict, failure, networks, findings } = ensemble;
  const named = [
    ...new Set(findings.filter(({ severity }) => severity !== "note").map(({ pathology }) => pathology.replaceAll("-", " "))),
  ];
  const fails = failure
    ? `P(fails) ${percent(failure.value)} (95 %: ${percent(failure.low)} to ${percent(failure.high)})${failure.inRange ? "" : ", beyond what was calibrated"}`
    : "P(fails) unknown";
  return wrap(
    `${count(networks, "random network")} of its layers, in the kernels: ${verdict.replace("-", " ")}${named.length > 0 ? ` (${named.join(", ")})` : ""}; ${fails}.`,
    page.width,
    "    ",
  );
}
