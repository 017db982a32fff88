import { activation, ConfigError, nearest } from "@sonde/core";

/** What people call options elsewhere, without dashes and in lower case, and what to write here. */
const hints: readonly (readonly [names: readonly string[], hint: string])[] = [
  [
    ["model", "m", "net", "network", "arch", "architecture", "file"],
    "the model follows the command, as in sonde check 784-128-10",
  ],
  [["std", "stddev", "sd", "sigma"], "a fixed standard deviation is an initialisation, as in --init normal:std=0.01"],
  [
    ["variance", "gain", "weightvar", "varianceofweights", "sigmaw", "scale"],
    "the variance of a weight times its fan-in is --weight-variance",
  ],
  [["act", "activations", "nonlinearity", "act-fn"], "write --activation, as in --activation tanh"],
  [
    ["initializer", "initialiser", "initialization", "initialisation", "kernelinitializer", "weightinit"],
    "write --init, as in --init glorot-uniform",
  ],
  [["biasinitializer", "biasinit", "nobias"], "write --bias, as in --bias zeros"],
  [
    ["outputactivation", "finalactivation", "lastactivation"],
    'write it after the last layer of an architecture file, as in {"kind": "dense", "units": 10, "activation": "softmax"}',
  ],
  [
    ["normalize", "normalise", "normalization", "standardise", "standardization", "inputscale", "rescale", "whiten"],
    "inputs are brought to mean 0 and variance 1 by --standardize, layers are normalised by --norm",
  ],
  [["batchnorm", "bn", "batchnormalization"], "write --norm batch"],
  [["layernorm", "ln", "layernormalization"], "write --norm layer"],
  [["rmsnorm"], "write --norm rms"],
  [["residual", "resnet", "skipconnections"], "write --skip residual"],
  [
    ["depth", "layers", "numlayers", "width", "hidden", "hiddensize", "units"],
    "widths and depth are in the model, as in 784-128x20-10",
  ],
  [["input", "inputs", "dataset", "csv", "x"], "write --data, as in --data digits or --data points.csv"],
  [["samples", "trials", "runs", "repeats", "ensembles"], "the number of random networks is --networks"],
  [["randomseed", "randomstate", "rng"], "write --seed"],
  [["jobs", "workers", "j", "cores", "nproc"], "write --threads"],
  [["output", "o", "save"], "write --out FILE"],
  [
    ["lr", "learningrate", "optimizer", "optimiser", "epochs", "batchsize", "momentum", "weightdecay", "loss", "steps"],
    "this command looks at networks before they are trained: leave it out, or see sonde train --help",
  ],
  [["dropout"], "dropout does nothing at initialisation: leave it out"],
];

/** The same of the command that trains. */
const trainingHints: typeof hints = [
  [["lr", "eta", "stepsize"], "write --learning-rate, as in --learning-rate 0.01"],
  [["optim", "optimiser"], "write --optimizer, as in --optimizer adam"],
  [["epochs", "iterations", "iters"], "the length of training is --steps"],
  [["batchsize"], "write --batch"],
  [["networks", "trials", "repeats", "seeds"], "the number of random networks is --runs"],
  [["y", "label", "targets"], "write --target, and --labels for a file of labels"],
];

/** What to write instead of an option (with its dashes) that a command does not have; `known` are its own, with theirs. `undefined` where nothing is really near. */
export function optionHint(option: string, known: readonly string[]): string | undefined {
  const name = option.replace(/^-+/, "").replace(/=.*$/s, "").toLowerCase();
  const letters = name.replace(/[-_]/g, "");
  const tables = known.includes("--learning-rate") ? [...trainingHints, ...hints] : hints;
  const found = tables.find(([names]) => names.includes(letters))?.[1];
  if (found) return found;
  if (isActivation(name)) return `write --activation ${name}`;
  const own = known.map((one) => one.replace(/^--(no-)?/, ""));
  const begun = own.filter((one) => letters.length > 2 && one.replaceAll("-", "").startsWith(letters));
  const near = begun.length === 1 ? begun[0] : nearest(name, own);
  return near && `did you mean --${near}?`;
}

function isActivation(name: string): boolean {
  try {
    return activation(name).name.length > 0;
  } catch (error) {
    if (error instanceof ConfigError) return false;
    throw error;
  }
}
