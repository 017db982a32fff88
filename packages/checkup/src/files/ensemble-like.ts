import { ConfigError, type Matrix, matrix, ShapeError } from "@sonde/core";
import { type Architecture, permuted } from "@sonde/nets";
import {
  type Failure,
  type Finding,
  type MeasureOptions,
  measureWithin,
  type RecordedArray,
  type Verdict,
  verdictOn,
} from "@sonde/predictor";

/** What `diagnose` says of random networks of a model's layers. */
export interface EnsembleLike {
  readonly verdict: Verdict;
  readonly findings: readonly Pick<Finding, "pathology" | "severity" | "layer">[];
  /** P(fails to train), where it is known. */
  readonly failure?: Failure;
  readonly networks: number;
  readonly points: number;
}

/** Networks and points that are looked at, and the elementary steps that they may take: some seconds of a core. */
const looked = { networks: 50, points: 64, work: 3e9 };

/**
 * Random networks of the list of layers that a model's graph is, in the kernels: the verdict on them, and P(fails to train), which is calibrated for such lists. Nothing where that would take long or too much memory.
 */
export async function ensembleLike(
  list: Architecture,
  input: RecordedArray | undefined,
  options: Pick<MeasureOptions, "seed" | "threads" | "createWorker" | "signal">,
): Promise<EnsembleLike | undefined> {
  const data = input && rowsOf(input, list.input);
  if (!data) return undefined;
  try {
    const measured = await measureWithin(list, { ...options, data, networks: looked.networks }, looked.work);
    if (!measured || measured.interrupted) return undefined;
    const { verdict, findings, failure } = verdictOn(list, measured);
    return {
      verdict,
      findings: findings.map(({ pathology, severity, layer }) => ({ pathology, severity, layer })),
      ...(failure && { failure }),
      networks: measured.networks,
      points: data.rows,
    };
  } catch (error) {
    // More values than fit into memory, or points of which nothing can be said.
    if (error instanceof ConfigError || error instanceof ShapeError) return undefined;
    throw error;
  }
}

/** The first points as rows, their channels last as a list has them; nothing where the shapes are others. */
function rowsOf({ shape, data }: RecordedArray, wanted: readonly number[]): Matrix<Float64Array> | undefined {
  const [points, ...own] = shape;
  const size = own.reduce((product, n) => product * n, 1);
  const some = Math.min(points, looked.points);
  const values = Float64Array.from(data.subarray(0, some * size));
  const same = String(own) === String(wanted);
  const row = wanted.length === 1 && wanted[0] === size;
  if (same || row) return matrix(some, size, values);
  const [first, ...rest] = own;
  if (String([...rest, first]) !== String(wanted)) return undefined;
  const order = [0, ...rest.map((_, axis) => axis + 2), 1];
  return matrix(some, size, permuted({ shape: [some, ...own], data: values }, order).data);
}
