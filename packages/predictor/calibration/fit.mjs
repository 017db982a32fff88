// node packages/predictor/calibration/fit.mjs: fits the model of P(fails to train) to the half of the architectures that is not held out, and writes src/failure/calibration.ts and experiment.json.gz.
import { writeFileSync } from "node:fs";
import { integer, split, stream } from "@sonde/core";
import { examples, fails, keep } from "./examples.mjs";
import { designOf, fit, knotsOf, logLoss, logOdds } from "./logistic.mjs";

const [replicates, folds] = [10, 5];
const penalties = [3e-4, 1e-3, 3e-3, 1e-2];
const recipes = {
  adam: "Adam, learning rate 0.001, batches of 64, 600 steps for classes and 1500 for values",
  momentum: "SGD with momentum 0.9 at the best of five learning rates, batches and steps as by Adam",
};

const all = examples();
keep(all);
const own = all.filter(({ held }) => !held);
const names = [...new Set(own.flatMap(({ indicators }) => Object.keys(indicators)))];

writeFileSync(
  new URL("../src/failure/calibration.ts", import.meta.url),
  `// Written by calibration/fit.mjs from experiment.json.gz.\n// biome-ignore-all format: generated\n// biome-ignore-all lint: generated
import type { FailureModel } from "./model.js";

/** A model, and what it would have been on resampled architectures. */
export interface Calibrated {
  readonly model: FailureModel;
  readonly replicates: readonly FailureModel[];
}

/** What is known of training by one recipe: the models where it is known what is to be learned, and where not. */
export interface Recipe {
  readonly recipe: string;
  /** How many architectures it was fitted to. */
  readonly architectures: number;
  readonly withTargets: Calibrated;
  readonly withoutTargets: Calibrated;
}

/** \`seen\`: the least and the largest value of each indicator. */
export const calibration: { readonly seen: Readonly<Record<string, readonly [low: number, high: number]>>; readonly adam: Recipe; readonly momentum: Recipe } = ${JSON.stringify({ seen: Object.fromEntries(names.map((name) => [name, rangeOf(name)])), adam: calibrate("adam", "adam"), momentum: calibrate("momentum", "sgd") })};
`,
);

function rangeOf(name) {
  const values = own.flatMap(({ indicators }) => (indicators[name] ? [indicators[name][0]] : []));
  return [Math.min(...values), Math.max(...values)];
}

/** The models of one recipe, whose outcomes stand in the column `outcomes` for those that were trained by it. */
function calibrate(name, outcomes) {
  const trained = own.filter((one) => one[outcomes]);
  const failed = trained.map((one) => fails(one[outcomes].end));
  console.log(
    name,
    trained.length,
    "architectures,",
    failed.reduce((sum, one) => sum + one, 0),
    "failed",
  );
  return {
    recipe: recipes[name],
    architectures: trained.length,
    withTargets: calibrated(trained, failed, names),
    withoutTargets: calibrated(
      trained,
      failed,
      names.filter((indicator) => !indicator.startsWith("unlearnable")),
    ),
  };
}

function calibrated(own, failed, used) {
  const knots = new Map(
    used.flatMap((name) => {
      const values = own.flatMap(({ indicators }) => (indicators[name] ? [indicators[name][0]] : []));
      const places = values.length > 0 ? knotsOf(values) : [];
      return places.length > 0 ? [[name, places]] : [];
    }),
  );
  const design = designOf(own, knots);
  const penalty = bestPenalty(design, failed);
  const whole = fit(design, failed, { penalty });
  const resampled = Array.from({ length: replicates }, (_, r) => {
    const random = split(stream(7), r);
    const counts = new Array(own.length).fill(0);
    for (let i = 0; i < own.length; i++) counts[integer(random, i, own.length)]++;
    return modelOf(fit(design, failed, { penalty, counts, steps: 300, start: whole }), knots, whole);
  });
  console.log(used.length, "indicators, penalty", penalty);
  return { model: modelOf(whole, knots, whole), replicates: resampled };
}

/** That whose models say best what becomes of architectures that they were not fitted to. */
function bestPenalty(design, failed) {
  const pick = (list, keepIt) => list.filter((_, i) => keepIt(i));
  const scored = penalties.map((penalty) => {
    let sum = 0;
    for (let fold = 0; fold < folds; fold++) {
      const counts = failed.map((_, i) => (i % folds === fold ? 0 : 1));
      const w = fit(design, failed, { penalty, counts, steps: 500 });
      const left = (i) => counts[i] === 0;
      sum += logLoss(
        logOdds({ ...design, rows: pick(design.rows, left), groups: pick(design.groups, left) }, w),
        pick(failed, left),
      );
    }
    return { penalty, loss: sum / folds };
  });
  console.log(scored.map(({ penalty, loss }) => `${penalty}: ${loss.toFixed(4)}`).join("  "));
  return scored.reduce((best, one) => (one.loss < best.loss ? one : best)).penalty;
}

/** Terms without any weight in the model itself are left out. */
function modelOf(w, knots, whole) {
  const short = (value) => Number(value.toPrecision(3));
  const terms = [];
  let at = 0;
  for (const [name, places] of knots) {
    const part = (all) => Array.from(all.subarray(at, at + places.length), short);
    if (part(whole).some((value) => value > 1e-3)) terms.push({ name, knots: places, rises: part(w) });
    at += places.length;
  }
  return { base: Array.from(w.subarray(at), short), terms };
}
