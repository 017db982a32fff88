import type { Arena } from "../arena.js";
import type { ActivationModule } from "../ensemble/activate.js";
import { type DenseOptions, type DenseSizes, type LinearMap, withOptions } from "../ensemble/dense.js";
import type { Address } from "../ensemble/memory.js";

/** Independent normal weights of a layer, of standard deviation `scale`; they are never drawn, only what they make of the points. */
export interface NormalWeights {
  /** Four streams, as written by `setStreams`, `roots` or `split`. */
  readonly streams: Address;
  readonly scale: number;
}

/** Haar-distributed orthogonal weights times `gain`: a corner [inputs][units] of a uniformly random orthogonal matrix of size max(inputs, units). */
export interface OrthogonalWeights {
  readonly streams: Address;
  readonly gain: number;
}

/** Options of `coordinates`. */
export interface CoordinateOptions {
  /** Room for the orthonormal basis; may be the points themselves, which are lost then. Default: room of its own, as large as the points. */
  readonly basis?: Address;
}

export interface LawDenseKernels {
  /**
   * out [points][points][4] = the coordinates R of x [points][units][4] in the orthonormal basis that the points make in order: out[p][k] is the component of point
   * p along the direction that point k adds, 0 for k > p. Where point k adds none (it is 0 or within 1e-14 of its length in the span of the earlier points, or that
   * span is everything) column k is 0 in that lane. Gram-Schmidt twice: two points at a small angle theta keep it to 1e-16 / theta.
   */
  readonly coordinates: (
    x: Address,
    sizes: Pick<DenseSizes, "points" | "units">,
    out: Address,
    options?: CoordinateOptions,
  ) => void;
  /**
   * out [points][units][4] = activation(scale R G + bias), which is activation(x W + bias) in law for weights W that are independent of x: G[k][j] is the float32
   * normal draw k * units + j of the lane's stream. Columns of R that are 0 in all lanes are skipped, and their draws with them.
   */
  readonly drawDense: (
    coordinates: Address,
    sizes: Pick<DenseSizes, "points" | "units">,
    weights: NormalWeights,
    out: Address,
    options?: DenseOptions,
  ) => void;
  /** The same for orthogonal weights: G are the first `units` columns of orthonormal rows, made from rows of max(inputs, units) normal draws. */
  readonly drawOrthogonal: (
    coordinates: Address,
    sizes: DenseSizes,
    weights: OrthogonalWeights,
    out: Address,
    options?: DenseOptions,
  ) => void;
  /** `coordinates` and `drawDense` in one: out [points][units][4] = activation(x W + bias) in law, x being [points][inputs][4]. */
  readonly dense: (x: Address, sizes: DenseSizes, weights: NormalWeights, out: Address, options?: DenseOptions) => void;
  /** `coordinates` and `drawOrthogonal` in one. */
  readonly orthogonal: (x: Address, sizes: DenseSizes, weights: OrthogonalWeights, out: Address, options?: DenseOptions) => void;
}

export interface LawDenseModule extends ActivationModule {
  basisRows(points: number, units: number): number;
  coordinates(x: number, points: number, units: number, out: number, basis: number, columns: number): void;
  drawBytes(points: number, units: number): number;
  drawDense(
    coordinates: number,
    points: number,
    streams: number,
    scale: number,
    units: number,
    bias: number,
    out: number,
    code: number,
    parameter: number,
    scratch: number,
  ): void;
  orthogonalBytes(points: number, inputs: number, units: number): number;
  drawOrthogonal(
    coordinates: number,
    points: number,
    inputs: number,
    streams: number,
    gain: number,
    units: number,
    bias: number,
    out: number,
    code: number,
    parameter: number,
    scratch: number,
  ): void;
  addBias(values: number, rows: number, units: number, bias: number): void;
}

export function lawDenseKernels(module: LawDenseModule, { allocate, mark, release }: Arena): LawDenseKernels {
  const temporarily = (use: () => void) => {
    const before = mark();
    use();
    release(before);
  };
  /** Tangents are more points to the weights. */
  const draw = ({ points, units }: Pick<DenseSizes, "points" | "units">, out: Address, options: DenseOptions, map: LinearMap) =>
    withOptions(module, { rows: points, units, out, valueBytes: 32 }, options, map);

  const coordinates: LawDenseKernels["coordinates"] = (x, { points, units }, out, { basis } = {}) =>
    temporarily(() => {
      const columns = allocate(4 * points);
      const room = basis ?? allocate(32 * units * module.basisRows(points, units));
      module.coordinates(x, points, units, out, room, columns);
    });
  const drawDense: LawDenseKernels["drawDense"] = (r, sizes, { streams, scale }, out, options = {}) =>
    temporarily(() =>
      draw(sizes, out, options, (rows, bias, code, parameter) => {
        const scratch = allocate(module.drawBytes(rows, sizes.units));
        module.drawDense(r, rows, streams, scale, sizes.units, bias, out, code, parameter, scratch);
      }),
    );
  const drawOrthogonal: LawDenseKernels["drawOrthogonal"] = (r, sizes, { streams, gain }, out, options = {}) =>
    temporarily(() =>
      draw(sizes, out, options, (rows, bias, code, parameter) => {
        const { inputs, units } = sizes;
        const scratch = allocate(module.orthogonalBytes(rows, inputs, units));
        module.drawOrthogonal(r, rows, inputs, streams, gain, units, bias, out, code, parameter, scratch);
      }),
    );
  /** Gives the coordinates of x, with its tangents, to `use`. */
  const withCoordinates = (
    x: Address,
    { points, inputs }: DenseSizes,
    { tangents = false }: DenseOptions,
    use: (r: Address) => void,
  ) =>
    temporarily(() => {
      const rows = tangents ? 2 * points : points;
      const r = allocate(32 * rows * rows);
      coordinates(x, { points: rows, units: inputs }, r);
      use(r);
    });
  return {
    coordinates,
    drawDense,
    drawOrthogonal,
    dense: (x, sizes, weights, out, options = {}) =>
      withCoordinates(x, sizes, options, (r) => drawDense(r, sizes, weights, out, options)),
    orthogonal: (x, sizes, weights, out, options = {}) =>
      withCoordinates(x, sizes, options, (r) => drawOrthogonal(r, sizes, weights, out, options)),
  };
}
