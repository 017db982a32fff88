import type { Sample } from "./sample.js";

/** Inputs and outputs that one weight joins. */
export interface Fans {
  readonly in: number;
  readonly out: number;
}

/** A law of independent weights: the variance that fans give, and the shape of its distribution. */
export interface Law {
  readonly name: string;
  readonly variance: (fans: Fans) => number;
  readonly shape: Shape;
}

type Shape = "normal" | "uniform" | "truncated";

/** The variance of a normal law that is cut at two standard deviations, against the whole one's. */
const cut = 0.7737413;

/** Kurtosis of each shape, its eighth standardised moment (for the error of kurtosis), and its largest value in standard deviations. */
const shapes: Readonly<Record<Shape, { kurtosis: number; error: number; edge: number }>> = {
  normal: { kurtosis: 3, error: Math.sqrt(24), edge: Number.POSITIVE_INFINITY },
  uniform: { kurtosis: 1.8, error: Math.sqrt(0.75), edge: Math.sqrt(3) },
  truncated: { kurtosis: 2.3655, error: 1.6, edge: 2 / Math.sqrt(cut) },
};

const he = ({ in: n }: Fans) => 2 / n;
const lecun = ({ in: n }: Fans) => 1 / n;
const glorot = ({ in: n, out }: Fans) => 2 / (n + out);

/** The laws that frameworks draw weights by. Keras makes up for the variance that cutting takes away, TensorFlow.js and old Keras do not: the same name stands for both. */
export const laws: readonly Law[] = [
  { name: "pytorch", variance: ({ in: n }) => 1 / (3 * n), shape: "uniform" },
  ...(["normal", "uniform", "truncated"] as const).flatMap((shape) => {
    const suffix = shape === "truncated" ? "truncated-normal" : shape;
    return [
      { name: `he-${suffix}`, variance: he, shape },
      { name: `glorot-${suffix}`, variance: glorot, shape },
      { name: `lecun-${suffix}`, variance: lecun, shape },
      { name: `he-${suffix} by fan-out`, variance: ({ out }: Fans) => 2 / out, shape },
    ];
  }),
  // Standard deviations that programs choose whatever the fans are: transformers 0.02, Keras 0.05.
  ...[0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 1].map(
    (sd): Law => ({ name: `normal of standard deviation ${sd}`, variance: () => sd * sd, shape: "normal" }),
  ),
  { name: "uniform up to 0.05", variance: () => 0.0025 / 3, shape: "uniform" },
  ...[
    { name: "he-truncated-normal", variance: he },
    { name: "glorot-truncated-normal", variance: glorot },
    { name: "lecun-truncated-normal", variance: lecun },
  ].map(({ name, variance }): Law => ({ name, variance: (fans) => cut * variance(fans), shape: "truncated" })),
];

/** Standard errors within which a law's moments must lie. */
const sigmas = 4.5;

/** Whether a sample may come from a law: mean, variance, kurtosis and largest value within 4.5 standard errors of its own. */
export function mayBe({ count, mean, meanSquare, kurtosis, largest }: Sample, law: Law, fans: Fans): boolean {
  const variance = law.variance(fans);
  const { kurtosis: expected, error, edge } = shapes[law.shape];
  const sd = Math.sqrt(variance);
  const root = Math.sqrt(count);
  // float16 and bfloat16 round values by up to a 256th; only the edge notices.
  return (
    Math.abs(mean) <= (sigmas * sd) / root &&
    Math.abs(meanSquare / variance - 1) <= (sigmas * Math.sqrt(expected - 1)) / root &&
    Math.abs(kurtosis - expected) <= (sigmas * error) / root + 20 / count &&
    largest <= edge * sd * (1 + 1 / 256) &&
    (law.shape !== "uniform" || largest >= edge * sd * (1 - 14 / count - 1 / 256))
  );
}

/** Whether rows, or columns, of a matrix [rows, cols] are orthogonal and of one length; the squared gain if so. Looks at 24 of them at most. */
export function orthogonalGain({ values }: Sample, rows: number, cols: number): number | undefined {
  const whole = values.length === rows * cols;
  const byRows = rows <= cols;
  if (!byRows && !whole) return undefined;
  const [vectors, length] = byRows ? [Math.min(rows, Math.floor(values.length / cols)), cols] : [cols, rows];
  const used = Math.min(24, vectors);
  if (used < 2 || length < 2) return undefined;
  const at = (v: number, k: number) => (byRows ? values[v * cols + k] : values[k * cols + v]);
  let gain: number | undefined;
  for (let a = 0; a < used; a++)
    for (let b = 0; b <= a; b++) {
      let sum = 0;
      for (let k = 0; k < length; k++) sum += at(a, k) * at(b, k);
      if (a === 0) gain = sum;
      if (gain === undefined || !(gain > 0)) return undefined;
      // Rows that are drawn independently have products of 1 / sqrt(length).
      if (Math.abs(sum - (a === b ? gain : 0)) > Math.min(2e-2, 0.1 / Math.sqrt(length)) * gain) return undefined;
    }
  return gain;
}
