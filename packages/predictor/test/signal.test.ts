import { matrix, normals, stream } from "@sonde/core";
import { mlp } from "@sonde/nets";
import { expect, test } from "vitest";
import { signalFinding } from "../src/examinations/signal.js";
import { findingsOf } from "../src/findings.js";
import { measure } from "../src/index.js";

const data = matrix(64, 16, normals(stream(1), new Float64Array(64 * 16)));

async function signalFindings(depth: number, options: Parameters<typeof mlp>[1], points = data) {
  const findings = findingsOf(await measure(mlp(`16-16x${depth}-1`, options), { data: points, networks: 16 }));
  const own = ["zero-dimensional-signal", "one-dimensional-signal", "exploding-sensitivity"];
  return findings.filter(({ pathology }) => own.includes(pathology));
}

test("deep batch-normalised networks without skip connections are at risk of exploding sensitivity, shallow ones are not", async () => {
  const found = await signalFindings(40, { norm: "batch" });
  expect(found[0].severity).toBe("at-risk");
  expect(found.map(({ pathology }) => pathology)).toEqual(["exploding-sensitivity"]);
  expect(found[0].evidence).toMatch(
    /^noise grows by a factor 1\.[12]\d* a layer against the signal, [\d.]+e\+[3-5] times up to the last hidden layer/,
  );
  expect(await signalFindings(10, { norm: "batch" })).toEqual([]);
});

test("residual units are not", async () => {
  expect(await signalFindings(40, { norm: "batch", skip: "residual" })).toEqual([]);
});

test("plain narrow networks lose the signal's dimensions, but not those that the inputs never had", async () => {
  const found = await signalFindings(50, {});
  expect(found.map(({ pathology }) => pathology)).toContain("one-dimensional-signal");
  expect(found[0].layer).toBeLessThan(50);
  const line = matrix(
    64,
    16,
    Float64Array.from({ length: 64 * 16 }, (_, k) => Math.floor(k / 16) / 64 + 0.01 * (data.data[k] - 0.5)),
  );
  const pathologies = (await signalFindings(50, {}, line)).map(({ pathology }) => pathology);
  expect(pathologies).not.toContain("one-dimensional-signal");
});

test("the points are drawn from the whole set, however it is sorted", async () => {
  const points = 512;
  const values = normals(stream(2), new Float64Array(points * 16));
  // As from a file sorted by class: the first 64 points are nearly one.
  const sorted = matrix(
    points,
    16,
    values.map((value, k) => (k < 64 * 16 ? 1 + 1e-3 * value : value)),
  );
  expect(await signalFindings(4, {}, sorted)).toEqual([]);
  const first = matrix(64, 16, sorted.data.slice(0, 64 * 16));
  expect(await signalFindings(4, {}, first)).not.toEqual([]);
});

test("one dimension is a finding below an effective rank of 1.15, of inputs of 3 and more", () => {
  const found = (inputs: number, value: number) =>
    signalFinding(
      { pathology: "one-dimensional-signal", present: true, layer: 5, value },
      { rank: { value: inputs, whose: "that of the inputs" }, on: "16 networks" },
    ).length;
  expect([found(3, 1.149), found(2.99, 1.149), found(3, 1.15)]).toEqual([1, 0, 0]);
});

test("sensitivity is a finding above ln chi = 4.6 at the last layer", () => {
  const found = (mean: number) =>
    signalFinding(
      { pathology: "exploding-sensitivity", present: true, layer: 5, value: 0.2 },
      { logChi: { mean } as never, rank: { value: 9, whose: "that of the inputs" }, on: "16 networks" },
    ).length;
  expect([found(4.61), found(4.6)]).toEqual([1, 0]);
});
