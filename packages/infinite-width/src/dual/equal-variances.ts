import { type Activation, gaussianMoments } from "@sonde/core";
import { closedForm } from "./closed-forms.js";
import { deltaTerms } from "./delta-terms.js";
import type { Dual } from "./dual.js";
import { type HermiteSeries, hermiteSeries } from "./hermite.js";
import { jumpsOf } from "./jumps.js";
import { quadratureDual } from "./polar.js";
import { seriesDual } from "./series.js";

/** E phi(u) phi(v), E phi'(u) phi'(v) and their stated error. */
export type FirstDual = Pick<Dual, "value" | "first" | "error">;

/** Terms of the Hermite series tried, and the error up to which it is taken. */
const [terms, accepted] = [256, 1e-13];

/**
 * The dual at equal variances > 0 as a function of the correlation in [-1, 1], cheap for many of them: the closed form, else the Hermite series where its rest is
 * negligible, else quadrature. `first` is the derivative of `value` by the covariance also where the activation jumps, and infinite there at correlation +-1.
 */
export function dualAtEqualVariances(activation: Activation, variance: number): (correlation: number) => FirstDual {
  const closed = closedForm(activation);
  const jumping = { smooth: activation.derivative, jumps: jumpsOf(activation) };
  if (closed)
    return (correlation) => {
      const { value, first, error } = closed(variance, variance, correlation * variance);
      return { value, first: first + deltaTerms(jumping, activation, variance, variance, correlation), error };
    };
  const quadrature = quadratureDual(activation);
  let series: HermiteSeries | undefined;
  return (correlation) => {
    if (correlation === 1) {
      const { second, derivativeSecond, error } = gaussianMoments(activation, variance);
      return { value: second, first: derivativeSecond, error };
    }
    series ??= hermiteSeries(activation, variance, terms);
    const sum = seriesDual(series, series, correlation);
    return sum.error <= accepted ? sum : quadrature(variance, variance, correlation * variance);
  };
}
