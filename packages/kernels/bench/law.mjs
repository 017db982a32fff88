// Speed of the draw in law on one core, best of five; about ten seconds. Build first, then: node packages/kernels/bench/law.mjs
import { lawKernels } from "@sonde/kernels";

const kernels = lawKernels();

/** Best microseconds of one network of `layers` equal ReLU layers (four are drawn together), and of what makes the coordinates in it. */
function microseconds({ points, width, layers, orthogonal }) {
  kernels.release();
  const [a, b] = [0, 1].map(() => kernels.allocate(32 * points * width));
  const r = kernels.allocate(32 * points * points);
  const roots = kernels.allocate(64);
  const scratch = kernels.allocate(kernels.layerScratch(width, width, points));
  const common = { points, inputs: width, units: width, roots, orthogonal, activation: "relu", scratch };
  const scale = orthogonal ? Math.sqrt(2) : Math.sqrt(2 / width);
  const defined = Array.from({ length: layers }, (_, index) =>
    kernels.defineLayer({ ...common, index, scale, x: index % 2 ? b : a, out: index % 2 ? a : b }),
  );
  let first = 0;
  const start = () => {
    kernels.roots({ k0: 0, k1: 0, s0: 0, s1: 0 }, 4 * first++, roots);
    kernels.fillLanes({ streams: roots, scale: 1 }, 0, points * width, a);
  };
  const networks = () => {
    start();
    for (const layer of defined) kernels.layer(layer);
  };
  const coordinates = () => {
    start();
    for (let l = 0; l < layers; l++) kernels.coordinates(a, { points, units: width }, r);
  };
  return [networks, coordinates].map((run) => best(run) / 4);
}

/** Best microseconds of a call. */
function best(call) {
  let least = Infinity;
  const begin = performance.now();
  call();
  const repeats = Math.max(1, Math.ceil(150 / (performance.now() - begin)));
  for (let round = 0; round < 5; round++) {
    const start = performance.now();
    for (let i = 0; i < repeats; i++) call();
    least = Math.min(least, ((performance.now() - start) * 1e3) / repeats);
  }
  return least;
}

console.log("points x width, layers          us a network   of which coordinates");
for (const network of [
  { points: 2, width: 16, layers: 100 },
  { points: 2, width: 64, layers: 100 },
  { points: 2, width: 256, layers: 100 },
  { points: 2, width: 1024, layers: 100 },
  { points: 2, width: 1024, layers: 100, orthogonal: true },
  { points: 16, width: 1024, layers: 10 },
  { points: 64, width: 64, layers: 10 },
  { points: 64, width: 1024, layers: 10 },
  { points: 512, width: 16, layers: 10 },
  { points: 512, width: 1024, layers: 1 },
]) {
  const { points, width, layers, orthogonal } = network;
  const [whole, coordinates] = microseconds(network);
  const label = `${points} x ${width}, ${layers}${orthogonal ? " orthogonal" : ""}`;
  console.log(label.padEnd(28), whole.toFixed(1).padStart(15), coordinates.toFixed(1).padStart(22));
}
