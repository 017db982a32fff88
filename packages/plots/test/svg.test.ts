import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Axis, type Figure, heatmapFigure, histogramFigure, joinFigures, lineFigure, renderSvg } from "../src/index.js";
import { figures } from "./records.js";
import { descendants, frame, labelled, panels, parseXml, places, type XmlElement } from "./xml.js";

const x: Axis = { label: "x" };
const line = (values: readonly (number | null)[], y: Axis = { label: "y" }): Figure =>
  lineFigure({ title: "Values", x, y, series: [{ name: "values", x: values.map((_, k) => k), y: values }] });

/** Everything that must hold of any picture. */
function expectSound(svg: string): void {
  expect(svg).not.toMatch(/NaN|Infinity|undefined|\[object/);
  const root = parseXml(svg);
  expect(root.children.slice(0, 2).map(({ name }) => name)).toEqual(["title", "desc"]);
  for (const panel of panels(root)) {
    const grid = labelled(panel, "y-grid").length > 0 && labelled(panel, "x-grid").length > 0;
    if (!grid) continue;
    const { left, right, top, bottom } = frame(panel);
    const outside = places(panel).filter(
      ([px, py]) => !(px > left - 0.6 && px < right + 0.6 && py > top - 0.6 && py < bottom + 0.6),
    );
    expect(outside).toEqual([]);
  }
}

describe("an SVG", () => {
  it("stands on its own: namespace, size, fonts, title and description", () => {
    const { name, attributes, children } = parseXml(renderSvg(line([1, 2, 3])));
    expect(name).toBe("svg");
    expect(attributes).toMatchObject({ xmlns: "http://www.w3.org/2000/svg", width: "760", role: "img", "aria-label": "Values" });
    expect(attributes["font-family"]).toMatch(/sans-serif$/);
    expect(children.map(({ text }) => text).slice(0, 2)).toEqual(["Values", "y against x: values."]);
    expect(renderSvg(line([1, 2, 3]))).not.toMatch(/<script|href|@import|url\(/);
  });

  it("is sound where values hardly differ, and where one is alone", () => {
    const values = [1, 1 + 1e-15, 1 + 1e-12];
    for (const scale of ["log", "linear"] as const)
      for (const some of [values, [1], [3, 3], [1e-300, 2e-300], [1e300, 1.1e300], [0.1, 0.1 + 1e-17]])
        expectSound(renderSvg(line(some, { label: "y", scale })));
  });

  it("is the same text every time", () => {
    for (const [name, make] of Object.entries(figures(12))) expect(renderSvg(make()), name).toBe(renderSvg(make()));
  });

  it("puts data where its axes say", () => {
    const [panel] = panels(parseXml(renderSvg(line([0, 5, 10]))));
    const { left, right, top, bottom } = frame(panel);
    const dots = labelled(panel, "dot")[0].children.map(({ attributes }) => [Number(attributes.cx), Number(attributes.cy)]);
    expect(dots[0]).toEqual([left, bottom]);
    expect(dots[2]).toEqual([right, top]);
    expect(dots[1][0]).toBeCloseTo((left + right) / 2, 1);
    expect(dots[1][1]).toBeCloseTo((top + bottom) / 2, 1);
  });

  it("puts equal ratios at equal distances on a logarithmic axis", () => {
    const [panel] = panels(parseXml(renderSvg(line([1, 10, 100], { label: "y", scale: "log" }))));
    const y = labelled(panel, "dot")[0].children.map(({ attributes }) => Number(attributes.cy));
    expect(y[0] - y[1]).toBeCloseTo(y[1] - y[2], 1);
  });

  it("shows what is behind a missing value as a gap, and a value alone as a dot", () => {
    const [panel] = panels(parseXml(renderSvg(line([1, 2, null, 3, Number.NaN, 2, 1]))));
    expect(labelled(panel, "line")).toHaveLength(2);
    expect(labelled(panel, "dot").flatMap(({ children }) => children)).toHaveLength(5);
  });

  it("leaves out of a logarithmic axis what is not above 0, and ends bands there", () => {
    const chart = lineFigure({
      title: "Band",
      x,
      y: { label: "y", scale: "log" },
      series: [{ x: [1, 2, 3], y: [0.1, 0, 0.1], low: [-1, 0, 0], high: [1, 1, 1] }],
    });
    expectSound(renderSvg(chart));
  });

  it("keeps its words above its axes or below, never on them", () => {
    const shift = ({ attributes }: XmlElement) =>
      Number(/translate\([\d.]+,([\d.]+)\)/.exec(attributes.transform ?? "")?.[1] ?? 0);
    let seen = 0;
    for (const [name, make] of Object.entries(figures(12)))
      for (const box of descendants(parseXml(renderSvg(make())))) {
        const axes = box.children.find((child) => panels(child)[0] === child);
        if (!axes) continue;
        for (const child of box.children.filter((other) => other !== axes))
          for (const { name: tag, attributes } of descendants(child)) {
            if (tag === "g") continue;
            const y = shift(child) + Number(attributes.y ?? attributes.y1 ?? attributes.cy);
            expect(y < shift(axes) || y > shift(axes) + 60, `${name}: ${y}, axes at ${shift(axes)}`).toBe(true);
            seen++;
          }
      }
    expect(seen).toBeGreaterThan(200);
  });

  it("has both themes, which differ in colours alone", () => {
    const [light, dark] = (["light", "dark"] as const).map((theme) => renderSvg(figures(5).death(), { theme }));
    expect(light).toContain("#ffffff");
    expect(dark).not.toContain("#ffffff");
    const shape = (svg: string) => svg.replace(/#[0-9a-f]{6}/g, "#");
    expect(shape(dark)).toBe(shape(light));
  });

  it("writes any text as text", () => {
    const title = 'a < b & "c" > d \u0000\u001b[31m ]]> \ud800 θ';
    const root = parseXml(renderSvg({ ...line([1, 2]), title, subtitle: title }));
    expect(root.children[0].text).toContain('a < b & "c" > d');
    expect(root.children[0].text).toContain("θ");
  });

  it("cuts words that would leave the picture", () => {
    const long = renderSvg({ ...line([1, 2]), title: "x".repeat(500) }, { width: 300 });
    const title = [...descendants(parseXml(long))].find(({ attributes }) => attributes["font-weight"] === "600");
    expect(title?.text).toMatch(/^x{10,60}…$/);
  });

  it.each([
    [{ width: 100 }, /width.*240 to 10000.*100/],
    [{ width: Number.NaN }, /width/],
    [{ height: 1e6 }, /height/],
    [{ height: 200, width: 300 }, /at least \d+ pixels.*200/],
    [{ theme: "blue" as "light" }, /light, dark or page.*"blue"/],
  ])("refuses %j", (options, says) => {
    expect(() => renderSvg(figures(5).moments(), options)).toThrow(says);
  });

  it("has the height that is asked for", () => {
    expect(parseXml(renderSvg(line([1, 2]), { height: 300 })).attributes.height).toBe("300");
  });
});

describe("every figure of a record", () => {
  const names = Object.keys(figures(1));
  const fillings = {
    "usual numbers": (_: number, usual: number) => usual,
    "no numbers (null)": () => null,
    "no numbers (NaN)": () => Number.NaN,
    zeros: () => 0,
    "one and the same number": () => 0.25,
    "infinite numbers": (k: number) => (k % 2 === 0 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY),
    "tiny and huge numbers": (k: number) => (k % 3 === 0 ? 1e-300 : k % 3 === 1 ? 1e300 : 1),
    "negative numbers": (_: number, usual: number) => -usual,
  };
  it.each(Object.entries(fillings))("is sound with %s", (_name, fill) => {
    for (const count of [1, 7])
      for (const [name, make] of Object.entries(figures(count, fill)))
        for (const width of [240, 760]) {
          try {
            expectSound(renderSvg(make(), { width }));
          } catch (error) {
            throw new Error(`${name} of ${count}, ${width} pixels: ${(error as Error).message}`);
          }
        }
  });

  it.each(names)("of no layers is a picture too: %s", (name) => {
    expectSound(renderSvg(figures(0)[name]()));
  });

  it("is sound with any numbers", () => {
    const value = fc.oneof(fc.double(), fc.constant(null), fc.integer({ min: -5, max: 5 }));
    fc.assert(
      fc.property(fc.array(value, { minLength: 5, maxLength: 50 }), fc.integer({ min: 1, max: 4 }), (values, count) => {
        for (const make of Object.values(figures(count, (k) => values[k % values.length]))) expectSound(renderSvg(make()));
      }),
      { numRuns: 6 },
    );
  });
});

describe("a large figure", () => {
  it("of 100,000 layers is thinned, and keeps its extremes", () => {
    const values = Array.from({ length: 100_000 }, (_, k) => Math.sin(k / 100));
    values[54_321] = 7;
    const svg = renderSvg(line(values));
    expect(svg.length).toBeLessThan(100_000);
    const [panel] = panels(parseXml(svg));
    const { top, bottom } = frame(panel);
    const [low, high] = [-1, 7];
    expect(Math.min(...places(panel).map(([, y]) => y))).toBeCloseTo(bottom + ((top - bottom) * (7 - low)) / (high - low), 0);
  });

  it("of a record of 100,000 layers is small", () => {
    for (const name of ["death", "moments"]) expect(renderSvg(figures(100_000)[name]()).length, name).toBeLessThan(1_000_000);
  });

  it("of a kernel of a million values is averaged to what can be seen", () => {
    const places = Array.from({ length: 1000 }, (_, k) => k);
    const values = Float64Array.from({ length: 1e6 }, (_, k) => Math.sin(k));
    const figure = heatmapFigure({
      title: "Kernel",
      x: { label: "x", values: places },
      y: { label: "y", values: places },
      colour: { label: "k" },
      values: [...values],
    });
    expect(renderSvg(figure).length).toBeLessThan(1_200_000);
  });
});

describe("charts", () => {
  it("of a histogram have area 1 over common bins", () => {
    const values = Array.from({ length: 500 }, (_, k) => Math.sin(k * k));
    const [bars] = histogramFigure({ title: "h", x, samples: [{ values: [...values, null, Number.NaN] }] }).panels[0].marks;
    if (bars.kind !== "bars") throw new Error("no bars");
    const area = bars.lengths.reduce<number>(
      (sum, length, k) => sum + (length as number) * (bars.edges[k + 1] - bars.edges[k]),
      0,
    );
    expect(area).toBeCloseTo(1, 12);
    expect(() => histogramFigure({ title: "h", x, samples: [], bins: 0 })).toThrow(/1 to 1000/);
  });

  it("of a grid refuse values that do not fit", () => {
    const axis = { label: "x", values: [1, 2] };
    expect(() => heatmapFigure({ title: "g", x: axis, y: axis, colour: { label: "v" }, values: [1] })).toThrow(
      /2 rows and 2 columns takes 4/,
    );
  });

  it("can be joined, each headed by its title", () => {
    const joined = joinFigures([line([1, 2]), line([3, 4])], { title: "Both" });
    expect(joined.panels.map(({ title }) => title)).toEqual(["Values", "Values"]);
    expectSound(renderSvg(joined));
  });
});
