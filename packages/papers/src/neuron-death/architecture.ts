import { type Estimate, matrix, normals, stream } from "@sonde/core";
import { blockGradientBound, deathProbability } from "@sonde/metrics-death";
import { type Architecture, type MlpOptions, mlp } from "@sonde/nets";
import { lineFigure } from "@sonde/plots";
import type { Claim, Settings } from "../claim.js";
import { below, equal } from "../comparison.js";

interface ArchitectureSettings extends Settings {
  readonly model: string;
  readonly options: Pick<MlpOptions, "norm" | "skip" | "block">;
  readonly points: number;
  readonly networks: number;
}

interface ArchitectureResult {
  readonly bornDead: Estimate;
  readonly noLivingPoint: Estimate;
  readonly livingRatio: Estimate;
}

const plain = "no remedy";
const rows = [
  { name: plain, model: "4-3x9-1", options: {}, points: 64 },
  { name: "batch norm", model: "4-3x9-1", options: { norm: "batch" }, points: 64 },
  { name: "residual connections", model: "3-3x9-1", options: { skip: "residual", block: 1 }, points: 64 },
  { name: "dense connections", model: "4-3x9-1", options: { skip: "dense" }, points: 64 },
  { name: "inside a block of 3 layers of 2", model: "1-2x3-1", options: {}, points: 1 },
  { name: "inside a block of 2 layers of 3", model: "1-3x2-1", options: {}, points: 1 },
] as const;

export const architecture: Claim<ArchitectureSettings, ArchitectureResult> = {
  id: "neuron-death/architecture",
  number: "2.8",
  sentence: "Batch normalisation, residual connections, dense networks and skip connections mitigate death.",
  figureOf: "batch norm, residual, dense and skip connections",
  runs: "the share of networks that are born dead on Gaussian points, or in which no point lives, without and with each remedy; for skips around blocks the share of blocks that a point lives through",
  seconds: { quick: 1, standard: 5, full: 60 },
  parts: ({ scale }) =>
    rows.map(({ name, ...settings }, k) => ({
      name,
      settings: { ...settings, networks: { quick: 1000, standard: 10_000, full: 200_000 }[scale], seed: 800 + k },
    })),
  async measure({ model, options, points, networks, seed }, { threads, createWorker, signal }) {
    const built: Architecture = mlp(model, options);
    const [inputs] = built.input;
    const data = matrix(points, inputs, normals(stream(seed), new Float64Array(points * inputs)));
    const asked = { data, networks, seed, method: "count", threads, createWorker, signal } as const;
    const { noLivingPoint, layers, value, standardError, low, high } = await deathProbability(built, asked);
    const bornDead = { value, standardError, low, high, networks };
    return { bornDead, noLivingPoint, livingRatio: layers[layers.length - 1].livingRatio };
  },
  compare(parts) {
    const at = (name: (typeof rows)[number]["name"]) =>
      (parts.find((part) => part.name === name) as (typeof parts)[number]).result;
    const dead = at(plain).bornDead;
    return [
      below("P(born dead), batch norm, below that without", at("batch norm").bornDead, dead),
      equal("P(born dead), batch norm", at("batch norm").bornDead, { value: 0 }),
      below("P(born dead), residual connections, below that without", at("residual connections").bornDead, dead),
      equal("living points, residual connections", at("residual connections").livingRatio, { value: 1 }),
      below("P(born dead), dense connections, below that without", at("dense connections").bornDead, dead),
      equal("a point lives through 3 layers of 2", alive(at("inside a block of 3 layers of 2").bornDead), {
        value: blockGradientBound(2, 3),
      }),
      equal("a point lives through 2 layers of 3", alive(at("inside a block of 2 layers of 3").bornDead), {
        value: blockGradientBound(3, 2),
      }),
    ];
  },
  figure(parts, { title = "What mitigates death", subtitle }) {
    const shown = parts.filter(({ settings }) => settings.points > 1);
    const at = shown.map((_, k) => shown.length - 1 - k);
    const dots = (name: string, tone: number, of: (result: ArchitectureResult) => Estimate, shift: number) =>
      ({
        kind: "dots",
        tone,
        name,
        errors: "x",
        x: shown.map(({ result }) => of(result).value),
        low: shown.map(({ result }) => of(result).low),
        high: shown.map(({ result }) => of(result).high),
        y: at.map((y) => y + shift),
      }) as const;
    return lineFigure({
      title,
      subtitle,
      x: { label: "share of networks, 95 % interval", domain: [0, 1] },
      y: { label: "", names: shown.map(({ name }, k) => ({ at: at[k], name })), domain: [-0.6, shown.length - 0.4] },
      series: [],
      marks: [
        dots("born dead", 0, ({ bornDead }) => bornDead, 0.1),
        dots("no point lives", 1, ({ noLivingPoint }) => noLivingPoint, -0.1),
      ],
      description: "The share of networks that are born dead and that of networks in which no point lives, for each remedy.",
    });
  },
};

function alive({ value, standardError, networks }: Estimate) {
  return { value: 1 - value, standardError, networks };
}
