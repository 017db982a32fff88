import { widenDraws } from "./draws";
import { dot, dot01, dot23, scaleWhere, takeOut } from "./gram-schmidt";
import { multiply } from "./multiply";

/** The directions in use: writes the byte offsets of the columns k of the coordinates with R[k][k] not 0 in some lane (u32), and returns how many there are. */
function usedColumns(r: usize, points: i32, columns: usize): i32 {
  let zero = f64x2.splat(0);
  let count = 0;
  for (let k = 0; k < points; k++, r += (<usize>points + 1) << 5) {
    let used = v128.or(f64x2.ne(v128.load(r), zero), f64x2.ne(v128.load(r, 16), zero));
    if (v128.any_true(used)) store<u32>(columns + (count++ << 2), <u32>k << 5);
  }
  return count;
}

/** Units that are drawn together: about 32 KiB of draws, which stay in the cache for all points. */
function blockUnits(points: i32, units: i32): i32 {
  return min(units, max(32, 1024 / points & ~3));
}

// @ts-ignore: decorator
@inline
function tableBytes(points: i32): usize {
  return ((<usize>points << 2) + 15) & ~15;
}

/** Bytes of scratch that `drawDense` needs. */
export function drawBytes(points: i32, units: i32): usize {
  return tableBytes(points) + (<usize>(points * blockUnits(points, units)) << 5);
}

/**
 * A dense layer with i.i.d. normal weights of standard deviation `scale`, in law: out [points][units][4] = activation(scale R G + bias), float64, where
 * R [points][points][4] are the points' coordinates and G[k][j] is normal draw k units + j of a lane's stream. Directions that no lane has are not drawn.
 */
export function drawDense(r: usize, points: i32, streams: usize, scale: f64, units: i32, bias: usize, out: usize, code: i32, parameter: f64, scratch: usize): void {
  let columns = scratch;
  let g = scratch + tableBytes(points);
  let directions = usedColumns(r, points, columns);
  let block = blockUnits(points, units);
  for (let j = 0; j < units; j += block) {
    let some = min(block, units - j);
    let stride = <usize>some << 5;
    for (let s = 0; s < directions; s++) {
      let k = load<u32>(columns + (s << 2)) >> 5;
      widenDraws(streams, 0, <u64>k * units + j, some, g + s * stride, 1.0);
    }
    let offset = <usize>j << 5;
    multiply(r, points, columns, directions, g, stride, some, scale, bias ? bias + offset : 0, out + offset, units, code, parameter);
  }
}

/** Bytes of scratch that `drawOrthogonal` needs. */
export function orthogonalBytes(points: i32, inputs: i32, units: i32): usize {
  let rows = <usize>min(points, 4 * inputs);
  return tableBytes(points) + (<usize>points << 5) + rows * (<usize>max(inputs, units) << 5);
}

/**
 * The same for the corner W [inputs][units] of a Haar-distributed orthogonal matrix of size n = max(inputs, units), times `gain`: G are the first `units`
 * columns of orthonormal rows of length n, uniform among all such frames, that Gram-Schmidt makes of rows of normal draws k n, ..., k n + n - 1.
 */
export function drawOrthogonal(r: usize, points: i32, inputs: i32, streams: usize, gain: f64, units: i32, bias: usize, out: usize, code: i32, parameter: f64, scratch: usize): void {
  let columns = scratch;
  let components = scratch + tableBytes(points);
  let frame = components + (<usize>points << 5);
  let directions = usedColumns(r, points, columns);
  let n = max(inputs, units);
  let length = <usize>n << 5;
  let zero = f64x2.splat(0), one = f64x2.splat(1);
  for (let s = 0, row = frame; s < directions; s++, row += length) {
    let column: usize = load<u32>(columns + (s << 2));
    widenDraws(streams, 0, <u64>(column >> 5) * n, n, row, 1.0);
    takeOut(<i32>(column >> 5), frame, s, row, length, components, columns);
    dot(row, row, length);
    // Lanes without this direction have no row: there may be more directions in all lanes together than the frame has dimensions.
    let diagonal = r + column * (<usize>points + 1);
    let has01 = f64x2.ne(v128.load(diagonal), zero), has23 = f64x2.ne(v128.load(diagonal, 16), zero);
    scaleWhere(row, length, f64x2.div(one, f64x2.sqrt(dot01)), f64x2.div(one, f64x2.sqrt(dot23)), has01, has23);
  }
  multiply(r, points, columns, directions, frame, length, units, gain, bias, out, units, code, parameter);
}
