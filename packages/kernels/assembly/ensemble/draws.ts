import { normalBlocks, uniformBlocks } from "./blocks";

/** Code of the normal law; 1 is the uniform one. */
const NORMAL: i32 = 0;

/**
 * Draws first, first + 1, ..., first + count - 1 for four lanes, made in whole blocks at `out`, which needs room for 6 vectors more than `count`. Returns
 * where draw `first` lies.
 */
export function drawLanes(streams: usize, law: i32, first: u64, count: i32, out: usize, scale: f32): usize {
  let k0 = v128.load(streams), k1 = v128.load(streams, 16), s0 = v128.load(streams, 32), s1 = v128.load(streams, 48);
  let shift: u32 = law == NORMAL ? 2 : 1;
  let skip = <i32>first & ((1 << shift) - 1);
  let block = first >> shift;
  let blocks = (skip + count + (1 << shift) - 1) >> shift;
  for (let to = out; blocks > 0;) {
    // Not beyond the next multiple of 2^32, where the counter's second word changes.
    let some = <i32>min<u64>(blocks, 0x100000000 - <u64><u32>block);
    let c0 = i32x4.splat(<i32>block), c1 = i32x4.splat(<i32>(block >> 32));
    if (law == NORMAL) normalBlocks(k0, k1, s0, s1, c0, 1, c1, some, to, scale);
    else uniformBlocks(k0, k1, s0, s1, c0, 1, c1, some, to, scale);
    block += some;
    blocks -= some;
    to += <usize>some << (4 + shift);
  }
  return out + (skip << 4);
}

/** Draws `count` draws of each of `rows` rows, `step` draws apart, to rows of `stride` bytes at `out`; the last one needs room for 6 vectors more. */
export function drawRows(streams: usize, law: i32, first: u64, step: u64, rows: i32, count: i32, out: usize, stride: usize, scale: f32): void {
  for (let row = 0; row < rows; row++, first += step, out += stride) {
    let from = drawLanes(streams, law, first, count, out, scale);
    if (from != out) memory.copy(out, from, <usize>count << 4);
  }
}

// @ts-ignore: decorator
@lazy const buffer: usize = memory.data(65536, 16);

/** Writes exactly [count][4] draws of the law to `out`. */
export function fillLanes(streams: usize, law: i32, first: f64, count: i32, out: usize, scale: f32): void {
  let draw = <u64>first;
  while (count > 0) {
    let some = min(count, 4088);
    memory.copy(out, drawLanes(streams, law, draw, some, buffer, scale), some << 4);
    draw += some;
    out += some << 4;
    count -= some;
  }
}

/** Where `contiguousNormals` writes. */
export function drawBuffer(): usize {
  return buffer;
}

/** The normals of 4 `quads` (at most 1024) blocks of one stream, in order, in the buffer: lane k works on every fourth block. */
export function contiguousNormals(k0: u32, k1: u32, s0: u32, s1: u32, firstBlock: f64, quads: i32): void {
  let key0 = i32x4.splat(k0), key1 = i32x4.splat(k1), name0 = i32x4.splat(s0), name1 = i32x4.splat(s1);
  let block = <u64>firstBlock;
  for (let out = buffer; quads > 0;) {
    let c0 = i32x4.add(i32x4.splat(<i32>block), i32x4(0, 1, 2, 3));
    let carry = i32x4.lt_u(c0, i32x4.splat(<i32>block));
    // Not beyond the next multiple of 2^32, where the counter's second word changes; four blocks on both sides of it go alone.
    let some = <i32>max<u64>(1, min<u64>(quads, (0x100000000 - <u64><u32>block) >> 2));
    normalBlocks(key0, key1, name0, name1, c0, 4, i32x4.sub(i32x4.splat(<i32>(block >> 32)), carry), some, out, 1.0);
    for (let end = out + (<usize>some << 6); out < end; out += 64) transpose(out);
    block += 4 * some;
    quads -= some;
  }
}

/** Four lanes of four draws each become four draws of four lanes each, in place. */
// @ts-ignore: decorator
@inline
function transpose(at: usize): void {
  let a = v128.load(at), b = v128.load(at, 16), c = v128.load(at, 32), d = v128.load(at, 48);
  let ab0 = v128.shuffle<u32>(a, b, 0, 4, 1, 5), ab1 = v128.shuffle<u32>(a, b, 2, 6, 3, 7);
  let cd0 = v128.shuffle<u32>(c, d, 0, 4, 1, 5), cd1 = v128.shuffle<u32>(c, d, 2, 6, 3, 7);
  v128.store(at, v128.shuffle<u64>(ab0, cd0, 0, 2));
  v128.store(at, v128.shuffle<u64>(ab0, cd0, 1, 3), 16);
  v128.store(at, v128.shuffle<u64>(ab1, cd1, 0, 2), 32);
  v128.store(at, v128.shuffle<u64>(ab1, cd1, 1, 3), 48);
}
