import { addFields, addMeans, type Placing } from "./blocks.js";
import { type Field, positionCount } from "./field.js";
import type { Range } from "./input-field.js";
import { normaliseField } from "./normalise.js";
import type { ActivationOf, PointStatistics } from "./statistics.js";
import type { Steps } from "./walk.js";

/** Two sets of points, and the part of each that a block of the kernel is about. */
export interface Block {
  readonly first: PointStatistics;
  readonly second: PointStatistics;
  readonly rows: Range;
  readonly cols: Range;
}

/** Pairs between two rests, where each takes nanoseconds; what is costly rests after every row. */
const betweenRests = 2 ** 14;

/** What layers do to the kernels of a block; `note` hears of the errors of activations. */
export function pairSteps(
  { first, second, rows, cols }: Block,
  activationOf: ActivationOf,
  note: (error: number) => void,
): Steps {
  const placing: Placing = {
    row: (i) => rows.first + i,
    column: (j) => cols.first + j,
    rows: first.points,
    columns: second.points,
  };
  return {
    *activate(state, shaped) {
      const { pending: law, ...field } = state.field;
      const kernel = activationOf(shaped);
      const count = positionCount(field);
      const length = (field.across ? count : 1) * field.cols;
      let since = 0;
      for (const [g, { nngp, ntk }] of field.groups.entries()) {
        const points = known(first.activations, shaped.path)[g];
        const others = known(second.activations, shaped.path)[g];
        for (let i = 0; i < field.rows; i++)
          for (let s = 0; s < count; s++) {
            const [from, to] = field.across ? [0, count] : [s, s + 1];
            const columns = { points: second.points, ...cols, from, to };
            const row = s * first.points + rows.first + i;
            const offset = (i * count + s) * length;
            const itself = first === second ? rows.first + i - cols.first : -1;
            const at = itself >= 0 && itself < field.cols ? offset + (field.across ? s * field.cols : 0) + itself : -1;
            const tangent = ntk?.[at] ?? 0;
            note(kernel.apply({ nngp, ntk, offset, points, row, others, columns, law }));
            since += kernel.costly ? betweenRests : length;
            if (since >= betweenRests) {
              since = 0;
              yield;
            }
            if (at < 0) continue;
            // A point with itself is known exactly; of rounding in its correlation with itself the arc cosine would make angles of 1e-8.
            nngp[at] = points.second[row];
            if (ntk)
              ntk[at] = (law ? points.variances[row] + law.weightVariance * tangent : tangent) * points.derivativeSecond[row];
          }
      }
      return { field };
    },
    normalise(state, { path }) {
      normaliseField(state.field, known(first.norms, path), known(second.norms, path), placing);
      return state;
    },
    add(x, body, { path }) {
      const field: Field = addFields(x.field, body.field);
      addMeans(field, first.sums.get(path) ?? [], second.sums.get(path) ?? [], placing);
      return { field };
    },
  };
}

function known<Value>(map: ReadonlyMap<string, Value>, path: string): Value {
  const value = map.get(path);
  if (value === undefined) throw new TypeError(`nothing is known of the points at ${path}`);
  return value;
}
