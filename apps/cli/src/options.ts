import { availableParallelism } from "node:os";
import { type AskedOptions, defaultPoints, mostNetworks } from "@sonde/checkup/asked";
import { activation, activationNames } from "@sonde/core";
import { initialiserForms } from "@sonde/init";
import { normName } from "@sonde/nets";
import { Option } from "commander";
import type { Host } from "./host.js";
import {
  angle,
  atLeastZero,
  between,
  intervals,
  levels,
  oneOf,
  orDefault,
  type Parse,
  plotFile,
  probabilities,
  whole,
  wholes,
} from "./parse.js";
import type { PlotOptions } from "./plot.js";

/** What every command that draws networks understands, as parsed; absent where not given. */
export interface SharedOptions extends AskedOptions, PlotOptions {
  threads: number;
  json?: boolean;
  out?: string;
  quiet?: boolean;
  /** The architecture file of a file of weights alone. */
  architecture?: string;
  /** No option: who runs the command instead of a person. */
  host?: Host;
}

/** Says what the notation leaves open, or takes the place of what an architecture file says. */
export function modelOptions(): Option[] {
  return [
    option(
      "--activation <name>",
      `${activationNames.join(", ")}; a parameter follows a colon: leaky-relu:0.01 (default: relu)`,
      (text) => activation(text).name,
    ),
    option("--init <name>", `initialisation: ${initialiserForms.join(", ")} (default: he-normal)`),
    option(
      "--weight-variance <number>",
      "variance of a weight times its fan-in, with orthogonal the squared gain (from 0; default: the initialisation's own)",
      orDefault(atLeastZero("--weight-variance")),
    ),
    option(
      "--bias <law>",
      "zeros, like-weights, normal:VARIANCE or uniform:HALF-WIDTH (default: the initialisation's own, mostly zeros)",
    ),
    option("--norm <kind>", "normalisation before each activation: none, batch, layer or rms (default: none)", normName),
    option(
      "--skip <kind>",
      "skip connections: none, residual or dense (default: none)",
      oneOf("--skip", ["none", "residual", "dense"]),
    ),
    option(
      "--block <layers>",
      "hidden layers in a unit of --skip residual; must divide the depth (1 to 100000; default: 2)",
      whole("--block", 1, 100_000),
    ),
    option(
      "--architecture <file>",
      "of a MODEL that holds weights alone (safetensors, PyTorch, Keras): the architecture file that they are the weights of (default: what follows from their names and shapes)",
    ),
  ];
}

/** Where the inputs come from; `otherwise` says which they are by default, and `fewest` how many of them make sense. */
export function dataOptions(otherwise: string, { points = defaultPoints, fewest = 1 } = {}): Option[] {
  return [
    option(
      "--data <source>",
      `digits, mnist, fashion-mnist, cifar10:FOLDER, xor, gaussian or a file in IDX, npy or CSV, gzipped or not${fewest === 1 ? "; one input of your own is a CSV file of one line" : ""} (default: ${otherwise})`,
    ),
    option(
      "--points <number>",
      `points taken from the data${fewest === 1 ? ", or from the domain, which needs 2" : ""} (${fewest} to 1000000; default: ${points})`,
      whole("--points", fewest, 1e6),
    ),
    standardizeOption(),
  ];
}

export function standardizeOption(): Option {
  return option(
    "--standardize",
    "bring every feature of the data, of images every channel, to mean 0 and variance 1 over the points (default: off)",
  );
}

/** What `moments` is asked beside its data. */
export function momentsOptions(): Option[] {
  return [
    option(
      "--batch <number>",
      `points in the batch that goes through a network (1 to 1000000; default: ${defaultPoints})`,
      whole("--batch", 1, 1e6),
    ),
    option("--standardize", "bring every feature to mean 0 and variance 1 (default)"),
    option("--no-standardize", "take the inputs as they are (default: every feature is brought to mean 0 and variance 1)"),
    option("--embedding", "a linear layer of variance 1 to the first width, before layer 1 and not counted (default: off)"),
    option(
      "--jacobian <kind>",
      "noise through batch norm: frozen takes its statistics as constants, full differentiates them (default: frozen)",
      oneOf("--jacobian", ["frozen", "full"]),
    ),
    option(
      "--ranks <where>",
      "find effective ranks where layers report them, or everywhere (slower): reported or everywhere (default: reported)",
      oneOf("--ranks", ["reported", "everywhere"]),
    ),
    option(
      "--checkpoint <file>",
      "keep what is known in this file, and go on from it if it exists: more --networks, or after an interruption (default: none)",
    ),
  ];
}

export function domainOption(): Option {
  return option(
    "--domain <box>",
    "instead of data: LOW,HIGH for each input, joined by ; as in --domain='-1,1;0,2' (default: -1,1 if there is one input)",
    intervals("--domain"),
  );
}

export function samplingOption(): Option {
  return option(
    "--sampling <kind>",
    "how a domain is looked at: exact (an interval of one input, by its rays or by the breakpoints of each network), grid or random points (default: exact where that is possible and quick and --points is not given, else a grid of an interval and random points of a box)",
    oneOf("--sampling", ["exact", "grid", "random"]),
  );
}

/** What `death` looks at beside the probability. */
export function deathOptions(): Option[] {
  return [
    option("--dead-units", "also the number of dead units in each layer: its mean and distribution (default: off)"),
    option(
      "--tau <share>",
      "for recorded activations: a unit is dormant up to this share of its layer's mean activation (0 to 1000; default: 0.025)",
      atLeastZero("--tau", 1000),
    ),
  ];
}

/** The map of `death --safe-region`. */
export function safeRegionOptions(): Option[] {
  return [
    option(
      "--safe-region",
      "P(born dead) over width and depth instead, and the largest safe depths; MODEL gives everything but width and depth (default: off)",
    ),
    option(
      "--widths <list>",
      "units of every hidden layer (1 to 10000, as ranges or numbers joined by commas; default: 2..20)",
      wholes("--widths", 1, 10_000),
    ),
    option(
      "--depths <list>",
      "numbers of hidden layers, of units with --skip residual (1 to 100000, as ranges or numbers joined by commas; default: 1..200)",
      wholes("--depths", 1, 100_000),
    ),
    option(
      "--levels <list>",
      "accepted probabilities of being born dead (above 0, below 1, joined by commas; default: 0.01,0.1)",
      levels("--levels"),
    ),
  ];
}

/** The file that `advise` writes. */
export function saveOptions(): Option[] {
  return [
    option(
      "--save <file>",
      "write the architecture after the smallest change that makes it healthy into this file, whole or not at all, to use as MODEL (default: no file)",
    ),
    option(
      "--cure <name>",
      "the change that --save writes instead: a remedy of the list, or two joined by +; of one that comes in sizes the smallest that cures (default: the smallest change)",
    ),
  ];
}

export function theta0Option(): Option {
  return option(
    "--theta0 <radians>",
    "angle between two inputs, instead of data (above 0, up to pi; default: pi/2, with one input pi)",
    angle("--theta0"),
  );
}

/** `otherwise` are defaults beside the usual one. */
export function pairsOption(otherwise = ""): Option {
  return option(
    "--pairs <number>",
    `pairs of data points measured, drawn at random where there are more (1 to 100000; default: 256${otherwise})`,
    whole("--pairs", 1, 1e5),
  );
}

export function quantilesOption(): Option {
  return option(
    "--quantiles <list>",
    "probabilities at which quantiles of ln sin² are given, ascending and joined by commas (0 to 1; default: 0.05,0.16,0.5,0.84,0.95)",
    probabilities("--quantiles"),
  );
}

export function similarityOption(): Option {
  return option(
    "--similarity <kind>",
    "also how the whole data set lies in each layer: average cosine, Gram rank, and linear CKA with the inputs and the layer before; biased is CKA as first defined, debiased is fair to few points (default: off)",
    oneOf("--similarity", ["biased", "debiased"]),
  );
}

/** Where units are compared, and how. */
export function unitOptions(): Option[] {
  return [
    option(
      "--where <place>",
      "look at units after their activation (post) or before it (pre) (default: post)",
      oneOf("--where", ["post", "pre"]),
    ),
    option(
      "--positions <role>",
      "what the positions of a convolution are: points, units, or pooled into their mean (default: points)",
      oneOf("--positions", ["points", "pooled", "units"]),
    ),
    option(
      "--centring <kind>",
      "mean subtracts every unit's mean first, none does not (default: mean)",
      oneOf("--centring", ["mean", "none"]),
    ),
    option(
      "--sampling-bias <how>",
      "what a finite number of points adds: remove or keep (default: remove)",
      oneOf("--sampling-bias", ["remove", "keep"]),
    ),
  ];
}

/** How networks are drawn; `target` names the value of `--rel-error`. */
export function samplingOptions(target: string): Option[] {
  return [
    option(
      "--networks <number>",
      `random networks, with --rel-error at most so many (1 to 1000000000; default: 16 to 10000 by the model's size, with conditional to 100000, with --rel-error ${mostNetworks})`,
      whole("--networks", 1, 1e9),
    ),
    option(
      "--rel-error <number>",
      `draw networks until the standard error of ${target} is this share of it (above 0, below 1; default: off)`,
      between("--rel-error", 0, 1),
    ),
    option(
      "--method <name>",
      "weights draws matrices, law draws activations exactly in law, count takes the cheaper of them, conditional averages exact probabilities over survivors (death of up to three points or rays), auto takes the best that is exact (default: auto)",
      oneOf("--method", ["auto", "count", "conditional", "law", "weights"]),
    ).default("auto", "auto"),
    option(
      "--relaxed-simd",
      "fused multiply-add in the float32 kernels, where Node has it: numbers then differ between machines (default: off)",
    ),
    seedOption(),
    threadsOption(),
  ];
}

/** Of `reproduce`. */
export function reproduceOptions(): Option[] {
  return [
    option("--all", "measure every claim (default: off)"),
    option(
      "--scale <name>",
      "how much is measured: quick takes seconds a claim, standard minutes, full as many networks as the paper and hours to weeks (default: quick)",
      oneOf("--scale", ["quick", "standard", "full"]),
    ),
    option(
      "--data <source>",
      "images of the claims that need any: digits, mnist, fashion-mnist, cifar10:FOLDER with its binary files, or a file (default: digits for quick runs, else fashion-mnist where it is installed)",
    ),
    option("--checkpoint <file>", "keep every finished part in this file, and go on from what it holds (default: none)"),
  ];
}

export function threadsOption(): Option {
  return option(
    "--threads <number>",
    "worker threads; the numbers do not depend on them (1 to 256; default: the machine's cores)",
    whole("--threads", 1, 256),
  ).default(availableParallelism(), "the machine's cores");
}

export function seedOption(): Option {
  return option(
    "--seed <number>",
    "seed of all random numbers (0 to 9007199254740991; default: 0)",
    whole("--seed", 0, Number.MAX_SAFE_INTEGER),
  ).default(0, "0");
}

/** Which theories of the angle are computed. */
export function lawOptions(): Option[] {
  return [
    option(
      "--law <name>",
      "law of one layer at finite width: tabulated is exact up to interpolation, matched a normal law (default: tabulated for relu and slopes of leaky-relu up to 0.3, else matched)",
      oneOf("--law", ["tabulated", "matched"]),
    ),
    option(
      "--published <form>",
      "the published update as it is, or in its limit of small angles: full or small-angle (default: full)",
      oneOf("--published", ["full", "small-angle"]),
    ).default("full", "full"),
    option(
      "--published-widths <widths>",
      "widths of the published update: the hidden ones, or as in its authors' script the input's and all hidden ones but the last: hidden or authors (default: hidden)",
      oneOf("--published-widths", ["hidden", "authors"]),
    ).default("hidden", "hidden"),
  ];
}

export function outputOptions(): Option[] {
  const [json, out, quiet] = textOptions();
  return [json, out, ...plotOptions(), quiet];
}

/** Of commands without a figure. */
export function textOptions(): Option[] {
  return [
    option("--json", "one JSON object instead of a report (default: off)"),
    option("--out <file>", "write to this file, whole or not at all (default: standard output)"),
    option("--quiet", "no progress and no notes on standard error (default: off)"),
  ];
}

/** Of every command whose result has a figure. */
function plotOptions(): Option[] {
  return [
    option(
      "--plot <file>",
      "draw the result into this file, .svg or .png, whole or not at all; - draws it in characters below the report (default: no figure)",
      plotFile("--plot"),
    ),
    option(
      "--theme <name>",
      "colours of the file of --plot: light or dark (default: light)",
      oneOf("--theme", ["light", "dark"]),
    ),
  ];
}

export function failOnOption(): Option {
  return option(
    "--fail-on <verdict>",
    "exit with 1 from this verdict on: degenerate, at-risk or never (default: degenerate)",
    oneOf("--fail-on", ["degenerate", "at-risk", "never"]),
  ).default("degenerate", "degenerate");
}

/** Files that a check-up is reported in. */
export function reportOptions(): Option[] {
  return [
    option("--html <file>", "write the whole report as one page for a browser, which needs no network (default: no page)"),
    option("--sarif <file>", "write the findings as SARIF 2.1.0, for code scanning (default: no file)"),
    option(
      "--junit <file>",
      "write a test report of JUnit, a test case for each question, failed from --fail-on on (default: no file)",
    ),
  ];
}

/** An option, whose text `parse` turns into its value. */
export function option<Value>(flags: string, description: string, parse?: Parse<Value>): Option {
  const result = new Option(flags, description);
  return parse ? result.argParser(parse) : result;
}
