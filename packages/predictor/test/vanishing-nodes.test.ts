import { matrix, matrixFromRows, normals, stream } from "@sonde/core";
import { mlp } from "@sonde/nets";
import { measureVni } from "@sonde/vni";
import { describe, expect, it } from "vitest";
import { findingsOf } from "../src/findings.js";
import { measure } from "../src/index.js";

const points = (inputs: number) => matrix(200, inputs, normals(stream(6), new Float64Array(200 * inputs)));

describe("vanishing nodes in a diagnosis", () => {
  it("are found in a deep network, with the layer, and not in a shallow one", async () => {
    const data = points(12);
    const deep = await measure(mlp("12-16x60-4", { activation: "tanh", init: "lecun-normal" }), { data, networks: 30 });
    const finding = findingsOf(deep).find(({ pathology }) => pathology === "vanishing-nodes");
    const deeper = await measure(mlp("12-6x100-4", { activation: "tanh", init: "lecun-normal" }), { data, networks: 12 });
    expect(deeper.nodes?.layers.at(-1)?.effectiveNodes).toBeLessThan(1.2);
    expect(findingsOf(deeper)).toContainEqual(expect.objectContaining({ pathology: "vanishing-nodes", severity: "degenerate" }));
    expect(finding).toMatchObject({ severity: "at-risk", source: expect.stringContaining("1910.09745") });
    expect(finding?.evidence).toMatch(
      /^the 16 units of the last hidden layer are worth 1\.\d+ different ones .*fewer than 2 from layer/,
    );
    expect(finding?.layer).toBeGreaterThan(5);
    const shallow = await measure(mlp("12-16x3-4", { activation: "tanh", init: "lecun-normal" }), { data, networks: 12 });
    expect(shallow.nodes?.layers.map(({ layer }) => layer)).toEqual([1, 2, 3]);
    expect(shallow.nodes?.layers[2].effectiveNodes).toBeGreaterThan(3);
  });

  it("are looked for in six layers at most, evenly spread, the last among them", async () => {
    const seen = async (depth: number) => {
      const { nodes } = await measure(mlp(`12-8x${depth}-4`), { data: points(12), networks: 4 });
      return nodes?.layers.map(({ layer }) => layer);
    };
    expect(await seen(6)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(await seen(7)).toEqual([1, 3, 5, 7]);
  });

  it("rest on the same VNI as the metric's own estimate", async () => {
    const data = points(10);
    const { nodes } = await measure(mlp("10-12x8-2"), { data, networks: 300, seed: 1 });
    const { layers } = await measureVni(mlp("10-12x8-2"), { data, networks: 300, seed: 2, local: false });
    expect(nodes?.layers.map(({ layer }) => layer)).toEqual([2, 4, 6, 8]);
    for (const { layer, vni } of nodes?.layers ?? []) {
      const other = layers[layer - 1].vni;
      // A hundred points fewer make rarely active units look constant: allow that much.
      const error = Math.hypot(vni.standardError, other.standardError);
      expect(Math.abs(vni.value - other.value)).toBeLessThan(4.5 * error + 0.02 * other.value);
    }
  });

  it("are judged by the dimensions of the inputs, and not asked of inputs along a line, or of a few points", async () => {
    const plane = await measure(mlp("2-16x2-2", { activation: "tanh" }), { data: points(2), networks: 20 });
    expect(plane.nodes?.fewest.atRisk).toBeGreaterThan(1.3);
    expect(plane.nodes?.fewest.atRisk).toBeLessThan(1.7);
    expect(plane.nodes?.fewest.degenerate).toBeCloseTo(0.6 * (plane.nodes?.fewest.atRisk ?? 0), 12);
    const wide = await measure(mlp("12-16x2-2"), { data: points(12), networks: 20 });
    expect(wide.nodes?.fewest).toEqual({ atRisk: 2, degenerate: 1.2 });
    const line = matrix(200, 2);
    points(1).data.forEach((value, p) => {
      line.data.set([value, 2 * value], 2 * p);
    });
    expect((await measure(mlp("2-8x2-1"), { data: line, networks: 20 })).nodes).toBeUndefined();
    expect((await measure(mlp("1-8x2-1"), { networks: 20 })).nodes).toBeUndefined();
    const xor = matrixFromRows([
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ]);
    expect((await measure(mlp("2-8x2-1"), { data: xor, networks: 20 })).nodes).toBeUndefined();
  });
});
