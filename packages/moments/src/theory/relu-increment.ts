/**
 * The factor by which ReLU raises the normalised sensitivity, (1 - overlap)^(-1/2): noise loses half of its power, the signal half of it and the overlap of its positive and
 * negative parts.
 *
 * Of a layer y = W x, x' = relu(y) with sigma_w^2 = 2 the overlap is E_c[nu_1(y+) nu_1(y-)] / mu_2(x) (the whole layer's factor), of a batch-normalised z it is E_c[nu_1(|z|)^2] / 2; 0
 * if every channel keeps one sign over the data, 1/pi for Gaussian values. In [0, 1); NaN outside.
 *
 * @see Labatie 2019 (arXiv 1811.03087)
 *
 * @example
 * reluIncrement(1 / Math.PI) // 1.21117...
 */
export function reluIncrement(overlap: number): number {
  return overlap >= 0 && overlap < 1 ? 1 / Math.sqrt(1 - overlap) : Number.NaN;
}
