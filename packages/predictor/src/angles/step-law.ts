/** The mean and the variance of ln sin^2 theta after a layer, given that the pair is not degenerate. */
export interface StepLaw {
  readonly mean: number;
  readonly variance: number;
}
