import { describe, expect, it } from "vitest";
import { checkHtml } from "../src/index.js";
import { finding, recordOf } from "./records.js";

const findings = [finding("vanishing-angles", "at-risk", 3), finding("born-dead", "degenerate", 2)];

describe("the page of a check-up", () => {
  const page = checkHtml(recordOf(5, findings));

  it("says the verdict first, then network, findings, cures, charts, numbers, what was measured, method", () => {
    const order = [
      "<h1>",
      ...["network", "findings", "cures", "charts", "numbers", "measured", "method"].map((id) => `<section id="${id}"`),
    ];
    const places = order.map((text) => page.indexOf(text));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places[0]).toBeGreaterThan(0);
    // The worst finding is named first.
    expect(page).toMatch(/2 findings: <a href="#finding-2">born dead<\/a>/);
    expect(page).toMatch(/40 %<\/strong> \(95 %: 38 % to 42 %\)/);
    expect(page).toMatch(/<th scope="row">GELU instead of ReLU<\/th><td><span class="badge healthy">/);
    expect(page).toContain("sonde check &#39;nets/my net.json&#39; --seed=7 --domain=-1,1 --fail-on=degenerate");
  });

  it("needs nothing else: no script, nothing that is loaded", () => {
    expect(page).not.toMatch(/<script|\bon\w+=|@import|url\(|<img|<iframe|<object/i);
    for (const [, target] of page.matchAll(/(?:src|href)="([^"]*)"/g)) expect(target).toMatch(/^(#|data:,$)/);
    expect(page).toContain("default-src 'none'");
  });

  it("has every id once, and every link inside it leads to one", () => {
    const ids = [...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, id] of page.matchAll(/href="#([^"]*)"/g)) expect(ids).toContain(id);
  });

  it("escapes what comes from files", () => {
    const evil = `"><script>alert(1)</script>\u202e\u0007`;
    const hostile = recordOf(
      2,
      [{ ...finding(evil, "at-risk", 1), name: evil, evidence: evil, explanation: evil, source: evil }],
      {
        settings: { model: evil, data: evil },
        warnings: [evil],
      },
    );
    const { layers, ...result } = hostile.result;
    const unmeasured = [{ question: evil, reason: evil }];
    const text = checkHtml({
      ...hostile,
      result: { ...result, verdict: evil, unmeasured, layers: layers.map((l) => ({ ...l, name: evil })) },
    });
    for (const sign of ["<script", "\u202e", "\u0007"]) expect(text).not.toContain(sign);
    expect(text).toContain("&lt;script&gt;alert(1)");
  });

  it("shows every layer of a shallow network, and of a deep one those that matter", () => {
    const blocks = (text: string) => [...text.matchAll(/<div class="name">(?:layer )?(\d+)/g)].map(([, layer]) => Number(layer));
    expect(blocks(page)).toEqual([1, 2, 3, 4, 5]);
    const deep = blocks(checkHtml(recordOf(1000, [finding("born-dead", "degenerate", 777)])));
    expect(deep.length).toBeLessThanOrEqual(25);
    expect([deep[0], deep[deep.length - 1], deep.includes(777)]).toEqual([1, 1000, true]);
  });

  it("holds of a healthy network, of one without layers, and of numbers that do not exist", () => {
    const healthy = checkHtml(recordOf(3, []));
    expect(checkHtml(recordOf(3, [finding("saturation", "note", 1)]))).toMatch(/<\/span> healthy<\/h1>[\s\S]*1 note beside/);
    expect(healthy).toContain("Nothing was found.");
    expect(healthy).not.toContain('<section id="cures"');
    expect(checkHtml(recordOf(0, []))).toContain("the network has no hidden layer");
    const { result, ...rest } = recordOf(2, []);
    const nothing = { value: null, standardError: null, low: null, high: null, networks: 0 };
    const layers = result.layers.map(({ layer }) => ({
      layer,
      livingRatio: nothing,
      deadHere: nothing,
      logSin2: { ...nothing, sd: null },
    }));
    const text = checkHtml({ ...rest, result: { ...result, failure: null, bornDead: nothing, layers } });
    expect(text).not.toMatch(/NaN|undefined|null/);
  });

  it("marks angles that are rounding, and says what a recording does not tell", () => {
    const { result, ...rest } = recordOf(2, findings, { architecture: null });
    const layers = result.layers.map(({ deadHere: _, ...layer }) => ({
      ...layer,
      name: `fc${layer.layer}`,
      rounding: true,
      resolution: -27,
    }));
    const unmeasured = [{ question: "gradients", reason: "they were not recorded" }];
    const suggestions = [{ pathology: "born-dead", layer: 2, change: "another activation" }];
    const { bornDead: _, ...recorded } = result;
    const text = checkHtml({ ...rest, result: { ...recorded, failure: undefined, fixes: [], layers, unmeasured, suggestions } });
    expect(text).toContain("ln sin² below -27 (rounding)");
    expect(text).toContain("<strong>gradients</strong>: they were not recorded");
    expect(text).toContain("another activation");
    expect(text).toContain("1 fc1");
  });
});
