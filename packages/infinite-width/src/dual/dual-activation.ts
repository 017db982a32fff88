import { type Activation, DomainError } from "@sonde/core";
import { closedForm } from "./closed-forms.js";
import { correlationOf, type DualMap, scaleOf } from "./dual.js";
import { quadratureDual } from "./polar.js";

/**
 * The dual activation: E phi(u) phi(v) for (u, v) jointly normal, centred, with the given variances and covariance, and the same of the first and second derivatives. A
 * closed form where one is known, otherwise quadrature with a stated error (below 1e-12).
 *
 * `(variance1, variance2, covariance) -> Dual`. The covariance may exceed the root of the product of the variances by rounding only.
 *
 * The returned function throws `DomainError` for a variance that is negative or not finite, or a covariance that is impossible.
 *
 * @see Daniely, Frostig, Singer 2016 (arXiv 1602.05897)
 *
 * @example
 * dualActivation(activation("relu"))(1, 1, 0).value // 0.15915494309...
 * dualActivation(activation("tanh"))(1, 1, 1).first // 0.46440290...
 */
export function dualActivation(activation: Activation): DualMap {
  const map = closedForm(activation) ?? quadratureDual(activation);
  return (variance1, variance2, covariance) => {
    for (const variance of [variance1, variance2])
      if (!(variance >= 0 && variance < Number.POSITIVE_INFINITY))
        throw new DomainError(`a variance is finite and >= 0, got ${variance}`);
    const most = scaleOf(variance1, variance2);
    if (!(Math.abs(covariance) <= most * (1 + 1e-8)))
      throw new DomainError(
        `variables of variance ${variance1} and ${variance2} have a covariance of at most ${most} in size, got ${covariance}`,
      );
    return map(variance1, variance2, correlationOf(variance1, variance2, covariance) * most);
  };
}
