import { DomainError, matrix, ShapeError, split, uniforms } from "@sonde/core";
import { type Architecture, sharedStream, size } from "@sonde/nets";
import { type DeathProbabilityOptions, deathProbability } from "../death-probability.js";
import { type Alive, aliveOf } from "./alive.js";

export interface AliveByInputSetOptions extends Omit<DeathProbabilityOptions, "domain" | "data" | "sampling"> {
  /** The point that the sets shrink to; not zero. Default: all inputs 1. */
  readonly center?: readonly number[];
  /** Half the side of each set, a box around the centre; at least 0 (the centre alone). Default 4, 2, 1, 1/2, ..., 1/256 and 0. */
  readonly radii?: readonly number[];
}

/** P(alive) on a set of inputs. */
export interface AliveOnInputSet extends Alive {
  readonly radius: number;
  /** Points of the set, the centre among them. */
  readonly points: number;
}

/**
 * P(alive) against a shrinking set of inputs, between its bounds: the simulation of Rister and Rubin. The sets are the centre and `points` - 1 uniform points in a box around it, the same for every radius but for their distance from
 * it; P(alive) falls to the single-point bound as the set becomes its centre.
 *
 * @throws ConfigError, ShapeError or DomainError for a request that makes no sense
 * @see Rister and Rubin, arXiv 2007.06192
 *
 * @example
 * const rows = await aliveByInputSet(mlp("2-3x4-1"), { radii: [1, 0], points: 64, networks: 1000 });
 * rows[0].alive.value > rows[1].alive.value // true
 */
export async function aliveByInputSet(
  architecture: Architecture,
  options: AliveByInputSetOptions = {},
): Promise<AliveOnInputSet[]> {
  const inputs = size(architecture.input);
  const { center = new Array<number>(inputs).fill(1), radii = defaultRadii(), points = 512, seed = 0, ...run } = options;
  if (center.length !== inputs) throw new ShapeError(`the centre needs ${inputs} values, one per input, got ${center.length}`);
  if (!center.every(Number.isFinite) || center.every((x) => x === 0))
    throw new DomainError(
      "the centre is a point of finite values that are not all zero: zero is dead in every network without biases",
    );
  if (!(Number.isInteger(points) && points >= 2))
    throw new DomainError(`an input set needs a whole number of at least 2 points, got ${points}`);
  const wrong = radii.find((radius) => !(radius >= 0 && radius < Number.POSITIVE_INFINITY));
  if (wrong !== undefined) throw new DomainError(`a radius is a finite number from 0, got ${wrong}`);
  const directions = uniforms(split(sharedStream(seed), 1), new Float64Array(points * inputs)).map((u) => 2 * u - 1);
  const rows: AliveOnInputSet[] = [];
  for (const radius of radii) {
    const count = radius === 0 ? 1 : points;
    const data = matrix(count, inputs);
    for (let k = 0; k < data.data.length; k++) data.data[k] = center[k % inputs] + (k < inputs ? 0 : radius * directions[k]);
    const record = await deathProbability(architecture, { ...run, seed, data });
    rows.push({ radius, points: count, ...aliveOf(record, record.bounds) });
  }
  return rows;
}

function defaultRadii(): number[] {
  return [...Array.from({ length: 11 }, (_, k) => 2 ** (2 - k)), 0];
}
