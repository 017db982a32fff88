/** The expectations of products of an activation, and of its derivatives, at two jointly normal pre-activations u and v. */
export interface Dual {
  /** E phi(u) phi(v). */
  readonly value: number;
  /** E phi'(u) phi'(v), the derivative of `value` by the covariance. */
  readonly first: number;
  /** E phi''(u) phi''(v), the derivative of `first` by the covariance; Infinity at correlation +-1 where phi' jumps. */
  readonly second: number;
  /** An upper estimate of the errors, each relative to the expectation of the product's absolute value; rounding included. */
  readonly error: number;
}

/** A `Dual` as a function of the variances of u and v (>= 0) and their covariance. */
export type DualMap = (variance1: number, variance2: number, covariance: number) => Dual;

/** Errors of closed forms: a few roundings. */
export const rounding = 16 * Number.EPSILON;

/** The root of the product of two variances: exactly the variance where they are equal, so that a variable has correlation 1 with itself. */
export function scaleOf(variance1: number, variance2: number): number {
  return variance1 === variance2 ? variance1 : Math.sqrt(variance1) * Math.sqrt(variance2);
}

/** The correlation of u and v, in [-1, 1]; two variables that are both constant agree. */
export function correlationOf(variance1: number, variance2: number, covariance: number): number {
  const scale = scaleOf(variance1, variance2);
  if (scale === 0) return variance1 === variance2 ? 1 : 0;
  return Math.max(-1, Math.min(1, covariance / scale));
}
