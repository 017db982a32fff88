import { DomainError } from "../errors.js";

/** The 97.5 % point of the standard normal distribution: a 95 % interval is the value -+ this many standard errors. */
export const normal95 = 1.959963984540054;

/** 97.5 % points of Student's t with 1 to 9 degrees of freedom. */
const few = [
  12.706204736174705, 4.302652729749464, 3.1824463052837095, 2.7764451051977943, 2.5705818356363155, 2.44691185114497,
  2.3646242515927853, 2.3060041352041667, 2.2621571627982053,
];

/**
 * The 97.5 % point of Student's t distribution: a 95 % interval of a mean is the mean -+ this many standard errors, where the error itself was
 * estimated with `degrees` = count - 1 degrees of freedom. Within 1e-5 relative
 * from 10 degrees on, to the last digits below; falls to 1.959964 for many.
 *
 * Throws `DomainError` unless `degrees` is a whole number >= 1. Source: Abramowitz and Stegun 26.7.5.
 */
export function student95(degrees: number): number {
  if (!(Number.isSafeInteger(degrees) && degrees >= 1))
    throw new DomainError(`Student's t needs a whole number of degrees of freedom >= 1, got ${degrees}`);
  if (degrees <= few.length) return few[degrees - 1];
  const z = normal95;
  const z2 = z * z;
  const terms = [
    (z * (z2 + 1)) / 4,
    (z * ((5 * z2 + 16) * z2 + 3)) / 96,
    (z * (((3 * z2 + 19) * z2 + 17) * z2 - 15)) / 384,
    (z * ((((79 * z2 + 776) * z2 + 1482) * z2 - 1920) * z2 - 945)) / 92160,
  ];
  return terms.reduceRight((sum, term) => (sum + term) / degrees, 0) + z;
}
