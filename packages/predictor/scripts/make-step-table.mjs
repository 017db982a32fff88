// node scripts/make-step-table.mjs NAME [SAMPLES]: writes src/angles/tables/NAME.ts, the law of the angle after one layer, from SAMPLES (fewer for wide layers)
// exact-in-law layers for each width. NAME is one of the tables below, which also say how many samples the committed table has; with 8e6 it takes ten minutes. Counter-based random
// numbers, common to all angles: the same table everywhere; npm run format lays it out.
//
// With a, b the images of the inputs and e = (b - cos(theta) a) / sin(theta), R = ln sin^2 theta' - ln D follows from the sums of a^2, a e and e^2 over units. Where
// degenerate pairs are rare, their linear and quadratic terms, whose expectations are known, are control variates: they take away nearly all noise of the mean and much of the variance's.
import { writeFileSync } from "node:fs";
import { normals, split, stream } from "@sonde/core";
import { normalCdf } from "@sonde/core/math";

const few = [4, 6, 8, 12, 16, 24, 32, 64];
/** The slope below 0, and the widths. */
const tables = {
  relu: { slope: 0, committed: 8e6, widths: [2, 3, 4, 5, 6, 8, 10, 12, 16, 24, 32, 48, 64, 128] },
  "leaky-1": { slope: 0.01, committed: 1e6, widths: few },
  "leaky-10": { slope: 0.1, committed: 1e6, widths: few },
  "leaky-30": { slope: 0.3, committed: 1e6, widths: few },
};
const [name, samplesGiven] = process.argv.slice(2);
const { slope, widths, committed } = tables[name];
const most = Number(samplesGiven ?? committed);
const steps = 32;
/** The probabilities below which the parts of the law end. */
const ends = [...Array.from({ length: 31 }, (_, k) => normalCdf((k - 15) / 4)), 1];
/** Cells of the histogram of standardised R between `low` and `high`; what lies outside is counted at both ends. */
const [low, high, cells] = [-24, 8, 4096];
/** 1, three linear and six quadratic terms. */
const controls = 10;

const angles = Array.from({ length: steps }, (_, k) => exactAt((k * Math.PI) / steps));

const entries = widths.map((width, w) => {
  const samples = Math.floor(most * Math.min(1, 16 / width));
  const laws = lawsOf(width, samples, split(stream(0), w));
  console.error(`width ${width}: ${samples} layers`);
  const row = (values, factor, digits) => `"${values.map((value) => Number((factor * value).toFixed(digits))).join(",")}"`;
  const all = (field) => laws.map((law) => law[field]);
  return [
    "    {",
    `      width: ${width},`,
    `      mean: ${row(all("mean"), width, 5)},`,
    `      variance: ${row(all("variance"), width, 5)},`,
    "      shape: [",
    ...all("shape").map((shape) => `        ${row(shape, 1000, 0)},`),
    "      ],",
    "    },",
  ].join("\n");
});

writeFileSync(
  new URL(`../src/angles/tables/${name}.ts`, import.meta.url),
  `// Written by scripts/make-step-table.mjs.
import type { StepTable } from "./step-table.js";

export const table: StepTable = {
  slope: ${slope},
  widths: [
${entries.join("\n")}
  ],
};
`,
);

/** For every angle the mean and variance of R, and the means of standardised R between quantiles. */
function lawsOf(width, samples, random) {
  const pilots = angles.map(() => []);
  simulate(width, Math.min(samples, 50_000), random, (k, value) => pilots[k].push(value));
  const centre = pilots.map((values) => average(values));
  const scale = pilots.map((values, k) => Math.sqrt(average(values.map((value) => (value - centre[k]) ** 2))));

  const counts = angles.map(() => new Float64Array(cells + 2));
  const tails = angles.map(() => [0, 0]);
  const sums = angles.map(() => new Float64Array(controls * (controls + 2)));
  const terms = new Float64Array(controls);
  // Unless degenerate pairs, which are left out, are rare, the expectations are not those of the others.
  const used = slope === 0 && width < 16 ? 1 : controls;
  simulate(width, samples, random, (k, value, aa, ae, ee) => {
    const z = (value - centre[k]) / scale[k];
    controlTerms(terms, angles[k], width, aa, ae, ee);
    const sum = sums[k];
    for (let i = 0; i < used; i++) {
      const at = i * (controls + 2);
      for (let j = 0; j <= i; j++) sum[at + j] += terms[i] * terms[j];
      sum[at + controls] += terms[i] * z;
      sum[at + controls + 1] += terms[i] * z * z;
    }
    const cell = z < low ? 0 : z >= high ? cells + 1 : 1 + Math.floor(((z - low) * cells) / (high - low));
    counts[k][cell]++;
    if (z < low) tails[k][0] += z;
    if (z >= high) tails[k][1] += z;
  });
  return angles.map((_, k) => {
    const n = sums[k][0];
    const [mean, square] = [0, 1].map((y) => intercept(sums[k], used, controls + y));
    const sampled = sums[k][controls] / n;
    const spread = Math.sqrt(sums[k][controls + 1] / n - sampled * sampled);
    return {
      mean: centre[k] + scale[k] * mean,
      variance: scale[k] ** 2 * (square - mean * mean),
      shape: partMeans(counts[k], tails[k], n).map((z) => (z - sampled) / spread),
    };
  });
}

/** Calls `visit(k, R, sum a^2, sum a e, sum e^2)` for every layer and angle at which the pair is not degenerate. */
function simulate(width, samples, random, visit) {
  const batch = 4096;
  const draws = new Float64Array(2 * width * batch);
  const active = new Float64Array(width);
  for (let done = 0; done < samples; done += batch) {
    normals(random, draws, done * 2 * width);
    for (let b = 0; b < Math.min(batch, samples - done); b++) {
      const from = 2 * width * b;
      let aa = 0;
      let [tangent, tangents] = [0, 0];
      for (let i = 0; i < width; i++) {
        const g = draws[from + i];
        const a = phi(g);
        active[i] = a;
        aa += a * a;
        // As theta -> 0, e is the other variate times the derivative at the first.
        const z = g > 0 ? draws[from + width + i] : slope * draws[from + width + i];
        tangent += a * z;
        tangents += z * z;
      }
      visitUnless(visit, 0, aa * tangents - tangent * tangent, aa, tangent, tangents, aa);
      for (let k = 1; k < steps; k++) {
        const { c, s } = angles[k];
        let bb = 0;
        let ab = 0;
        for (let i = 0; i < width; i++) {
          const b = phi(c * draws[from + i] + s * draws[from + width + i]);
          bb += b * b;
          ab += active[i] * b;
        }
        visitUnless(visit, k, aa * bb - ab * ab, aa, (ab - c * aa) / s, (bb - 2 * c * ab + c * c * aa) / (s * s), bb);
      }
    }
  }
}

/** max(z, 0) + slope min(z, 0), without a branch. */
function phi(z) {
  return ((1 + slope) / 2) * z + ((1 - slope) / 2) * Math.abs(z);
}

/** Of collinear images only rounding is left: they are passed over. */
function visitUnless(visit, k, determinant, aa, ae, ee, bb) {
  const sin2 = determinant / (aa * bb);
  if (sin2 > 1e-14 && determinant > (k === 0 ? 1e-13 * aa * ee : 0)) visit(k, Math.log(sin2) - angles[k].logD, aa, ae, ee);
}

/** What is known exactly at an angle: ln D (at 0 relative to sin^2 theta), and the means and covariances of (a^2, a e, e^2). */
function exactAt(theta) {
  const [c, s] = [Math.cos(theta), Math.sin(theta)];
  const limit = theta === 0;
  // E a^p b^q over the four quadrants, from E relu(G)^p relu(H)^q at theta and at pi - theta.
  const mixed = (p, q) =>
    (1 + slope ** (p + q)) * rectified(p, q, theta) + ((-slope) ** p + (-slope) ** q) * rectified(p, q, Math.PI - theta);
  const second = (1 + slope ** 2) / 2;
  const four = 1.5 * (1 + slope ** 4);
  const [j11, j22, j31] = [mixed(1, 1), mixed(2, 2), mixed(3, 1)];
  const means = limit ? [second, 0, second] : [second, (j11 - c * second) / s, (second - 2 * c * j11 + c * c * second) / s ** 2];
  // E a^4, E a^3 e, ..., E e^4.
  const fourth = limit
    ? [four, 0, four / 3, 0, four]
    : [
        four,
        (j31 - four * c) / s,
        (j22 - 2 * c * j31 + four * c ** 2) / s ** 2,
        (j31 - 3 * c * j22 + 3 * c ** 2 * j31 - four * c ** 3) / s ** 3,
        (four - 4 * c * j31 + 6 * c ** 2 * j22 - 4 * c ** 3 * j31 + four * c ** 4) / s ** 4,
      ];
  const covariances = means.map((x, i) => means.map((y, j) => fourth[i + j] - x * y));
  const logD = limit ? 0 : Math.log(1 - (j11 / second) ** 2);
  return { c, s, means, covariances, logD };
}

/** E relu(G)^p relu(H)^q for p q = 1, 3 or 4. */
function rectified(p, q, theta) {
  const [c, s] = [Math.cos(theta), Math.sin(theta)];
  const [polynomial, sine] = { 1: [c, 1], 3: [3 * c, 2 + c * c], 4: [1 + 2 * c * c, 3 * c] }[p * q];
  return ((Math.PI - theta) * polynomial + s * sine) / (2 * Math.PI);
}

/** 1, then terms of expectation 0: deviations of the three means from their expectations, and their products. */
function controlTerms(terms, { means, covariances }, width, aa, ae, ee) {
  const root = Math.sqrt(width);
  const x = (aa / width - means[0]) * root;
  const y = (ae / width - means[1]) * root;
  const z = (ee / width - means[2]) * root;
  terms[0] = 1;
  terms[1] = x;
  terms[2] = y;
  terms[3] = z;
  terms[4] = x * x - covariances[0][0];
  terms[5] = x * y - covariances[0][1];
  terms[6] = y * y - covariances[1][1];
  terms[7] = x * z - covariances[0][2];
  terms[8] = y * z - covariances[1][2];
  terms[9] = z * z - covariances[2][2];
}

/** The constant of the least-squares fit of column `target` by the first `used` terms: its mean without what their noise explains. */
function intercept(sums, used, target) {
  const stride = controls + 2;
  const rows = Array.from({ length: used }, (_, i) => [
    ...Array.from({ length: used }, (_, j) => sums[Math.max(i, j) * stride + Math.min(i, j)]),
    sums[i * stride + target],
  ]);
  // Gauss elimination from the last term to the first.
  for (let i = used - 1; i > 0; i--)
    for (let r = 0; r < i; r++) {
      const factor = rows[r][i] / rows[i][i];
      for (let j = 0; j <= used; j++) rows[r][j] -= factor * rows[i][j];
    }
  return rows[0][used] / rows[0][0];
}

/** The means between the quantiles at `ends` of the values that a histogram counts, those of a cell spread evenly over it. */
function partMeans(counts, tails, n) {
  const cell = (high - low) / cells;
  const means = [];
  let [sum, weight, before] = [0, 0, 0];
  counts.forEach((count, j) => {
    let taken = 0;
    while (taken < count) {
      const last = means.length === ends.length - 1;
      const part = last ? count - taken : Math.min(count - taken, ends[means.length] * n - before);
      const inside = low + cell * (j - 1 + (taken + part / 2) / count);
      sum += part * (j === 0 ? tails[0] / count : j > cells ? tails[1] / count : inside);
      weight += part;
      before += part;
      taken += part;
      if (taken < count && !last) {
        means.push(sum / weight);
        [sum, weight] = [0, 0];
      }
    }
  });
  means.push(sum / weight);
  return means;
}

function average(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
