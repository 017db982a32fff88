import { matrix } from "@sonde/core";
import { exp, log2 } from "@sonde/core/math";
import { deathProbability, safeWidth } from "@sonde/metrics-death";
import { mlp } from "@sonde/nets";
import { lineFigure } from "@sonde/plots";
import type { Claim, Settings } from "../claim.js";
import { above, equal, type Value } from "../comparison.js";

interface GrowthSettings extends Settings {
  readonly hiddenLayers: number;
  /** Width less log2 H. */
  readonly offset: number;
  readonly width: number;
  readonly inputs: "one point" | "interval";
  readonly networks: number;
}

interface GrowthResult extends Required<Value> {
  readonly low: number;
  readonly high: number;
}

export const depthWithWidth: Claim<GrowthSettings, GrowthResult> = {
  id: "neuron-death/depth-with-width",
  number: "2.2",
  sentence: "Depth can grow without limit as long as width grows too.",
  figureOf: "depth indefinitely if width grows (logarithmic law)",
  runs: "P(alive) of networks of width log2 H + c at growing depth H, for one point and for the interval, and of the width that guarantees 90 %; at fixed width it goes to 0",
  seconds: { quick: 1, standard: 10, full: 120 },
  parts({ scale }) {
    const depths = { quick: [16, 64], standard: [16, 64, 256, 1024], full: [16, 64, 256, 1024, 4096] }[scale];
    const networks = { quick: 300, standard: 2000, full: 20_000 }[scale];
    const cells = depths.flatMap((hiddenLayers) => [
      ...[0, 1, 2, 3].flatMap((offset) =>
        (["one point", "interval"] as const).map((inputs) => ({
          hiddenLayers,
          offset,
          inputs,
          width: log2(hiddenLayers) + offset,
        })),
      ),
      { hiddenLayers, offset: Number.NaN, inputs: "interval" as const, width: safeWidth(hiddenLayers, 0.1) },
    ]);
    return cells.map(({ offset, ...cell }, seed) => ({
      name: `${Number.isNaN(offset) ? "guaranteed" : `log2 H + ${offset}`}, H = ${cell.hiddenLayers}, ${cell.inputs}`,
      settings: { ...cell, offset: Number.isNaN(offset) ? -1 : offset, networks, seed: 300 + seed },
    }));
  },
  async measure({ width, hiddenLayers, inputs, networks, seed }, { threads, createWorker, signal }) {
    const asked = inputs === "one point" ? { data: matrix(1, 1, Float64Array.of(1)) } : { domain: [-1, 1] as const };
    const dead = await deathProbability(mlp(`1-${Math.round(width)}x${hiddenLayers}-1`), {
      ...asked,
      networks,
      seed,
      threads,
      createWorker,
      signal,
    });
    return { value: 1 - dead.value, standardError: dead.standardError, networks, low: 1 - dead.high, high: 1 - dead.low };
  },
  compare(parts) {
    const deepest = Math.max(...parts.map(({ settings }) => settings.hiddenLayers));
    return parts.flatMap(({ name, settings: { offset, inputs, hiddenLayers }, result }) => {
      if (offset < 0) return [above(`P(alive), ${name}`, result, { value: 0.9 }, { tolerance: 6 * result.standardError })];
      const limit = exp(-(2 ** -offset));
      if (inputs === "one point")
        // (1 - 2^-c / H)^H differs from its limit by less than 2^(-2c) / H.
        return [equal(`P(alive), ${name}, as exp(-2^-c)`, result, { value: limit }, { tolerance: 4 ** -offset / hiddenLayers })];
      if (hiddenLayers < deepest) return [];
      return [
        above(
          `P(alive), ${name}, at least exp(-2^-c)`,
          result,
          { value: limit },
          { tolerance: 4 ** -offset / hiddenLayers + 6 * result.standardError },
        ),
      ];
    });
  },
  figure(parts, { title = "Depth without limit, if width grows", subtitle }) {
    const offsets = [...new Set(parts.map(({ settings }) => settings.offset))].filter((offset) => offset >= 0);
    return lineFigure({
      title,
      subtitle,
      x: { label: "hidden layers H", scale: "log" },
      y: { label: "P(alive)", domain: [0, 1] },
      series: offsets.map((offset) => {
        const own = parts.filter(({ settings }) => settings.offset === offset && settings.inputs === "interval");
        return {
          name: `width log2 H + ${offset}, interval`,
          x: own.map(({ settings }) => settings.hiddenLayers),
          y: own.map(({ result }) => result.value),
          low: own.map(({ result }) => result.low),
          high: own.map(({ result }) => result.high),
        };
      }),
      marks: offsets.flatMap((offset, tone) => {
        const own = parts.filter(({ settings }) => settings.offset === offset && settings.inputs === "one point");
        return [
          {
            kind: "rule",
            axis: "y",
            at: exp(-(2 ** -offset)),
            tone,
            dash: "dashed",
            ...(tone === 0 && { name: "exp(-2^-c), one point" }),
          } as const,
          {
            kind: "dots",
            tone,
            x: own.map(({ settings }) => settings.hiddenLayers),
            y: own.map(({ result }) => result.value),
          } as const,
        ];
      }),
    });
  },
};
