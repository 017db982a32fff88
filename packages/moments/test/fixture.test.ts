import { ensembleKernels } from "@sonde/kernels/ensemble";
import { type MlpOptions, mlp, type Network } from "@sonde/nets";
import { describe, expect, it } from "vitest";
import { type NetworkPlace, networkMoments, recordedMoments } from "../src/index.js";
import { inputs, noise, points, sections, units, weights } from "./fixture.js";

function network(layers: number, options: MlpOptions): Network {
  const architecture = mlp([units, ...new Array(layers).fill(units), units], options);
  const parameters = Array.from({ length: layers + 1 }, (_, l) => ({ weights: weights(l + 1), bias: new Float64Array(units) }));
  return { architecture, parameters };
}

/** The numbers of a line as we measure them; chi of the fixture is raw. */
function numbers(place: NetworkPlace, input: NetworkPlace): number[] {
  const { nu1, nu2, mu2, mu4, effectiveRank, logNoise, noiseEffectiveRank, logChi } = place;
  const power = noise.data.reduce((sum, d) => sum + d * d, 0) / noise.data.length;
  const chi = Math.sqrt(power / input.mu2);
  return [nu1, nu2, mu2, mu4, effectiveRank, Math.exp(logNoise) * power, noiseEffectiveRank, Math.exp(logChi) * chi];
}

function expectSection(title: string, measured: readonly (readonly number[])[], tolerance: number): void {
  const lines = sections.get(title) ?? [];
  expect(measured).toHaveLength(lines.length);
  lines.forEach(({ location, numbers }, index) => {
    expect(numbers).toHaveLength(8);
    numbers.forEach((value, column) => {
      const error = Math.abs(measured[index][column] / value - 1);
      expect(error, `${title}, ${location}, column ${column + 1}`).toBeLessThan(tolerance);
    });
  });
}

describe("every printed number of the fixture", () => {
  it.each<[string, number, MlpOptions, boolean]>([
    ["vanilla", 3, {}, true],
    ["bn_ff", 3, { norm: "batch" }, true],
    ["bn_res", 4, { norm: "batch", skip: "residual" }, false],
  ])("comes out to 1e-10 in float64: %s", (title, layers, options, withInput) => {
    const { input, layers: measured } = networkMoments(network(layers, options), inputs, { noise });
    const places = [...(withInput ? input : []), ...measured.flatMap(({ locations }) => locations)];
    expectSection(
      title,
      places.map((place) => numbers(place, input[0])),
      1e-10,
    );
  });

  it("comes out to 1e-10 with the full derivative of batch norm", () => {
    const { input, layers } = networkMoments(network(1, { norm: "batch" }), inputs, { noise, jacobian: "full" });
    expectSection("full-BN-Jacobian", [numbers(layers[0].locations[1], input[0])], 1e-10);
  });

  it("comes out to 1e-4 from the float32 kernels", () => {
    const kernels = ensembleKernels();
    const count = points * units;
    const block = (values: number) => kernels.allocate(16 * values);
    /** Values and tangents [2 points][units][4], alike in all lanes. */
    const start = block(2 * count);
    kernels.floats(start, 8 * count).set([...inputs.data, ...noise.data].flatMap((value) => [value, value, value, value]));
    const read = (at: number): number[] => {
      const lane = Float64Array.from({ length: 2 * count }, (_, i) => kernels.floats(at, 8 * count)[4 * i + 2]);
      const part = (from: number) => ({ shape: [points, units], data: lane.slice(from, from + count) });
      const found = recordedMoments(part(0), { noise: part(count) });
      const { nu1, nu2, mu2, mu4, effectiveRank = Number.NaN } = found;
      const dx = found.noise;
      return [nu1, nu2, mu2, mu4, effectiveRank, dx?.nu2 ?? 0, dx?.effectiveRank ?? 0, dx?.chi ?? 0];
    };
    const linear = (x: number, l: number): number => {
      const [out, w] = [block(2 * count), block(units * units)];
      kernels.floats(w, 4 * units * units).set([...weights(l).data].flatMap((value) => [value, value, value, value]));
      kernels.denseWith(x, { points, inputs: units, units }, w, out, { tangents: true });
      return out;
    };
    const norm = (x: number, frozen = true): number => {
      const out = block(2 * count);
      kernels.norm(x, "batch", { points, positions: 1, channels: units }, out, { tangents: true, frozen });
      return out;
    };
    const relu = (x: number): number => {
      const out = block(2 * count);
      kernels.bytes(out, 32 * count).set(kernels.bytes(x, 32 * count));
      kernels.activateTangent(out, out + 16 * count, count, "relu");
      return out;
    };
    const places: Record<string, number[]> = { vanilla: [start], bn_ff: [start], bn_res: [] };
    const visit = (title: string, at: number): number => {
      places[title].push(at);
      return at;
    };
    for (let l = 1, [plain, normed] = [start, start]; l <= 3; l++) {
      plain = visit("vanilla", relu(visit("vanilla", linear(plain, l))));
      normed = visit("bn_ff", relu(visit("bn_ff", norm(visit("bn_ff", linear(normed, l))))));
    }
    for (let unit = 0, y = start; unit < 2; unit++) {
      let branch = y;
      for (const l of [1, 2]) {
        const z = visit("bn_res", norm(branch));
        branch = visit("bn_res", linear(visit("bn_res", relu(z)), 2 * unit + l));
      }
      const sum = block(2 * count);
      kernels.bytes(sum, 32 * count).set(kernels.bytes(y, 32 * count));
      kernels.add(sum, branch, 2 * count);
      y = visit("bn_res", sum);
    }
    for (const title of Object.keys(places)) expectSection(title, places[title].map(read), 1e-4);
    expectSection("full-BN-Jacobian", [read(norm(linear(start, 1), false))], 1e-4);
  });
});
