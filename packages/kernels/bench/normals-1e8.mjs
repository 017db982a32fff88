// Kolmogorov-Smirnov test of 1e8 float32 normals and counts beyond 3, 4, 5 and 5.5 standard deviations. Build first, then:
//   node packages/kernels/bench/normals-1e8.mjs > packages/kernels/bench/normals-1e8.txt
// The draws are not sorted but counted in 2^20 cells of equal probability; the statistic is taken at the cells' ends, 1e-6 apart in probability.
import { ensembleKernels, mathModule } from "@sonde/kernels";

const N = 1e8;
const CELLS = 2 ** 20;
const CHUNK = 2 ** 20;
const LEVELS = [3, 4, 5, 5.5];
const name = { k0: 2026, k1: 11, s0: 20, s1: 0 };

const { normalCdf, normalQuantile } = mathModule();
const kernels = ensembleKernels();
const ends = Float64Array.from({ length: CELLS - 1 }, (_, i) => normalQuantile((i + 1) / CELLS));
// A table over z in steps of 2^-12 says at which cell the search for z may begin.
const FROM = -7;
const STEPS = 4096;
const hints = Uint32Array.from({ length: 14 * STEPS + 1 }, (_, i) => lowerBound(FROM + i / STEPS));

const counts = new Float64Array(CELLS);
const below = LEVELS.map(() => 0);
const above = LEVELS.map(() => 0);
const sums = [0, 0, 0, 0, 0];
const chunk = new Float32Array(CHUNK);
for (let first = 0; first < N; first += CHUNK) {
  const part = chunk.subarray(0, Math.min(CHUNK, N - first));
  kernels.normals(name, part, first);
  for (let i = 0; i < part.length; i++) {
    const z = part[i];
    let cell = hints[Math.floor((z - FROM) * STEPS)];
    while (cell < CELLS - 1 && ends[cell] <= z) cell++;
    counts[cell]++;
    const square = z * z;
    sums[1] += z;
    sums[2] += square;
    sums[3] += square * z;
    sums[4] += square * square;
    if (square >= 9)
      LEVELS.forEach((level, k) => {
        if (z > level) above[k]++;
        if (z < -level) below[k]++;
      });
  }
}

let cumulative = 0;
let distance = 0;
for (let i = 0; i < CELLS - 1; i++) {
  cumulative += counts[i];
  distance = Math.max(distance, Math.abs(cumulative / N - (i + 1) / CELLS));
}
const scaled = distance * Math.sqrt(N);
let p = 0;
for (let k = 1; k < 100; k++) p += (k % 2 ? 2 : -2) * Math.exp(-2 * k * k * scaled * scaled);
console.log(`draws                ${N}`);
console.log(
  `KS statistic         ${distance.toExponential(3)}, times sqrt(n) ${scaled.toFixed(3)}, p ${Math.min(1, p).toFixed(3)}`,
);
const moments = [1, 0, 1, 0, 3, 0, 15, 0, 105];
for (let k = 1; k <= 4; k++) {
  const sigma = Math.sqrt((moments[2 * k] - moments[k] ** 2) / N);
  console.log(
    `E z^${k}                ${(sums[k] / N).toFixed(6)}, expected ${moments[k]}, ${((sums[k] / N - moments[k]) / sigma).toFixed(2)} standard errors`,
  );
}
LEVELS.forEach((level, k) => {
  const expected = N * normalCdf(-level);
  for (const [side, count] of [
    ["<-", below[k]],
    ["> ", above[k]],
  ])
    console.log(
      `z ${side}${level.toFixed(1)}              ${count}, expected ${expected.toFixed(1)}, ${((count - expected) / Math.sqrt(expected)).toFixed(2)} standard errors`,
    );
});

/** The first cell whose end lies above z. */
function lowerBound(z) {
  let low = 0;
  let high = CELLS - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ends[middle] <= z) low = middle + 1;
    else high = middle;
  }
  return low;
}
