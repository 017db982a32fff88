// node scripts/accuracy.mjs [SHARE]: compares predicted angles with simulated networks and writes accuracy.md; with SHARE (default 1) of the networks. Fifteen minutes on an idle
// core; `npm run verify -- predict` runs the same comparisons.
import { writeFileSync } from "node:fs";
import { ksTest } from "@sonde/core";
import { measureAngles, twoInputs } from "@sonde/metrics-correlation";
import { estimateOver, hiddenLayers, mlp } from "@sonde/nets";
import { angleChain, distributionCdf, predictAngles } from "@sonde/predictor/angles";

/** Widths, angles between the inputs, and networks simulated for each. */
const plan = [
  { width: 8, networks: 40_000 },
  { width: 12, networks: 40_000 },
  { width: 24, networks: 20_000 },
  { width: 48, networks: 20_000 },
  { width: 128, networks: 10_000 },
  { width: 1024, networks: 6000 },
];
const startingAngles = { 0.01: 0.01, "pi/2": Math.PI / 2, 2.5: 2.5, pi: Math.PI };
const shown = [1, 10, 50, 100, 200];

/** Predicted and simulated ln sin^2 theta, layer by layer; layers with fewer than two hundred pairs left are passed over. */
export async function* comparisons(share = 1) {
  for (const [name, theta0] of Object.entries(startingAngles))
    for (const { width, networks: most } of plan) {
      const networks = Math.ceil(share * most);
      const model = mlp(`2-${width}x${Math.max(...shown)}-1`);
      const measured = await measureAngles(model, { theta0, networks, quantiles: [] });
      const predicted = predictAngles(model, { theta0 });
      for (const layer of shown) {
        const { logSin2, degenerate } = measured.layers[layer - 1];
        if (logSin2.networks < 200) continue;
        const { finiteWidth, published, infiniteWidth } = predicted.layers[layer - 1];
        yield { name, width, layer, logSin2, degenerate, networks, finiteWidth, published, infiniteWidth };
      }
    }
}

/** ln sin^2 theta at the last hidden layer of simulated networks, without degenerate pairs. */
async function simulated(model, theta0, networks) {
  const last = hiddenLayers(model).length;
  const values = {
    name: "values",
    trace: () => [],
    observe(trace, layer) {
      const { logSin2 } = (layer.layer === last && layer.pairAngle()) || {};
      // Neither a zero point nor collinear ones.
      if (logSin2 > Number.NEGATIVE_INFINITY) trace.push(logSin2);
    },
    empty: () => [],
    fold: (state, trace) => state.push(...trace),
    merge: (state, next) => state.push(...next),
  };
  const request = { metric: values, options: {}, precision: "difference", watched: () => undefined };
  const { states } = await estimateOver(model, twoInputs(model, theta0), [request], { networks, seed: 1 });
  return states[0];
}

/** Kolmogorov-Smirnov tests of both laws against 20,000 simulated networks. */
export async function* distributionTests() {
  for (const { width, layers, angle } of [
    { width: 256, layers: 31, angle: "0.1" },
    { width: 64, layers: 50, angle: "pi/2" },
    { width: 16, layers: 10, angle: "pi/2" },
  ]) {
    const theta0 = startingAngles[angle] ?? Number(angle);
    const values = await simulated(mlp(`2-${width}x${layers}-1`), theta0, 20_000);
    for (const law of ["tabulated", "matched"]) {
      const chain = [...angleChain(theta0, Array(layers).fill(width), { law })];
      const test = ksTest(values, distributionCdf(chain[layers - 1]));
      yield { name: `width ${width}, layer ${layers}, theta0 ${angle}`, law, ...test };
    }
  }
}

/** Layer by layer the simulated mean and spread, and the predictions, of the angle evolution figure of the JMLR paper. */
async function paperFigure() {
  const [model, theta0] = [mlp("784-256x32-10"), 0.1];
  const { layers } = await measureAngles(model, { theta0, networks: 20_000, quantiles: [] });
  return predictAngles(model, { theta0 }).layers.map(({ layer, finiteWidth, published, infiniteWidth }, l) => {
    const { value, standardError, sd } = layers[l].logSin2;
    const numbers = [sd, finiteWidth.mean, finiteWidth.sd, published.mean, published.sd, infiniteWidth.logSin2];
    return [layer, `${value.toFixed(4)} ± ${standardError.toFixed(4)}`, ...numbers.map((number) => number.toFixed(4))];
  });
}

if (import.meta.url === `file://${process.argv[1]}`) {
  const share = Number(process.argv[2] ?? 1);
  const rows = [];
  for await (const { name, width, layer, logSin2, degenerate, finiteWidth, published, infiniteWidth } of comparisons(share)) {
    // Opposite inputs are perpendicular after a layer, but for a unit or two.
    const percent = (ours, theirs) => (Math.abs(theirs) < 1e-9 ? "–" : `${(100 * (ours / theirs - 1)).toFixed(2)} %`);
    const mean = `${logSin2.value.toFixed(4)} ± ${logSin2.standardError.toFixed(4)}`;
    const errors = [percent(finiteWidth.mean, logSin2.value), percent(finiteWidth.sd, logSin2.sd)];
    const gone = [finiteWidth.degenerate, degenerate].map((share) => share.toPrecision(3));
    rows.push(
      [name, width, layer, mean, finiteWidth.mean.toFixed(4), errors[0], logSin2.sd.toFixed(4), errors[1], ...gone].concat(
        published ? published.mean.toFixed(3) : "",
        infiniteWidth.logSin2.toFixed(3),
      ),
    );
    console.log(rows.at(-1).join("  "));
  }
  const tests = [];
  for await (const { name, law, statistic, pValue } of distributionTests())
    tests.push([name, law, statistic.toFixed(4), pValue.toPrecision(2)]);
  const figure = await paperFigure();
  const table = (heading, lines) =>
    [heading, heading.map(() => "---"), ...lines].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
  writeFileSync(
    new URL("../accuracy.md", import.meta.url),
    `# How well angles are predicted

Written by \`node scripts/accuracy.mjs\`: the mean and the standard deviation of ln sin^2 theta at a hidden layer of ReLU networks, predicted without sampling and simulated exactly in law. Networks: ${plan.map(({ width, networks }) => `${Math.ceil(share * networks)} of width ${width}`).join(", ")}.

${table(["theta0", "width", "layer", "simulated mean", "predicted", "error", "simulated sd", "error of sd", "degenerate, predicted", "simulated", "published mean", "infinite width"], rows)}

Errors below about three times the standard error of the simulation say nothing about the prediction. That of the sd is sd / sqrt(2 n) for a normal law of n pairs that are not degenerate: at width 8 and layer 100 there
are few left.

## The whole law

Kolmogorov-Smirnov tests of the predicted law against 20,000 simulated networks:

${table(["case", "law", "statistic", "p"], tests)}

## The figure of the paper

Width 256, depth 32, theta0 0.1 (Jakub and Nica, JMLR 25(239), 2024): the simulated band and three predictions of ln sin^2 theta.

${table(["layer", "simulated mean", "simulated sd", "finite width", "sd", "published", "sd", "infinite width"], figure)}
`,
  );
}
