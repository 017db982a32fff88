import { matrix, split, stream } from "@sonde/core";
import { describe, it } from "vitest";
import { mlp, randomNetwork, tangent } from "../../src/index.js";
import { expectWithin, kernels, lane, normalLanes } from "./lanes.js";

describe("layers in one call", () => {
  it("are those of the random networks of the same streams, tangents included", () => {
    kernels.release();
    const [points, first] = [5, 6];
    const architecture = mlp("3-16x2-2", { bias: "normal:0.3", init: "glorot-normal", activation: "gelu" });
    const networks = split(stream(11), 0);
    const roots = kernels.allocate(64);
    kernels.roots(networks, first, roots);
    // The same points and directions for all four networks.
    const shared = normalLanes(2 * points * 3).map((_, i, all) => all[i - (i % 4)]);
    const x = kernels.allocate(4 * shared.length);
    kernels.floats(x, shared.length).set(shared);
    const widths = [3, 16, 16, 2];
    const buffers = widths.map((width) => kernels.allocate(32 * points * width));
    const scratch = kernels.allocate(kernels.layerScratch(16, 16));
    const results = { exponents: kernels.allocate(16), flags: kernels.allocate(16) };
    kernels.ints(results.exponents, 4).fill(0);
    for (let l = 0; l < 3; l++)
      kernels.layer(
        kernels.defineLayer({
          ...{ x: l === 0 ? x : buffers[l], out: buffers[l + 1], points, inputs: widths[l], units: widths[l + 1] },
          ...{ roots, index: l, scale: Math.sqrt(2 / (widths[l] + widths[l + 1])), biasScale: Math.sqrt(0.3), scratch },
          ...{ activation: l < 2 ? "gelu" : "linear", tangents: results },
        }),
      );
    const got = kernels.floats(buffers[3], 8 * points * 2);
    for (let k = 0; k < 4; k++) {
      const network = randomNetwork(architecture, split(networks, first + k));
      const half = 4 * points * 3;
      const [inputs, directions] = [shared.slice(0, half), shared.slice(half)].map((values) => lane(values, k, points));
      const expected = tangent(network, inputs, directions);
      const y = lane(got.slice(0, 8 * points), k, points);
      const dy = lane(got.slice(8 * points), k, points);
      const scale = 2 ** kernels.ints(results.exponents, 4)[k];
      // Rounding of float32 through three layers of up to 16 terms of size about 1.
      expectWithin(y, expected.outputs, () => 1e-5);
      expectWithin(
        matrix(
          dy.rows,
          dy.cols,
          dy.data.map((v) => v * scale),
        ),
        expected.tangents,
        () => 1e-5,
      );
    }
  });
});
