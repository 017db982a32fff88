import type { Settings } from "./settings.js";
import { ends } from "./sizes.js";

/**
 * The same architecture and initialisation in PyTorch. What PyTorch has no function for is said in a comment, never silently something else.
 */
export function pytorchOf(settings: Settings, columns?: number): string {
  const { depth, width, norm, skip } = settings;
  const { inputs, outputs } = ends(settings, columns);
  const initialise = initialiserLines(settings);
  const activated = [...normLines(norm), "activation(z)"];
  const embedding = skip === "residual" && inputs !== width;
  const hidden = skip === "dense" ? `${inputs} + k * width` : skip === "residual" ? "width" : `width if k else ${inputs}`;
  const last = skip === "dense" ? `${inputs} + depth * width` : "width";
  return [
    "import torch",
    "from torch import nn",
    "",
    `width, depth = ${width}, ${depth}`,
    `activation = ${activationOf(settings.activation)}`,
    "",
    "class Net(nn.Module):",
    "    def __init__(self):",
    "        super().__init__()",
    ...(embedding ? [`        self.embedding = nn.Linear(${inputs}, width, bias=False)`] : []),
    `        self.hidden = nn.ModuleList(nn.Linear(${hidden}, width) for k in range(depth))`,
    ...(norm === "none" ? [] : [`        self.norms = nn.ModuleList(${normOf(norm)} for _ in range(depth))`]),
    `        self.output = nn.Linear(${last}, ${outputs})`,
    "        for layer in [*self.hidden, self.output]:",
    ...initialise.map((line) => `            ${line}`),
    ...(embedding ? [`        nn.init.normal_(self.embedding.weight, std=${inputs} ** -0.5)`] : []),
    "",
    "    def forward(self, x):",
    ...(embedding ? ["        x = self.embedding(x)"] : []),
    "        for k, layer in enumerate(self.hidden):",
    ...forwardLines(skip, activated),
    "        return self.output(x)",
    "",
  ].join("\n");
}

function forwardLines(skip: Settings["skip"], activated: readonly string[]): string[] {
  const [before, after] = [activated.slice(0, -1), activated[activated.length - 1]];
  const indented = (lines: readonly string[]) => lines.map((line) => `            ${line}`);
  if (skip === "residual") return indented(["z = x", ...before, `x = x + layer(${after})`]);
  const keep = skip === "dense" ? `x = torch.cat([x, ${after}], dim=-1)` : `x = ${after}`;
  return indented(["z = layer(x)", ...before, keep]);
}

function normLines(norm: Settings["norm"]): string[] {
  return norm === "none" ? [] : ["z = self.norms[k](z)"];
}

function normOf(norm: Exclude<Settings["norm"], "none">): string {
  if (norm === "batch") return "nn.BatchNorm1d(width, eps=1e-3)";
  return norm === "layer" ? "nn.LayerNorm(width, eps=1e-3)" : "nn.RMSNorm(width, eps=1e-3)";
}

const activations: Readonly<Record<string, string>> = {
  relu: "torch.relu",
  elu: "nn.functional.elu",
  selu: "torch.selu",
  gelu: "nn.functional.gelu",
  silu: "nn.functional.silu",
  softplus: "nn.functional.softplus",
  tanh: "torch.tanh",
  erf: "torch.erf",
  sigmoid: "torch.sigmoid",
  sin: "torch.sin",
  linear: "lambda z: z",
};

function activationOf(name: string): string {
  const [stem, slope] = name.split(":");
  return stem === "leaky-relu" ? `lambda z: nn.functional.leaky_relu(z, ${slope})` : activations[name];
}

/** Lines that initialise `layer`. */
function initialiserLines({ init, weightVariance, bias }: Settings): string[] {
  const own = weightLines(init, weightVariance);
  if (init === "pytorch") return own;
  return [...own, ...(init === "rai" ? [] : [biasLine(bias)])];
}

/** Variance of a weight times its fan-in where the initialisation has one. */
const variances: Readonly<Record<string, number>> = { he: 2, lecun: 1 };

function weightLines(init: string, weightVariance: number | null): string[] {
  const [stem, ...law] = init.split("-");
  if (init === "pytorch") return ["pass  # PyTorch's own default"];
  if (init === "orthogonal") return [`nn.init.orthogonal_(layer.weight, gain=${Math.sqrt(weightVariance ?? 1)})`];
  if (init === "rai" || stem === "sign")
    return [`pass  # PyTorch has no ${init} initialisation: draw the weights with Sonde and copy them`];
  if (weightVariance === null && (init === "keras" || stem === "glorot"))
    return [`nn.init.xavier_${law[0] === "normal" ? "normal" : "uniform"}_(layer.weight)`];
  const sd = `(${weightVariance ?? variances[stem] ?? 1} / layer.in_features) ** 0.5`;
  if (law[0] === "uniform" || init === "keras")
    return [
      `bound = (3 * ${weightVariance ?? variances[stem] ?? 1} / layer.in_features) ** 0.5`,
      "nn.init.uniform_(layer.weight, -bound, bound)",
    ];
  if (law[0] === "truncated")
    return [
      `sd = ${sd} / 0.87962566  # of the normal that is cut at two of them`,
      "nn.init.trunc_normal_(layer.weight, std=sd, a=-2 * sd, b=2 * sd)",
    ];
  return [`nn.init.normal_(layer.weight, std=${sd})`];
}

function biasLine(bias: string): string {
  const [kind, value] = bias.split(":");
  if (kind === "normal") return `nn.init.normal_(layer.bias, std=${Math.sqrt(Number(value))})`;
  if (kind === "uniform") return `nn.init.uniform_(layer.bias, -${value}, ${value})`;
  if (kind === "like-weights") return "nn.init.normal_(layer.bias, std=layer.weight.std().item())  # like the weights";
  return "nn.init.zeros_(layer.bias)";
}
