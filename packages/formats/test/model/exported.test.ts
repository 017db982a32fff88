import { readFileSync } from "node:fs";
import { runGraph } from "@sonde/nets";
import { describe, expect, it } from "vitest";
import { modelGraph, parseModel } from "../../src/index.js";
import { fixture } from "../fixture.js";

interface Exported {
  readonly shape: readonly number[];
  readonly input: readonly number[];
  readonly output: readonly number[];
  readonly every: number;
  readonly values: readonly number[];
}

const all = fixture<Record<string, Exported>>("exported.json");

describe("what PyTorch exports with its parameters unfolded puts out what PyTorch does", () => {
  it.each(Object.keys(all))("%s", async (name) => {
    const { shape, input, output, every, values } = all[name];
    const bytes = new Uint8Array(readFileSync(new URL(`../fixtures/exported/${name}.onnx`, import.meta.url)));
    const { graph, weights } = modelGraph(await parseModel(bytes), { points: shape[0], input: shape.slice(1) });
    const got = runGraph(graph, weights, { input: { shape, data: Float64Array.from(input) } })[graph.outputs[0]];
    expect(got.shape).toEqual(output);
    const largest = Math.max(...values.map(Math.abs));
    for (const [k, value] of values.entries()) expect(Math.abs(got.data[k * every] - value)).toBeLessThan(1e-5 * largest);
  });
});
