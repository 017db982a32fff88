import { matrix, normals, stream } from "@sonde/core";
import { deathProbability } from "@sonde/metrics-death";
import { mlp, parameterCount } from "@sonde/nets";
import { beforeAll, describe, expect, it } from "vitest";
import { type Advice, advise, families, measure, vitalsOf } from "../src/index.js";

const narrow = mlp("1-2x9-1");

describe("a narrow deep network", () => {
  let advice: Advice;
  beforeAll(async () => {
    advice = await advise(narrow, { networks: 400, points: 64, seed: 3 });
  }, 60_000);
  const compared = (name: string) => {
    const fix = advice.compared.find(({ remedies: [own] }) => own === name);
    if (!fix) throw new Error(`${name} was not compared`);
    return fix.after;
  };

  it("is made healthy by another activation before anything larger", () => {
    expect(advice.vitals.verdict).toBe("degenerate");
    expect(advice.smallest).toMatchObject({
      families: ["activation"],
      choices: { activation: "elu" },
      after: { verdict: "healthy" },
    });
    expect(advice.cures.map(({ families }) => families[0])).toEqual(
      [...families]
        .filter((family) => advice.cures.some((cure) => cure.families[0] === family))
        .flatMap((family) => advice.cures.flatMap((cure) => (cure.families[0] === family ? [family] : []))),
    );
    expect(advice.cures.map(({ remedies }) => remedies[0])).toContain("dense");
    expect(advice.cures.every(({ after }) => after.verdict === "healthy")).toBe(true);
    expect(advice.cures.at(-1)?.remedies).toEqual(["wider"]);
    expect(advice.interrupted).toBe(false);
  });

  it("is widened by no more than it needs", async () => {
    const [, width] = /at least (\d+) units/.exec(advice.cures.at(-1)?.change ?? "") ?? [];
    const architecture = mlp(`1-${Number(width) - 1}x9-1`);
    const smaller = vitalsOf(architecture, await measure(architecture, { networks: 400, points: 64, pairs: 64, seed: 3 }));
    expect(smaller.verdict).not.toBe("healthy");
  });

  it("is compared with every remedy, each with standard errors, counts and parameters", () => {
    expect(advice.compared.length + advice.leftOut.length).toBe(20);
    expect(advice.leftOut).toEqual([]);
    for (const { before, after, parameters } of advice.compared) {
      expect(before).toBe(advice.vitals);
      expect(parameters).toBeGreaterThan(0);
      expect(after.networks).toBe(400);
      for (const estimate of [after.bornDead, after.livingRatio]) {
        expect(estimate?.networks).toBe(400);
        expect(estimate?.standardError).toBeGreaterThanOrEqual(0);
      }
    }
    expect(advice.compared.find(({ remedies: [name] }) => name === "wider")?.parameters).toBe(parameterCount(mlp("1-10x9-1")));
  });

  it("shows each remedy what single metrics would: residual units and leaky ReLU cannot die, sign flips hardly", async () => {
    for (const name of ["residual", "dense", "leaky-relu", "batch-norm"])
      expect(compared(name).bornDead).toMatchObject({ value: 0, standardError: 0 });
    for (const name of ["sign-flip-layer", "sign-flip-neuron"]) expect(compared(name).bornDead.value).toBe(0);
    const rai = await deathProbability(mlp("1-2x9-1", { init: "rai" }), { networks: 2000, seed: 4 });
    const { value, standardError } = compared("rai").bornDead;
    expect(Math.abs(value - rai.value)).toBeLessThan(4.5 * Math.hypot(standardError, rai.standardError));
    const alone = await deathProbability(mlp("1-2x9-1", { init: "glorot-normal" }), { networks: 400, seed: 3, method: "count" });
    expect(compared("glorot").bornDead.value).toBeCloseTo(alone.value, 1);
  });

  it("shows what changes beside: a sixth of the variance a layer for PyTorch's default, none lost on the skip path", () => {
    // E ln of a sum over two units is below ln E, so the mean over networks is below 9 ln(1/6) = -16.1, by a few units at this width.
    expect(compared("pytorch").logSpread?.value).toBeLessThan(9 * Math.log(1 / 6));
    expect(compared("residual").logSpread?.value).toBeGreaterThan(-3);
    // Glorot's weights are He's over the root of two in square layers; layer 1 has 2 / 3 of the variance times fan-in.
    const [he, glorot] = [advice.vitals.logSpread, compared("glorot").logSpread];
    expect((he?.value ?? 0) - (glorot?.value ?? 0)).toBeCloseTo(8 * Math.log(2) + Math.log(3), 8);
  });

  it("gets the same advice again", async () => {
    const [once, again] = [0, 1].map(() => advise(narrow, { networks: 10, points: 8, seed: 3 }));
    expect((await again).compared).toEqual((await once).compared);
    expect((await again).cures).toEqual((await once).cures);
  });
});

it("a healthy network needs no change, and remedies are compared all the same", async () => {
  const data = matrix(16, 8, normals(stream(1), new Float64Array(128)));
  const advice = await advise(mlp("8-32x2-1"), { data, networks: 20 });
  expect(advice.vitals.verdict).toBe("healthy");
  expect([advice.smallest, advice.cures]).toEqual([undefined, []]);
  expect(advice.compared.length).toBeGreaterThan(10);
});

it("two remedies are tried where no single one is enough, the smaller pair first", async () => {
  // Nothing but another initialisation tells the units apart, and that leaves inputs of a size that asks for a scale.
  const data = matrix(
    16,
    4,
    normals(stream(1), new Float64Array(64)).map((value) => 1000 * value),
  );
  const advice = await advise(mlp("4-16x2-2", { init: "zeros" }), { data, networks: 20 });
  expect(advice.compared.every(({ after }) => after.verdict !== "healthy")).toBe(true);
  expect(advice.smallest).toMatchObject({ families: ["inputs", "init"], standardise: true, after: { verdict: "healthy" } });
  expect(advice.smallest?.change).toMatch(/^standardise the inputs and He initialisation/);
  expect(advice.cures.every(({ remedies }) => remedies.length === 2)).toBe(true);
});

it("an interruption keeps what was measured", async () => {
  const controller = new AbortController();
  const advice = await advise(narrow, {
    networks: 400,
    signal: controller.signal,
    progress: (networks) => networks === 400 && controller.abort(new Error("stop")),
  });
  expect(advice.vitals.networks).toBe(400);
  expect([advice.compared, advice.cures, advice.leftOut, advice.interrupted]).toEqual([[], [], [], true]);
});
