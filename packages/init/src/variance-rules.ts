import { fanIn, fanOut } from "./layer-shape.js";
import type { LayerShape } from "./types.js";

/** A rule for the variance of a weight, given as variance times fan-in: the sigma_w^2 of mean-field theory. */
export type VarianceRule = (shape: LayerShape) => number;

/**
 * He's rule keeps the mean square of a ReLU network's signal: Var(w) = 2 / fan_in, so sigma_w^2 = 2.
 *
 * Source: He, Zhang, Ren, Sun, *Delving Deep into Rectifiers*, ICCV 2015, equation 10.
 *
 * @example
 * he({ kernel: [], inputs: 100, outputs: 50 }) // 2
 */
export const he: VarianceRule = () => 2;

/**
 * Glorot's rule is a compromise between signal and gradient: Var(w) = 2 / (fan_in + fan_out), so sigma_w^2 = 2 fan_in / (fan_in + fan_out).
 *
 * Source: Glorot, Bengio, *Understanding the difficulty of training deep feedforward neural networks*, AISTATS 2010, equation 12.
 *
 * @example
 * glorot({ kernel: [], inputs: 100, outputs: 60 }) // 1.25
 */
export const glorot: VarianceRule = (shape) => (2 * fanIn(shape)) / (fanIn(shape) + fanOut(shape));

/**
 * LeCun's rule keeps the variance of a linear network's signal: Var(w) = 1 / fan_in, so sigma_w^2 = 1.
 *
 * Source: LeCun, Bottou, Orr, Müller, *Efficient BackProp*, in *Neural Networks: Tricks of the Trade*, 1998, section 4.6.
 *
 * @example
 * lecun({ kernel: [], inputs: 100, outputs: 50 }) // 1
 */
export const lecun: VarianceRule = () => 1;
