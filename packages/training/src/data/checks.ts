import { DomainError } from "@sonde/core";

/** Throws `DomainError` unless it is a whole number of points from 1 to 10^7. */
export function checkPoints(points: number): void {
  if (!(Number.isInteger(points) && points >= 1 && points <= 1e7))
    throw new DomainError(`the number of points is a whole number from 1 to 10000000, got ${points}`);
}
