import { describe, expect, it } from "vitest";
import { type Claim, claims, claimsNamed, judged, papers, partsAt, reproduce, scales } from "../src/index.js";
import { readRecord } from "../src/node.js";

/** How many claims each abstract makes. */
const abstracts = { collapse: 5, "neuron-death": 8, moments: 3, angles: 4, "vanishing-nodes": 7 };

it("every claim of the five abstracts is answered, and every name is that of its paper", () => {
  expect(papers.map(({ name }) => name)).toEqual(Object.keys(abstracts));
  for (const [p, paper] of papers.entries()) {
    const numbers = new Set(paper.claims.map(({ number }) => number));
    const wanted = Array.from({ length: abstracts[paper.name as keyof typeof abstracts] }, (_, k) => `${p + 1}.${k + 1}`);
    expect([...numbers].sort()).toEqual(wanted);
    for (const { id } of paper.claims) expect(id.split("/")[0]).toBe(paper.name);
  }
  expect(new Set(claims.map(({ id }) => id)).size).toBe(claims.length);
});

it("parts are plain, have names and seeds of their own, and larger scales have no fewer networks", () => {
  for (const claim of claims)
    for (const scale of scales) {
      const parts = partsAt(claim, { scale, images: "digits" });
      expect(parts.length).toBeGreaterThan(0);
      expect(new Set(parts.map(({ name }) => name)).size).toBe(parts.length);
      expect(JSON.parse(JSON.stringify(parts))).toEqual(parts);
      for (const { settings } of parts) expect(settings.seed).toBeLessThan(1_000_000);
      const other = partsAt(claim, { scale, images: "digits", seed: 2 });
      expect(other.map(({ settings }) => settings.seed)).toEqual(parts.map(({ settings }) => settings.seed + 2_000_000));
    }
});

it("claimsNamed finds a claim or all of a paper, and says what is near", () => {
  expect(claimsNamed("angles").map(({ id }) => id.split("/")[0])).toEqual(["angles", "angles", "angles", "angles"]);
  expect(claimsNamed("collapse/estimate")).toHaveLength(1);
  expect(() => claimsNamed("colapse")).toThrow('there is no claim "colapse": did you mean collapse?');
});

describe("reproduce", () => {
  const asked = { scale: "quick", images: "digits" } as const;
  const [claim] = claimsNamed("neuron-death/single-layer");

  it("gives the same bits again, and from any parts that are known", async () => {
    const first = await reproduce(claim, asked);
    expect(first.verdict).toBe("confirmed");
    expect(first.interrupted).toBe(false);
    expect(await reproduce(claim, asked)).toEqual(first);
    const measured: unknown[] = [];
    const watched: Claim = {
      ...claim,
      measure(settings, context) {
        measured.push(settings);
        return claim.measure(settings, context);
      },
    };
    expect(await reproduce(watched, { ...asked, known: JSON.parse(JSON.stringify(first.parts.slice(2))) })).toEqual(first);
    expect(measured).toHaveLength(2);
    // A part of other settings is another part.
    await reproduce(watched, { ...asked, seed: 1, known: first.parts });
    expect(measured).toHaveLength(2 + first.parts.length);
  });

  it("keeps the finished parts of an interrupted run, and compares nothing of them", async () => {
    const controller = new AbortController();
    const stopped = await reproduce(claim, {
      ...asked,
      signal: controller.signal,
      finished: (_, done) => done === 3 && controller.abort(new Error("enough")),
    });
    expect(stopped).toMatchObject({ interrupted: true, verdict: "undecided", comparisons: [] });
    expect(stopped.parts).toHaveLength(3);
    const whole = await reproduce(claim, { ...asked, known: stopped.parts });
    expect(whole).toEqual(await reproduce(claim, asked));
    await expect(reproduce(claim, { ...asked, signal: AbortSignal.abort(new Error("enough")) })).rejects.toThrow("enough");
  });

  it("trains at quick scale, and finds that networks become constant", async () => {
    const [one] = claimsNamed("collapse/mean-or-median");
    const [{ settings }] = partsAt(one, asked);
    const result = (await one.measure(settings, {})) as Record<string, number> & { mean: number[]; constant: number[] };
    expect(result).toMatchObject({ networks: 40, revived: 0, bornDeadLearned: 0, atMedian: 0 });
    expect(result.collapsed).toBeGreaterThanOrEqual(result.bornDead);
    expect(result.atMean).toBe(result.collapsed);
    expect(result.collapsed).toBeGreaterThan(28);
    expect(result.constant[0]).toBeCloseTo(result.mean[0], 1);
  });
});

describe("records", () => {
  const recorded = claims.flatMap((claim) => {
    const record = readRecord(claim);
    return record ? [{ claim, record }] : [];
  });

  it("are of these settings, and say what their numbers say", () => {
    for (const { claim, record } of recorded) {
      const { images, scale, seed, parts, interrupted } = record;
      const wanted = partsAt(claim, { scale, images, seed });
      expect(parts.map(({ name, settings }) => ({ name, settings }))).toEqual(wanted);
      const again = judged(claim, { scale, seed, parts, interrupted });
      expect({ verdict: record.verdict, comparisons: record.comparisons }).toEqual(
        JSON.parse(JSON.stringify({ verdict: again.verdict, comparisons: again.comparisons })),
      );
    }
  });

  it("can be drawn: every mark has as many values as places, and every axis a label or names", () => {
    for (const { claim, record } of recorded) {
      const { panels, description, title } = claim.figure(record.parts, {});
      expect(`${title}${description}`).not.toBe("");
      for (const { x, y, marks } of panels) {
        expect(x.label).not.toBe("");
        expect(y.label !== "" || (y.names ?? []).length > 0).toBe(true);
        for (const mark of marks) if ("y" in mark) expect(mark.y).toHaveLength(mark.x.length);
      }
    }
  });
});
