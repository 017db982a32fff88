import { matrix, normals, stream } from "../../packages/core/dist/index.js";
import { infiniteWidthKernel } from "../../packages/infinite-width/dist/index.js";
import { measureKernel, measureTangentKernel } from "../../packages/metrics-kernel/dist/index.js";
import { layerKinds } from "../../packages/metrics-kernel/test/layer-kinds.mjs";

/**
 * Kernels of infinite width against 200 random networks of width 1024 for every kind of layer, at the output: the entry that is furthest off. Tangent kernels against networks of width 64, whose mean
 * is about depth / width away.
 */
export async function* rows() {
  for (const [name, architecture] of Object.entries(layerKinds(1024))) {
    const x = points(architecture);
    const { nngp } = await infiniteWidthKernel(architecture, x, { ntk: false });
    const measured = await measureKernel(architecture, x, { networks: 200 });
    yield furthest(`${name}: nngp`, nngp, measured.nngp, measured.standardError, 0);
  }
  for (const [name, architecture] of Object.entries(layerKinds(64))) {
    const x = points(architecture);
    const { ntk } = await infiniteWidthKernel(architecture, x);
    const measured = measureTangentKernel(architecture, x, { networks: 200 });
    yield furthest(`${name}: ntk`, ntk, measured.ntk, measured.standardError, 0.5 / 64);
  }
}

/** Three points, two of them close. */
function points({ input }) {
  const size = input.reduce((product, n) => product * n, 1);
  const x = matrix(3, size);
  normals(stream(5), x.data);
  for (let k = 0; k < size; k++) x.data[size + k] = 0.7 * x.data[k] + 0.5 * x.data[size + k];
  return x;
}

function furthest(label, expected, measured, standardError, share) {
  const z = Array.from(
    expected.data,
    (value, k) => (Math.abs(value - measured.data[k]) - share * Math.abs(value)) / standardError.data[k],
  );
  const k = z.indexOf(Math.max(...z));
  return {
    case: label,
    ours: expected.data[k],
    reference: measured.data[k],
    referenceError: standardError.data[k],
    tolerance: share * Math.abs(expected.data[k]),
  };
}
