import { Buffer } from "node:buffer";
import { describe, expect, it } from "vitest";
import { renderSvg } from "../src/index.js";
import { renderPng } from "../src/node.js";
import { figures } from "./records.js";

const sizeOf = (png: Uint8Array) => {
  const bytes = Buffer.from(png.buffer, png.byteOffset, png.byteLength);
  return [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
};

describe("a PNG", () => {
  const death = figures(5).death();

  it("is a PNG, twice the size of the SVG", () => {
    const png = renderPng(death);
    expect([...png.subarray(0, 8)]).toEqual([137, 80, 78, 71, 13, 10, 26, 10]);
    const height = Number(/height="(\d+)"/.exec(renderSvg(death))?.[1]);
    expect(sizeOf(png)).toEqual([1520, 2 * height]);
  });

  it("has the zoom and the theme that are asked for", () => {
    expect(sizeOf(renderPng(death, { zoom: 1, width: 400 }))[0]).toBe(400);
    expect(renderPng(death, { theme: "dark" })).not.toEqual(renderPng(death));
  });

  it("is the same every time, and has letters though no font of the system is used", () => {
    expect(renderPng(death)).toEqual(renderPng(death));
    const blank = { ...death, title: " ", subtitle: undefined };
    expect(renderPng(death).length).toBeGreaterThan(renderPng(blank).length + 500);
  });

  it("refuses a zoom outside its range", () => {
    expect(() => renderPng(death, { zoom: 0 })).toThrow(/0.5 to 8/);
  });
});
