import { readFileSync } from "node:fs";
import { type Matrix, matrix, multiply, transpose } from "@sonde/core";
import { expect, test } from "vitest";
import { type LayerOutput, mlp, type Network, type Tangents, tangent } from "../src/index.js";

const points = 6;
const units = 5;

const inputs = fill(points, units, (b, i) => Math.sin(1 + 2 * b + 3 * i) + 0.25 * Math.cos(b * i));
const noise = fill(points, units, (b, i) => Math.cos(2 + 5 * b + i));
const weights = (l: number) =>
  fill(units, units, (i, j) => Math.sqrt(2 / units) * Math.SQRT2 * Math.sin(1.7 * (25 * l + 5 * i + j) + 0.3));

function fill(rows: number, cols: number, value: (i: number, j: number) => number): Matrix<Float64Array> {
  return matrix(
    rows,
    cols,
    Float64Array.from({ length: rows * cols }, (_, k) => value(Math.floor(k / cols), k % cols)),
  );
}

function network(layers: number, options: Parameters<typeof mlp>[1]): Network {
  const architecture = mlp([units, ...new Array(layers).fill(units), units], options);
  const parameters = Array.from({ length: layers + 1 }, (_, l) => ({ weights: weights(l + 1), bias: new Float64Array(units) }));
  return { architecture, parameters };
}

/** The lines of a section of the fixture: location -> numbers. */
const sections = new Map(
  readFileSync(new URL("fixtures/moments.txt", import.meta.url), "utf8")
    .split("\n## ")
    .slice(1)
    .map((section) => {
      const [title, ...lines] = section.trimEnd().split("\n");
      return [
        title.split(" ")[0],
        lines.map((line) => ({ location: line.slice(0, 22).trim(), numbers: numbersOf(line.slice(22)) })),
      ];
    }),
);

function numbersOf(line: string): number[] {
  return [...line.matchAll(/=([-\d.e]+)/g)].map(([, digits]) => Number(digits));
}

const mean = (m: Matrix<Float64Array>, power: (value: number) => number) =>
  m.data.reduce((sum, value) => sum + power(value), 0) / m.data.length;

function centre(m: Matrix<Float64Array>): Matrix<Float64Array> {
  return fill(m.rows, m.cols, (i, j) => {
    let sum = 0;
    for (let k = 0; k < m.rows; k++) sum += m.data[k * m.cols + j];
    return m.data[i * m.cols + j] - sum / m.rows;
  });
}

/** Trace over largest eigenvalue; high powers of a symmetric matrix converge to the projector on its first eigenvector. */
function effectiveRank(m: Matrix<Float64Array>): number {
  const centred = centre(m);
  const covariance = multiply(transpose(centred), centred);
  let power = covariance;
  for (let k = 0; k < 12; k++) {
    power = multiply(power, power);
    const scale = trace(power);
    for (let i = 0; i < power.data.length; i++) power.data[i] /= scale;
  }
  return trace(covariance) / trace(multiply(covariance, power));
}

function trace(m: Matrix): number {
  let sum = 0;
  for (let i = 0; i < m.rows; i++) sum += m.data[i * m.cols + i];
  return sum;
}

/** In the order of the fixture. */
function measure(x: Matrix<Float64Array>, dx: Matrix<Float64Array>): number[] {
  const centred = centre(x);
  const mu2 = mean(centred, (v) => v ** 2);
  const nu2dx = mean(dx, (v) => v ** 2);
  const signal = [mean(x, Math.abs), mean(x, (v) => v ** 2), mu2, mean(centred, (v) => v ** 4), effectiveRank(x)];
  return [...signal, nu2dx, effectiveRank(dx), Math.sqrt(nu2dx / mu2)];
}

function expectSection(title: string, measured: readonly number[][]): void {
  const lines = sections.get(title) as { location: string; numbers: number[] }[];
  expect(measured).toHaveLength(lines.length);
  for (const [index, { location, numbers }] of lines.entries()) {
    expect(numbers).toHaveLength(8);
    // Twelve digits were printed: half a unit of the last is at most 5e-12 of the value.
    for (const [column, value] of numbers.entries())
      expect(Math.abs(measured[index][column] / value - 1), `${title}, ${location}, column ${column + 1}`).toBeLessThan(1e-11);
  }
}

function run(net: Network, stop: string, batchNorm?: "full"): number[][] {
  const measured: number[][] = [];
  let running = true;
  const trace = ({ path, activations, exponent, tangents, tangentExponent }: LayerOutput & Tangents) => {
    running &&= path !== stop;
    expect([exponent, tangentExponent]).toEqual([0, 0]);
    if (running) measured.push(measure(activations, tangents));
  };
  tangent(net, inputs, noise, { trace, batchNorm });
  return measured;
}

test("a plain network has the moments of the fixture after every layer", () => {
  expectSection("vanilla", [measure(inputs, noise), ...run(network(3, {}), "layers[6]")]);
});

test("a network with batch norm has the moments of the fixture after every layer", () => {
  expectSection("bn_ff", [measure(inputs, noise), ...run(network(3, { norm: "batch" }), "layers[9]")]);
});

test("residual units with batch norm have the moments of the fixture after every layer", () => {
  expectSection("bn_res", run(network(4, { norm: "batch", skip: "residual" }), "layers[2]"));
});

test("the full derivative of batch norm has the moments of the fixture", () => {
  expectSection("full-BN-Jacobian", [run(network(1, { norm: "batch" }), "layers[3]", "full")[1]]);
});
