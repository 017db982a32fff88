import { wasm } from "./generated/math-wasm.js";
import { compile, instantiate, type WasmMemory } from "./instantiate.js";

type Unary = (x: number) => number;
type Binary = (x: number, y: number) => number;
type BlockDraws = (k0: number, k1: number, s0: number, s1: number, firstBlock: number, blocks: number) => void;

/** Float64 functions whose results are the same bits in every engine; `@sonde/core/math` documents each with its accuracy. */
export interface MathModule {
  readonly memory: WasmMemory;
  readonly log: Unary;
  readonly log2: Unary;
  readonly log10: Unary;
  readonly log1p: Unary;
  readonly exp: Unary;
  readonly exp2: Unary;
  readonly expm1: Unary;
  readonly pow: Binary;
  readonly cbrt: Unary;
  readonly hypot: Binary;
  readonly sin: Unary;
  readonly cos: Unary;
  readonly tan: Unary;
  readonly sinh: Unary;
  readonly cosh: Unary;
  readonly tanh: Unary;
  readonly asin: Unary;
  readonly acos: Unary;
  readonly atan: Unary;
  readonly atan2: Binary;
  readonly erf: Unary;
  readonly erfc: Unary;
  readonly erfcx: Unary;
  readonly lgamma: Unary;
  readonly digamma: Unary;
  readonly trigamma: Unary;
  readonly normalPdf: Unary;
  readonly normalCdf: Unary;
  readonly normalQuantile: Unary;
  /** Byte offset in `memory` of the 4096 float64 that `normals` (four a block) and `uniforms` (two a block) fill from its start. */
  readonly drawBuffer: () => number;
  readonly normals: BlockDraws;
  readonly uniforms: BlockDraws;
}

let instance: MathModule | undefined;

/** The module's functions; compiled at the first call (about a millisecond), the same object afterwards. */
export function mathModule(): MathModule {
  instance ??= instantiate<MathModule>(compile(wasm));
  return instance;
}
