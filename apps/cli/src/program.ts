import { ConfigError, nearest, quote } from "@sonde/core";
import { kernelHost } from "@sonde/kernels/native";
import { Command } from "commander";
import { addCommand, addPlainCommand, programHelp, quiet } from "./command-text.js";
import { noteOn } from "./describe-host.js";
import { exitCodes } from "./exit-codes.js";
import {
  dataOptions,
  deathOptions,
  domainOption,
  failOnOption,
  lawOptions,
  momentsOptions,
  outputOptions,
  pairsOption,
  quantilesOption,
  reportOptions,
  reproduceOptions,
  safeRegionOptions,
  samplingOption,
  samplingOptions,
  saveOptions,
  seedOption,
  similarityOption,
  textOptions,
  theta0Option,
  threadsOption,
  unitOptions,
} from "./options.js";
import { reportError } from "./report-error.js";
import { addSweep } from "./sweep/text.js";
import { quickTestOptions, recipeOptions, taskOptions, trainingRunOptions, watchingOptions } from "./training-options.js";
import { usageOf } from "./usage-of.js";
import { kernelOptions, phaseOptions } from "./variances.js";
import { version } from "./version.js";

/** Runs one command line (without node and script) and returns the exit code. Errors are one sentence on standard error. */
export async function run(args: readonly string[]): Promise<number> {
  let code: number = exitCodes.done;
  const program = buildProgram((result) => {
    code = result;
  });
  try {
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    return reportError(error, usageOf(program, args));
  }
  return code;
}

/** All commands; `finish` is told the exit code of the one that runs. */
export function buildProgram(finish: (code: number) => void): Command {
  const program = quiet(new Command("sonde"))
    .usage("COMMAND MODEL [options]")
    .description("Tells you, before you train a deep network, whether it can be trained, what will stop it and in which layer.")
    .version(version(), "-V, --version", "print the version, with --verbose also what runs the kernels")
    .helpOption("-h, --help", "print this help")
    .helpCommand(false)
    .hook("preAction", () => noteOn(kernelHost()))
    .addHelpText("after", programHelp());

  const inputs = "gaussian; with one input the interval [-1, 1]";
  const bornDead = "P(born dead)";
  addCommand(program, {
    name: "check",
    summary: "the doctor: verdict, findings with their layer, fixes with their computed effect",
    description:
      "The doctor: is the network born dead, do its inputs become indistinguishable with depth, do units become copies of one another, does the signal lose its dimensions or drown in noise? A verdict, the layer of each finding, and the computed effect of what may help. MODEL may also be recorded activations (.npz, .npy or .safetensors, one array [points, units] or [points, ...positions, channels] for each hidden layer, in order; a first one named input and a last one named output or logits are taken as such): then all that needs no architecture, without computed fixes; NAME.pre, NAME.grad and NAME.weight_grad beside a layer NAME hold what goes into its activation, which --activation then names, and gradients. Or MODEL is a model file (ONNX, Keras, TensorFlow.js, or weights alone in safetensors or PyTorch: dense layers with --activation, torchvision's ResNets and VGGs, any other with --architecture): then this network runs in float64 by its own weights, on --data or standard normal inputs, with gradients, and networks of the same graph are drawn anew beside it (--networks, --init): is yours worse than its kind? ONNX files with operators that Sonde does not run (If, Loop, other domains) run in float32 by onnxruntime-node where it is installed beside Sonde: npm install onnxruntime-node.",
    examples: [
      "sonde check 1-2x9-1",
      "sonde check 64-128x3-10 --data digits",
      "sonde check net.json --fail-on at-risk --json",
      "sonde check recorded.npz",
      "sonde check model.onnx --data images.npy --points 32",
      "sonde check net.json --html report.html --sarif found.sarif --junit found.xml",
    ],
    groups: {
      "Inputs:": [...dataOptions(inputs), domainOption()],
      "Sampling:": samplingOptions(bornDead),
      "Output:": [failOnOption(), ...reportOptions(), ...outputOptions()],
    },
  }).action(async (model, options) => {
    const { check } = await import("./commands/check.js");
    finish(await check(model, options));
  });
  addCommand(program, {
    name: "death",
    summary: "probability of being born dead, living points per layer, bounds, safe depth",
    description:
      "The probability that the network is born dead (some hidden layer is zero at every input), the layer where it dies, the points that live through each layer, and what theory says. MODEL may also be recorded activations (.npz, .npy or .safetensors, one array [points, units] or [points, ...positions, channels] for each hidden layer, in order): then their dead and dormant units and living points. The same of a model file (ONNX, Keras, TensorFlow.js, or weights alone in safetensors or PyTorch: dense layers with --activation, torchvision's ResNets and VGGs, any other with --architecture).",
    examples: [
      "sonde death 1-2x9-1 --rel-error 0.01",
      "sonde death 2-8x20-1 --domain='-1,1;0,2' --bias normal:0.1",
      "sonde death 1-2-1 --safe-region --widths 2..20 --depths 1..200",
      "sonde death recorded.npz",
    ],
    groups: {
      "Inputs:": [...dataOptions(inputs), domainOption(), samplingOption()],
      "Measures:": deathOptions(),
      "Safe region:": safeRegionOptions(),
      "Sampling:": samplingOptions(bornDead),
      "Output:": outputOptions(),
    },
  }).action(async (model, options) => {
    const { death } = await import("./commands/death.js");
    finish(await death(model, options));
  });
  addCommand(program, {
    name: "angles",
    summary: "angle and correlation between inputs, layer by layer",
    description:
      "The angle theta between two inputs through the layers of random networks, as ln sin² theta, theta, its cosine and the correlation over units: do inputs become indistinguishable with depth? MODEL may also be recorded activations (.npz, .npy or .safetensors, one array [points, units] or [points, ...positions, channels] for each layer): then the angles between the points. The same of a model file (ONNX, Keras, TensorFlow.js, or weights alone in safetensors or PyTorch: dense layers with --activation, torchvision's ResNets and VGGs, any other with --architecture).",
    examples: [
      "sonde angles 10-64x20-1 --theta0 0.1",
      "sonde angles 64-128x20-10 --data digits",
      "sonde angles 64-128x20-10 --data digits --points 64 --similarity debiased",
      "sonde angles recorded.npz",
    ],
    groups: {
      "Inputs:": [
        theta0Option(),
        ...dataOptions("two inputs at the angle of --theta0", { fewest: 2 }),
        pairsOption(", of recorded activations 10000"),
      ],
      "Measures:": [quantilesOption(), similarityOption()],
      "Sampling:": samplingOptions("the last layer's mean ln sin²"),
      "Output:": outputOptions(),
    },
  }).action(async (model, options) => {
    const { angles } = await import("./commands/angles.js");
    finish(await angles(model, options));
  });
  addCommand(program, {
    name: "vni",
    summary: "vanishing nodes: do hidden units become copies of one another, layer by layer",
    description:
      "The vanishing node indicator (VNI) through the layers of random networks: the mean squared correlation between the units over the points, from 1/width (all different) to 1 (copies of one another); effective nodes, 1 / VNI; weighted by variance; the local VNI of the Jacobian at one input beside its published formula; units that are constant; the share of the variance that is length alone. MODEL may also be recorded activations (.npz, .npy or .safetensors, one array [points, units] or [points, ...positions, channels] for each layer): then their numbers, without theory. The same of a model file (ONNX, Keras, TensorFlow.js, or weights alone in safetensors or PyTorch: dense layers with --activation, torchvision's ResNets and VGGs, any other with --architecture).",
    examples: [
      "sonde vni 64-64x20-10",
      "sonde vni recorded.npz",
      "sonde vni 64-128x20-10 --data digits --activation tanh --init orthogonal --json",
    ],
    groups: {
      "Inputs:": dataOptions("gaussian, drawn afresh for every network; with one input the interval [-1, 1]", {
        points: 2000,
        fewest: 4,
      }),
      "Units:": unitOptions(),
      "Sampling:": samplingOptions("the last layer's mean VNI"),
      "Output:": outputOptions(),
    },
  }).action(async (model, options) => {
    const { vni } = await import("./commands/vni.js");
    finish(await vni(model, options));
  });
  addCommand(program, {
    name: "predict",
    summary: "angle between inputs, layer by layer, without sampling",
    description:
      "The law of ln sin² of the angle between two inputs through the layers, computed: at the model's own widths (mean, standard deviation, quantiles, degenerate pairs), as published for finite width, and at infinite width. For chains of dense layers with normal weights, no bias, and relu, leaky-relu, linear or abs; no random numbers are drawn, except by --data to choose points and pairs.",
    examples: [
      "sonde predict 784-64x100-10",
      "sonde predict 10-16x50-1 --theta0 0.1 --json",
      "sonde predict 64-32x20-10 --data digits",
    ],
    groups: {
      "Inputs:": [
        theta0Option(),
        ...dataOptions("two inputs at the angle of --theta0", { fewest: 2 }),
        pairsOption(),
        seedOption(),
      ],
      "Prediction:": [...lawOptions(), quantilesOption()],
      "Output:": outputOptions(),
    },
  }).action(async (model, options) => {
    const { predict } = await import("./commands/predict.js");
    finish(await predict(model, options));
  });
  addCommand(program, {
    name: "moments",
    summary: "signal and noise through the layers: effective ranks, sensitivity, pathologies",
    description:
      "A batch of inputs and a small noise go through random networks together: the power of both, the effective ranks of signal and noise, and the normalised sensitivity chi (noise over signal, relative to the input) with its increment in every layer, beside what theory says. Three pathologies are named: a zero-dimensional signal, a one-dimensional signal, exploding sensitivity. MODEL may also be recorded activations (.npz, .npy or .safetensors, one array [points, units] or [points, ...positions, channels] for each layer): then the moments of their signal. The same of a model file (ONNX, Keras, TensorFlow.js, or weights alone in safetensors or PyTorch: dense layers with --activation, torchvision's ResNets and VGGs, any other with --architecture).",
    examples: [
      "sonde moments 256-256x60-10 --norm batch --embedding",
      "sonde moments 64-64x80-10 --skip residual --norm batch --data digits --batch 64",
      "sonde moments 64-128x200-10 --networks 1000 --checkpoint run.json --json",
      "sonde moments recorded.npz",
    ],
    groups: {
      "Inputs:": [dataOptions("gaussian, drawn afresh for every network; with one input the interval [-1, 1]")[0]],
      "Moments:": momentsOptions(),
      "Sampling:": samplingOptions("the last layer's mean ln chi"),
      "Output:": outputOptions(),
    },
  }).action(async (model, options) => {
    const { moments } = await import("./commands/moments.js");
    finish(await moments(model, options));
  });
  addCommand(program, {
    name: "advise",
    summary: "the smallest change that makes a model healthy, and all remedies compared",
    description:
      "The smallest change (inputs, initialisation, output, activation, scale, normalisation, skip connections, depth, width) that makes the verdict of check healthy, with the numbers before and after, and every remedy tried alone. The verdict is about initialisation; sonde train says what becomes of it.",
    examples: [
      "sonde advise 1-2x9-1",
      "sonde advise 64-16x40-10 --data digits --json",
      "sonde advise net.json --save better.json",
    ],
    groups: {
      "Inputs:": [...dataOptions(inputs), domainOption()],
      "Sampling:": samplingOptions(bornDead),
      "Output:": [...saveOptions(), ...outputOptions()],
    },
  }).action(async (model, options) => {
    const { advise } = await import("./commands/advise.js");
    finish(await advise(model, options));
  });
  addCommand(program, {
    name: "kernel",
    summary: "kernels of the infinitely wide network: NNGP and NTK",
    description:
      "The kernels between data points at the output of the network at infinite width: NNGP, the covariance of an output over random networks, and NTK, the tangent kernel of training by gradient descent; their condition numbers; with --networks the NNGP of random networks of the model's own widths beside it, with standard errors. MODEL may also be recorded activations (.npz, .npy or .safetensors) or a graph that is no list of layers: then the kernel 1/n h(x) h(x') of every layer of one network.",
    examples: [
      "sonde kernel 64-128x20-10 --data digits --points 100 --json",
      "sonde kernel 64-128x3-10 --data digits --points 20 --networks 200",
      "sonde kernel conv.json --data fashion-mnist --points 100 --kernels nngp",
    ],
    groups: {
      "Inputs:": dataOptions("gaussian; with one input points of [-1, 1]"),
      "Kernels:": kernelOptions(),
      "Sampling, where --networks or --rel-error asks for it:": samplingOptions("the measured kernel's trace"),
      "Output:": outputOptions(),
    },
  }).action(async (model, options) => {
    const { kernel } = await import("./commands/kernel.js");
    finish(await kernel(model, options));
  });
  addCommand(program, {
    name: "train",
    summary: "many random networks trained, and what became of each: learned, collapsed, stuck, diverged",
    description:
      "Trains many random networks at once and says what became of each: how many learned, collapsed to the mean or the median of the target, are stuck with healthy (walking dead), vanished or exploded gradients, or diverged; beside it what the diagnosis at initialisation said of the very same networks. Network k is the one that the other commands draw for the same seed.",
    examples: [
      "sonde train 1-2x9-1 --target x-sin-5x --runs 200 --steps 2000",
      "sonde train 2-8x20-2 --target xor --activation tanh --learning-rate 0.01 --monitor death,vni",
      "sonde train 64-32x4-10 --data digits --runs 20 --steps 2000 --checkpoint run.json --plot run.svg",
    ],
    groups: {
      "Task:": taskOptions(),
      "Recipe:": recipeOptions(),
      "Watching:": watchingOptions(),
      "Quick tests:": quickTestOptions(),
      "Running:": trainingRunOptions(),
      "Output:": outputOptions(),
    },
  }).action(async (model, options) => {
    const { train } = await import("./commands/train.js");
    finish(await train(model, options));
  });
  addPlainCommand(program, {
    name: "inspect",
    summary: "what a model file holds: graph, layers, parameters, producer, initialiser",
    description:
      "What a model file holds, without running anything in it: who wrote it, its inputs and outputs, layers and parameters, how the weights were drawn and whether they were trained, what Sonde does not know and why, and whether onnxruntime-node is needed to run it. MODEL is a file of ONNX (.onnx), safetensors, PyTorch (.pt, .pth: a state dict), Keras (.keras, .h5) or TensorFlow.js (model.json, a layers model), told apart by content. Files beside it (shards, external data) are opened only in its folder. Of recorded activations (.npz, .npy, .safetensors) it says what each array is taken for, its range and what is wrong with it.",
    examples: ["sonde inspect model.onnx", "sonde inspect weights.safetensors --json", "sonde inspect tfjs/model.json"],
    groups: { "Output:": textOptions() },
  })
    .usage("MODEL [options]")
    .argument("<MODEL>", "a model file, or recorded activations")
    .action(async (model, options) => {
      const { inspect } = await import("./commands/inspect/inspect.js");
      finish(await inspect(model, options));
    });
  addPlainCommand(program, {
    name: "phase",
    summary: "order or chaos: fixed points, depth scales, phase diagram of an activation",
    description:
      "Mean field theory of deep, infinitely wide networks of one activation: the variance q* and the correlation c* that signals reach, chi_1 (below 1: order, inputs become alike; above: chaos), and the depth scales over which a network remembers its inputs; for a range of variances the phase diagram with the critical line. Takes no MODEL.",
    examples: [
      "sonde phase --activation tanh --weight-variance 1.3 --bias-variance 0.05",
      "sonde phase --activation gelu --weight-variance 0.5..4 --bias-variance 0..0.5 --plot phase.svg",
    ],
    groups: { "Network:": phaseOptions(), "Output:": outputOptions() },
  })
    .allowExcessArguments()
    .action(async (options, { args }) => {
      if (args.length > 0)
        throw new ConfigError(
          `phase takes no model, got ${quote(args[0])}: give --activation, --weight-variance and --bias-variance`,
        );
      const { phase } = await import("./commands/phase.js");
      finish(await phase(options));
    });

  addSweep(program, finish);
  addPlainCommand(program, {
    name: "reproduce",
    summary: "every claim of the five papers, measured again beside what was published",
    description:
      "Measures the claims of the five papers that Sonde rests on: what each says, our numbers with their errors beside the published ones, and the verdict (confirmed, confirmed with a correction, not confirmed), computed from the numbers. Without CLAIM it lists them with what they take and the verdicts that are recorded. CLAIM is one of that list, or a paper: collapse, neuron-death, moments, angles or vanishing-nodes.",
    examples: [
      "sonde reproduce",
      "sonde reproduce collapse/safe-region --plot region.svg",
      "sonde reproduce neuron-death --scale standard --json",
      "sonde reproduce moments/batch-norm --scale full --data cifar10:cifar-10-batches-bin --checkpoint run.json",
      "sonde sweep reproduce --grid model=collapse/estimate,angles/accuracy --scale full --store full --emit slurm",
    ],
    groups: { "Runs:": [...reproduceOptions(), seedOption(), threadsOption()], "Output:": outputOptions() },
  })
    .usage("[CLAIM ...] [options]")
    .argument("[CLAIM...]", "claims of the list, or papers")
    .action(async (names, options) => {
      const { reproduce } = await import("./commands/reproduce.js");
      finish(await reproduce(names, options));
    });

  program
    .command("help", { hidden: true })
    .argument("[command]")
    .action((name?: string) => {
      const names = program.commands.map((command) => command.name());
      const wanted = name === undefined ? program : program.commands.find((command) => command.name() === name);
      if (wanted) return wanted.outputHelp();
      const near = nearest(name ?? "", names);
      throw new ConfigError(
        `there is no command ${quote(name ?? "")}: ${near ? `did you mean ${near}?` : "sonde --help lists them"}`,
      );
    });
  return program;
}
