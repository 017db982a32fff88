import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { examineFiles } from "../src/engine/examine-files.js";
import { addressOf, settingsOf } from "../src/settings/address.js";
import { architectureOf } from "../src/settings/architecture.js";
import { commandLine } from "../src/settings/command-line.js";
import { fixedSettings } from "../src/settings/fixed.js";
import { changed, historyOf, redone, undone } from "../src/settings/history.js";
import { pytorchOf } from "../src/settings/pytorch.js";
import { choices, initialSettings, ranges, type Settings } from "../src/settings/settings.js";
import { typescriptOf } from "../src/settings/typescript.js";

const whole = ({ least, most }: { least: number; most: number }) => fc.integer({ min: least, max: most });
const one = <Name extends keyof typeof choices>(name: Name) =>
  fc.constantFrom(...(choices[name] as readonly string[])) as fc.Arbitrary<Settings[Name] & string>;
const anySettings: fc.Arbitrary<Settings> = fc.record({
  depth: whole(ranges.depth),
  width: whole(ranges.width),
  activation: one("activation"),
  init: one("init"),
  weightVariance: fc.constantFrom(null, 0.5, 2),
  bias: one("bias"),
  norm: one("norm"),
  skip: one("skip"),
  data: one("data"),
  inputs: whole(ranges.inputs),
  seed: fc.nat(),
});

describe("an address", () => {
  it("leads to the settings that it was made of", () => {
    fc.assert(
      fc.property(anySettings, (settings) => {
        expect(settingsOf(addressOf(settings))).toEqual(settings);
      }),
    );
  });

  it("that makes no sense leads to where the playground begins, and a number out of range to its end", () => {
    expect(settingsOf("?d=-3&w=abc&a=rélu&n=batch;drop&v=NaN&seed=1e9")).toEqual(initialSettings);
    expect(settingsOf("?d=5000&w=0")).toEqual({ ...initialSettings, depth: ranges.depth.most, width: ranges.width.least });
    fc.assert(
      fc.property(fc.string(), (query) => {
        expect(settingsOf(addressOf(settingsOf(query)))).toEqual(settingsOf(query));
      }),
    );
  });
});

describe("history", () => {
  it("goes back and forth, and forgets what was undone at the next change", () => {
    const history = changed(changed(historyOf(1), 2), 3);
    expect(undone(history).present).toBe(2);
    expect(redone(undone(history))).toEqual(history);
    expect(redone(changed(undone(history), 4)).present).toBe(4);
    expect(undone(undone(undone(history))).present).toBe(1);
  });

  it("keeps one state of a slider that is held", () => {
    expect(undone(changed(changed(historyOf(1), 2), 3, true)).present).toBe(1);
  });
});

describe("what is copied", () => {
  it("is a command line that says what differs from the defaults", () => {
    expect(commandLine("verdict", initialSettings)).toBe("sonde check 1-2x9-1");
    const settings: Settings = { ...initialSettings, depth: 1, activation: "tanh", skip: "residual", data: "digits", seed: 3 };
    expect(commandLine("nodes", settings, { networks: 10 })).toBe(
      "sonde vni 64-2-10 --activation tanh --skip residual --block 1 --data digits --networks 10 --seed 3",
    );
  });

  it("leaves out biases and variances that an initialiser sets itself, which the command line refuses", () => {
    expect(commandLine("death", { ...initialSettings, init: "pytorch", bias: "normal:0.1", weightVariance: 2 })).toBe(
      "sonde death 1-2x9-1 --init pytorch",
    );
  });

  it("is TypeScript with the architecture and the inputs", () => {
    expect(typescriptOf(initialSettings)).toContain('mlp("1-2x9-1")');
    expect(typescriptOf({ ...initialSettings, data: "gaussian", norm: "rms" })).toContain('mlp("16-2x9-1", { norm: "rms" })');
  });

  it("is PyTorch for every choice, and says what PyTorch has no function for", () => {
    fc.assert(
      fc.property(anySettings, (settings) => {
        expect(pytorchOf(settings, 3)).not.toMatch(/undefined|NaN|null/);
      }),
    );
    expect(pytorchOf({ ...initialSettings, init: "rai" })).toContain("PyTorch has no rai initialisation");
  });
});

describe("a fix", () => {
  it("leads to settings where the controls can say it", () => {
    const wider: Settings = { ...initialSettings, width: 10, activation: "elu" };
    const change = {
      choices: { activation: "elu", widths: [1, ...new Array(9).fill(10), 1] },
      architecture: architectureOf(wider),
    };
    expect(fixedSettings(initialSettings, change)).toEqual(wider);
  });

  it("is left to the command line where they cannot", () => {
    const architecture = architectureOf(initialSettings);
    expect(fixedSettings(initialSettings, { architecture })).toBeUndefined();
    expect(fixedSettings(initialSettings, { architecture, choices: { activation: "mish" } })).toBeUndefined();
    expect(fixedSettings(initialSettings, { architecture, choices: { activation: "elu" } })).toBeUndefined();
  });
});

describe("a dropped file", () => {
  const file = (name: string, text: string) => ({ name, bytes: new TextEncoder().encode(text) });

  const told = async (files: Parameters<typeof examineFiles>[0]) => {
    const all = [];
    for await (const one of examineFiles(files)) all.push(one);
    return all;
  };

  it("is an architecture file where it describes layers", async () => {
    const [first, ...others] = await told([file("net.json", '{"input": 2, "layers": [{"kind": "Linear", "out_features": 3}]}')]);
    expect(first).toMatchObject({ kind: "examined", examined: { kind: "architecture", architecture: { input: [2] } } });
    expect(others).toEqual([]);
  });

  it("is refused in a sentence otherwise", async () => {
    await expect(told([])).rejects.toThrow(/there is no file/);
    await expect(told([file("net.json", '{"input"')])).rejects.toThrow(/it is not JSON/);
    await expect(told([file("readme.txt", "hello\nworld\n")])).rejects.toThrow(/it is text, not a model/);
  });
});
