import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Ended, inProcess, patience, sonde, useFolder } from "./sonde.js";

const folder = useFolder();
const file = (name: string, content: string | Uint8Array) => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

/** An IDX file of bytes with these sizes in its header, and `length` zeros on disk, not written but a hole. */
function idx(name: string, sizes: readonly number[], length: number): string {
  const path = join(folder, name);
  const header = Buffer.alloc(4 + 4 * sizes.length);
  header.set([0, 0, 8, sizes.length]);
  for (const [k, size] of sizes.entries()) header.writeUInt32BE(size, 4 + 4 * k);
  const descriptor = openSync(path, "w");
  writeSync(descriptor, header);
  ftruncateSync(descriptor, length);
  closeSync(descriptor);
  return path;
}

function expectOneSentence({ code, signal, stdout, stderr }: Ended, says: RegExp): void {
  expect({ code, signal, stdout }).toEqual({ code: 2, signal: null, stdout: "" });
  expect(stderr).toMatch(/^sonde: [^\n]+\n$/);
  expect(stderr).toMatch(says);
  expect(stderr).not.toMatch(/\n\s+at |Error:/);
}

const json = (name: string, value: unknown) => file(name, JSON.stringify(value));
const dense = { kind: "dense", units: 2 };
const truncated = idx("truncated.idx", [600, 28, 28], 1016);
const lying = idx("lying.idx", [4_000_000, 28, 28], 3 * 2 ** 30);
const short = idx("short.idx", [10], 3 * 2 ** 30);
const zeros = join(folder, "zeros");
writeFileSync(zeros, "");
truncateSync(zeros, 3 * 2 ** 30);
const aDirectory = join(folder, "directory.json");
mkdirSync(aDirectory);

const refused: readonly (readonly [name: string, args: readonly string[], says: RegExp])[] = [
  ["nothing at all", [], /command is missing.*sonde --help/],
  ["an unknown command", ["chekc", "1-2-1"], /"chekc".*check\?/],
  ["help for an unknown command", ["help", "angels"], /"angels".*angles\?/],
  ["an option before the command", ["--json", "check", "1-2-1"], /"--json".*follow the command/],
  ["no model", ["check"], /model is missing/],
  ["two models", ["check", "1-2-1", "1-3-1"], /takes one model/],
  ["an unknown option", ["check", "1-2-1", "--netwroks", "5"], /"--netwroks".*--networks\?/],
  ["an option without its value", ["check", "1-2-1", "--seed"], /--seed/],
  ["a value for an option that takes none", ["check", "1-2-1", "--json=3"], /--json/],
  ["an option of another command", ["death", "1-2-1", "--theta0", "1"], /"--theta0"/],
  ["a layer without units", ["check", "784-0x3-10"], /width 0 at position 5/],
  ["an empty model", ["check", ""], /is empty/],
  ["a model that is a number below zero", ["check", "--", "-5"], /position 1/],
  ["a model of which there is no file", ["check", "nosuch.onnx"], /"nosuch.onnx": there is no such file/],
  [
    "an empty model file of which the layers are asked for",
    ["kernel", file("net.onnx", "")],
    /net.onnx": it is empty: expected a model/,
  ],
  ["an architecture file that is not there", ["check", "nosuch.json"], /"nosuch.json": there is no such file/],
  ["a directory as a model", ["check", folder], /not a width/],
  ["a directory as an architecture file", ["check", aDirectory], /it is a directory, not a file/],
  ["an architecture file that is not JSON", ["check", file("bad.json", '{"input":[2],')], /is not JSON/],
  [
    "an architecture file with a misspelt key",
    ["check", json("key.json", { input: [2], layers: [dense], nam: 1 })],
    /did you mean "name"/,
  ],
  [
    "an architecture file with a misspelt layer",
    ["check", json("kind.json", { input: [2], layers: [{ kind: "dens" }] })],
    /layers\[0\].*"dense"/,
  ],
  [
    "an option that finds nothing to change in an architecture file",
    ["check", json("good.json", { input: [2], layers: [dense] }), "--activation", "tanh"],
    /good\.json" there is no activation to replace before the last layer with weights/,
  ],
  [
    "an option that excludes what an architecture file says",
    ["check", json("torch.json", { input: [2], layers: [{ ...dense, init: "pytorch" }] }), "--bias", "zeros"],
    /torch\.json" layers\[0\]: "pytorch" sets weights and biases itself/,
  ],
  [
    "skip connections in an architecture that is no chain",
    ["check", json("two.json", { input: [2], layers: [dense, dense] }), "--skip", "residual"],
    /built into a chain of dense layers/,
  ],
  [
    "no skip connections in an architecture that has some",
    ["check", json("block.json", { input: [2], layers: [{ kind: "residual", body: [dense] }] }), "--skip", "none"],
    /not taken out of an architecture with blocks/,
  ],
  ["commas between widths", ["check", "784,128,10"], /widths in another notation: write 784-128-10$/m],
  ["a list of widths", ["check", "[784, 128,10]"], /write 784-128-10$/m],
  ["crosses between widths", ["check", "784x128x10"], /write 784-128-10$/m],
  ["blanks between widths", ["check", "784 128 10"], /write 784-128-10$/m],
  ["widths as arguments", ["check", "784", "128", "10", "--json"], /write the widths as sonde check 784-128-10$/m],
  ["a model without a command", ["784-128x2-10"], /a model follows a command, as in sonde check 784-128x2-10$/m],
  ["widths without a command", ["784,128,10"], /as in sonde check 784-128-10$/m],
  ["a file without a command", ["model.onnx"], /as in sonde check model\.onnx$/m],
  ["an empty model file", ["check", file("empty.pt", "")], /empty.pt": it is empty: expected a model/],
  ["a program", ["check", file("net.py", "")], /is a program, which sonde does not run: give widths/],
  ["a file of another kind", ["check", file("net.toml", "")], /is no kind of model that sonde reads/],
  [
    "a model as Keras writes it",
    ["check", json("keras.json", { class_name: "Sequential", config: { layers: [] } })],
    /is a model as Keras writes it.*"kind": "Dense"/,
  ],
  [
    "several wrong things in one file",
    ["check", json("wrong.json", { input: [2], layers: [{ kind: "dense" }, { kind: "lstm" }, { kind: "dense", units: 0 }] })],
    /3 things are wrong: layers\[0\]\.units is missing: add it; layers\[1\]\.kind.*"lstm"; layers\[2\]\.units/,
  ],
  ...(
    [
      ["--model", /the model follows the command/],
      ["--std", /--init normal:std=0\.01$/m],
      ["--relu", /write --activation relu$/m],
      ["--leaky_relu", /write --activation leaky_relu$/m],
      ["--act", /write --activation/],
      ["--lr", /before they are trained: leave it out, or see sonde train --help$/m],
      ["--optimizer", /before they are trained/],
      ["--output-activation", /after the last layer of an architecture file/],
      ["--normalize", /--standardize/],
      ["--input-scale", /--standardize/],
      ["--hlep", /did you mean --help\?$/m],
      ["--weight", /did you mean --weight-variance\?$/m],
      ["--foo", /sonde COMMAND --help lists the options/],
      ["--constructor", /sonde COMMAND --help lists the options/],
    ] as const
  ).map(([option, says]) => [`the option ${option}`, ["check", "1-2-1", option, "3"], says] as const),
  ["the learning rate of training by its short name", ["train", "1-2-1", "--lr", "3"], /write --learning-rate/],
  ["networks that are trained", ["train", "1-2-1", "--networks", "3"], /is --runs$/m],
  [
    "a standardised function",
    ["train", "1-2-1", "--target", "abs", "--standardize"],
    /--standardize has no meaning for the target "abs"/,
  ],
  ["an initialisation of no program", ["check", "1-2-1", "--init", "default"], /choose "pytorch" or "keras"/],
  ["a softmax between layers", ["check", "1-2-1", "--activation", "softmax"], /at the output leave it out/],
  [
    "a variance of equal weights",
    ["check", "1-2-1", "--init", "zeros", "--weight-variance", "1"],
    /leave out the weight variance/,
  ],
  ["a spread and a variance", ["check", "1-2-1", "--init", "normal:std=1", "--weight-variance", "1"], /"normal:std=1" fixes/],
  [
    "orthogonal weights of variance 0",
    ["check", "1-2-1", "--init", "orthogonal", "--weight-variance", "0"],
    /squared gain above 0/,
  ],
  ["a standardised interval", ["check", "1-2-1", "--standardize"], /--standardize is for data/],
  ["a standardised domain", ["death", "2-2-1", "--domain=0,1;0,1", "--standardize"], /--standardize is for data/],
  ["a standardised angle", ["angles", "2-2-1", "--standardize"], /--standardize is for --data/],
  ["a standardised prediction", ["predict", "20-20-1", "--standardize"], /--standardize is for --data/],
  ["standardised inputs that are fresh", ["vni", "2-2-1", "--standardize"], /--standardize is for data/],
  [
    "one standardised point",
    ["check", "2-2-1", "--data", file("point.csv", "1,2\n"), "--standardize"],
    /--standardize needs at least 2 points/,
  ],
  ["an unknown initialiser", ["check", "1-2-1", "--init", "foo"], /unknown initialiser "foo"/],
  ["an unknown activation", ["check", "1-2-1", "--activation", "rleu"], /unknown activation "rleu"/],
  ["a parameter that is no number", ["check", "1-2-1", "--activation", "leaky-relu:x"], /leaky-relu:x/],
  [
    "an unknown normalisation",
    ["check", "1-2-1", "--norm", "bathc"],
    /unknown norm "bathc": did you mean "batch"\? choose one of none, batch, layer, rms/,
  ],
  ["a depth that the block does not divide", ["check", "4-4x3-1", "--skip", "residual", "--block", "2"], /divides by 2/],
  ["a block without residual skips", ["check", "4-4x4-1", "--block", "2"], /block/],
  [
    "biases for an initialiser that sets them",
    ["check", "1-2-1", "--bias", "zeros", "--init", "rai"],
    /"rai" sets weights and biases/,
  ],
  [
    "a variance that is no number",
    ["death", "1-2-1", "--weight-variance", "1e400"],
    /--weight-variance takes a number from 0 on, got "1e400"/,
  ],
  ["a negative variance of biases", ["death", "1-2-1", "--bias", "normal:-3"], /normal:-3/],
  ["an interval the wrong way round", ["death", "1-2-1", "--domain=1,-1"], /LOW below HIGH/],
  ["a domain for the wrong number of inputs", ["death", "2-2-1", "--domain=-1,1"], /one interval per input/],
  ["both data and a domain", ["death", "1-2-1", "--domain=-1,1", "--data", "gaussian"], /exclude each other/],
  ["both data and an angle", ["angles", "64-2-1", "--theta0", "1", "--data", "digits"], /exclude each other/],
  ["quantiles that do not ascend", ["angles", "2-2-1", "--quantiles", "0.9,0.1"], /ascending probabilities.*"0\.9,0\.1"/],
  ["quantiles beyond 1", ["angles", "2-2-1", "--quantiles", "0.5,2"], /from 0 to 1/],
  ["an unknown similarity", ["angles", "2-2-1", "--similarity", "yes"], /biased, debiased/],
  ["pairs of two inputs", ["angles", "2-2-1", "--pairs", "3"], /--pairs is for --data/],
  ["similarity of two inputs", ["angles", "2-2-1", "--similarity", "biased"], /--similarity is for --data/],
  [
    "unbiased similarity of three points",
    ["angles", "2-2-1", "--data", "gaussian", "--points", "3", "--similarity", "debiased"],
    /at least 4 points, got 3/,
  ],
  ["an angle above pi", ["angles", "2-2-1", "--theta0", "4"], /up to pi/],
  ["an angle between values of one input", ["angles", "1-2-1", "--theta0", "1"], /angle/],
  ["points without data", ["angles", "2-2-1", "--points", "9"], /--points/],
  ["three points of vni", ["vni", "2-2-1", "--points", "3"], /--points takes a whole number from 4 to 1000000, got "3"/],
  ["a place that is none", ["vni", "2-2-1", "--where", "between"], /--where.*post, pre/],
  [
    "pre-activations of a block",
    ["vni", "4-4x2-1", "--skip", "residual", "--where", "pre"],
    /residual block.*no pre-activations/,
  ],
  ["more points of vni than memory", ["vni", "784-500-1", "--points", "1000000"], /memory/],
  ["more points than memory", ["death", "784-5-1", "--points", "1000000"], /memory: take at most 114130 points/],
  ["one point of an interval", ["death", "1-2-1", "--points", "1"], /at least 2 points, got 1: .*--data/],
  ["one point of angles", ["angles", "2-2-1", "--data", "gaussian", "--points", "1"], /--points.*from 2/],
  ["a seed that would be rounded", ["death", "1-2-1", "--seed", "9007199254740991.4"], /--seed.*"9007199254740991.4"/],
  ["a hexadecimal variance of biases", ["death", "1-2-1", "--bias", "normal:0x10"], /unknown bias "normal:0x10"/],
  ["a hexadecimal seed", ["death", "1-2-1", "--seed", "0x10"], /--seed/],
  ["a seed beyond exact numbers", ["death", "1-2-1", "--seed", "9007199254740993"], /--seed/],
  ["a relative error above 1", ["death", "1-2-1", "--rel-error", "2"], /--rel-error.*below 1/],
  ["a method that is not exact", ["death", "1-2-1", "--method", "law", "--init", "he-uniform"], /--method law/],
  ["survivors of several points", ["death", "2-2-1", "--method", "conditional"], /--method conditional.*more than three points/],
  ["survivors beside angles", ["check", "1-2-1", "--method", "conditional"], /--method conditional.*all networks/],
  ["a figure of an unknown kind", ["death", "1-2-1", "--plot", "a.pdf"], /--plot.*\.svg or \.png.*"a.pdf"/],
  ["a figure in a folder that is not there", ["angles", "2-2-1", "--plot", join(folder, "no", "x.svg")], /cannot write.*--plot/],
  ["a folder as a figure", ["check", "1-2-1", "--plot", `${folder}.svg/`], /--plot/],
  ["a figure in the report that --json leaves out", ["death", "1-2-1", "--json", "--plot", "-"], /--json/],
  [
    "one file for the figure and the result",
    ["death", "1-2-1", "--out", join(folder, "x.svg"), "--plot", join(folder, "x.svg")],
    /same file/,
  ],
  ["a theme without a figure", ["death", "1-2-1", "--theme", "dark"], /--theme.*--plot/],
  ["an unknown theme", ["death", "1-2-1", "--plot", "a.svg", "--theme", "blue"], /light, dark/],
  ["an unknown verdict", ["check", "1-2-1", "--fail-on", "foo"], /--fail-on/],
  ["too many layers", ["check", "1-2x100001-1"], /100000 hidden layers/],
  ["too many units", ["check", "1-1000001-1"], /1000000/],
  ["data of another size", ["check", "65-2-1", "--data", "digits"], /64 values.*65 inputs/],
  ["data that is not there", ["check", "2-2-1", "--data", "nosuch.csv"], /no such file/],
  ["a directory as data", ["check", "2-2-1", "--data", folder], /directory/],
  [
    "a CSV file with another number of columns",
    ["check", "5-5-1", "--data", file("columns.csv", "1,2,3\n4,5,6\n")],
    /3 values.*5 inputs/,
  ],
  ["a CSV file with a word in it", ["check", "2-5-1", "--data", file("word.csv", "1,2\n3,four\n")], /four/],
  ["a truncated IDX file", ["check", "784-5-1", "--data", truncated], /truncated/],
  ["a folder for the result that is not there", ["check", "1-2-1", "--out", join(folder, "no", "x.json")], /cannot write/],
  ["a directory for the result", ["check", "1-2-1", "--out", folder], /cannot write.*directory/],
  ["no name for the result", ["check", "1-2-1", "--out", ""], /cannot write/],
  ["a device for the result", ["check", "1-2-1", "--out", "/dev/null"], /cannot write/],
];

describe("wrong usage is refused with one sentence and exit code 2", () => {
  it.each(refused)("%s", async (_name, args, says) => {
    expectOneSentence(await inProcess(args), says);
  });

  it("by the built program too", { timeout: patience }, async () => {
    for (const args of [["check", "784-0x3-10"], [], ["check", "1-2-1", "--netwroks", "5"], ["check", "nosuch.onnx"]])
      expectOneSentence(await sonde(args), /./);
  });

  it("quoting at most 80 characters and no control characters", async () => {
    const long = `\x1b[31m\n${"9".repeat(100_000)}`;
    for (const args of [
      [long],
      ["check", long],
      ["check", "1-2-1", `--${long}`],
      ["check", "1-2-1", "--seed", long],
      ["check", "1-2-1", "--init", long],
      ["check", "1-2-1", "--data", long],
      ["check", "1-2-1", "--out", long],
      ["help", long],
      ["check", `${long}.json`],
    ]) {
      const ended = await inProcess(args);
      expectOneSentence(ended, /./);
      expect(ended.stderr).not.toContain("\x1b");
      expect(ended.stderr.length).toBeLessThan(700);
    }
  });

  it("quoting a path inside a file in part", async () => {
    let layer: object = { kind: "dense", units: 0 };
    for (let k = 0; k < 60; k++) layer = { kind: "residual", body: [layer] };
    const ended = await inProcess(["check", json("deep.json", { input: [2], layers: [layer] })]);
    expectOneSentence(ended, /\.units must be a whole number/);
    expect(ended.stderr.length).toBeLessThan(400);
  });

  it("before it takes time or memory", { timeout: patience }, async () => {
    const doubling = (count: number) => ({ input: [2], layers: Array(count).fill({ kind: "concat", body: [] }) });
    const activations = (count: number) => ({
      input: [1],
      layers: Array(count).fill({ kind: "activation", activation: "relu" }),
    });
    for (const [args, says] of [
      [["check", "2-2x50000-1"], /about \d+ seconds of one core.*give --networks \d+ or fewer/],
      [["check", json("doubling.json", doubling(24))], /take at most 1 point/],
      [["check", json("doubled.json", doubling(29))], /needs too much memory .*make the model narrower/],
      [["check", json("many.json", activations(200_000))], /one hidden layer too many/],
    ] as const) {
      // Of the processor: others may keep it busy.
      const before = process.cpuUsage();
      expectOneSentence(await inProcess([...args]), says);
      const { user, system } = process.cpuUsage(before);
      expect(user + system).toBeLessThan(1e7);
    }
  });

  it("and leaves no file behind", () => {
    expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });
});

describe("large files that lie", () => {
  it.each([
    ["more than there is", lying],
    ["less than there is", short],
    ["nothing, being zero", zeros],
  ])("are refused at once, in little memory: an IDX header that promises %s", { timeout: patience }, async (_name, path) => {
    const ended = await sonde(["check", "784-5-1", "--data", path]);
    expectOneSentence(ended, /IDX/);
    expect(ended.peakMiB).toBeLessThan(300);
  });
});

describe("links", () => {
  it("that lead in a circle are refused", async () => {
    symlinkSync(join(folder, "b.json"), join(folder, "a.json"));
    symlinkSync(join(folder, "a.json"), join(folder, "b.json"));
    expectOneSentence(await inProcess(["check", join(folder, "a.json")]), /its links lead in a circle/);
  });
});
