/**
 * Simulates two points at an angle through zero-bias He ReLU networks, in law, and returns the mean and standard deviation of ln sin^2 of their angle after the last
 * layer, with standard errors, and how many pairs are degenerate: a zero vector, or exactly collinear. `kernels` are those of `lawKernels`.
 */
export function logSin2(kernels, { width, layers, theta0, networks }) {
  kernels.release();
  const [x, even, odd] = [2 * 2, 2 * width, 2 * width].map((count) => kernels.allocate(32 * count));
  const r = kernels.allocate(32 * 4);
  const roots = kernels.allocate(64);
  const scratch = kernels.allocate(kernels.layerScratch(width, width, 2));
  const start = [1, 0, Math.cos(theta0), Math.sin(theta0)];
  kernels.doubles(x, 16).set(start.flatMap((value) => [value, value, value, value]));
  const defined = Array.from({ length: layers }, (_, index) => {
    const inputs = index === 0 ? 2 : width;
    return kernels.defineLayer({
      ...{ x: index === 0 ? x : index % 2 ? even : odd, out: index % 2 ? odd : even },
      ...{ points: 2, inputs, units: width, roots, index, scale: Math.sqrt(2 / inputs), activation: "relu", scratch },
    });
  });
  const values = [];
  for (let first = 0; first < networks; first += 4) {
    kernels.roots({ k0: 0, k1: 0, s0: 0, s1: 0 }, first, roots);
    for (const layer of defined) kernels.layer(layer);
    kernels.coordinates(layers % 2 ? even : odd, { points: 2, units: width }, r);
    const entries = kernels.doubles(r, 16);
    for (let lane = 0; lane < 4; lane++) {
      const [along, across] = [entries[8 + lane], entries[12 + lane]];
      if (entries[lane] > 0 && across > 0) values.push(Math.log(across ** 2 / (along ** 2 + across ** 2)));
    }
  }
  return { ...moments(values), degenerate: networks - values.length };
}

/** Mean and standard deviation with their standard errors; that of the deviation from the fourth moment. */
function moments(values) {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const central = (k) => values.reduce((sum, value) => sum + (value - mean) ** k, 0) / n;
  const sd = Math.sqrt(central(2));
  return { mean, meanError: sd / Math.sqrt(n), sd, sdError: Math.sqrt((central(4) / sd ** 2 - sd ** 2) / (4 * n)) };
}
