import { DomainError, NumericalError, ShapeError } from "../errors.js";
import { addExactly, addProductExactly, type Expansion, nearestFloat } from "./expansion.js";

/**
 * The sum of the values, or of weight times value, rounded once: the float64 nearest to the exact sum, whatever the order. `[n] -> number`, 0 for
 * none. Products are exact where they are 0 or above 1e-291.
 *
 * Throws `DomainError` for values that are not finite, `ShapeError` if there are not as many weights as values, and `NumericalError` if a running
 * sum exceeds float64. Source: Shewchuk 1997.
 *
 * @example
 * exactSum([1e100, 1, -1e100]) // 1
 * exactSum([0.1, 0.2, 0.3], { weights: [1, 1, -1] }) // 2.7755575615628914e-17
 */
export function exactSum(values: ArrayLike<number>, options: { readonly weights?: ArrayLike<number> } = {}): number {
  const { weights } = options;
  if (weights && weights.length !== values.length)
    throw new ShapeError(`a weighted sum needs one weight for each of the ${values.length} values, got ${weights.length}`);
  const sum: Expansion = [];
  for (let i = 0; i < values.length; i++) {
    const term = weights ? weights[i] * values[i] : values[i];
    if (!Number.isFinite(term)) throw new DomainError(`an exact sum takes finite numbers, got ${term} at index ${i}`);
    if (weights) addProductExactly(sum, weights[i], values[i]);
    else addExactly(sum, term);
  }
  const result = nearestFloat(sum);
  if (!Number.isFinite(result)) throw new NumericalError("the sum exceeds the range of float64: scale the values down");
  return result;
}
