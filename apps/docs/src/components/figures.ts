import type { AnglesRecord } from "@sonde/metrics-correlation";
import type { DeathRecord } from "@sonde/metrics-death";
import type { MomentsRecord } from "@sonde/moments";
import { anglesFigure, deathFigure, type Figure, lineFigure, momentsFigure, safeRegionFigure, vniFigure } from "@sonde/plots";
import type { AnglePrediction } from "@sonde/predictor/angles";
import type { VniRecord } from "@sonde/vni";
import type { Region } from "../engine/region.js";
import type { Settings } from "../settings/settings.js";

/** The same, with panels that fit beside others. */
function compact(figure: Figure): Figure {
  return { ...figure, panels: figure.panels.map((panel) => ({ ...panel, height: panel.height ?? 150 })) };
}

/** Living points and dead networks by layer. */
export function deathPicture(record: DeathRecord): Figure {
  return compact(deathFigure({ bornDead: record, bounds: record.bounds, layers: record.layers }));
}

/** The map of P(born dead) with a mark where the settings are; beyond its edge the mark stays on it. */
export function regionPicture(region: Region, { width, depth }: Pick<Settings, "width" | "depth">): Figure {
  const figure = safeRegionFigure(region);
  const { widths, depths } = region;
  const x = Math.min(width, widths[widths.length - 1]);
  const y = Math.min(depth, depths[depths.length - 1]);
  const here = {
    kind: "dots" as const,
    name: x === width && y === depth ? "you are here" : "you are here, beyond the edge",
    tone: 1,
    x: [x],
    y: [y],
  };
  return { ...figure, panels: figure.panels.map((panel) => ({ ...panel, marks: [...panel.marks, here] })) };
}

/** Angles, simulated with their band, beside three predictions. */
export function anglesPicture(measured?: AnglesRecord, predicted?: AnglePrediction): Figure {
  const figure = anglesFigure({ measured, predicted });
  return compact(figure);
}

/** The vanishing node indicator, and how many nodes are left of the width. */
export function nodesPicture(record: VniRecord, width?: number): Figure {
  const most = width ?? Math.max(2, ...record.layers.map(({ effectiveNodes }) => effectiveNodes).filter(Number.isFinite));
  const { panels, ...figure } = vniFigure(record);
  const x = record.layers.map(({ layer }) => layer);
  const effective = lineFigure({
    title: "Effective nodes",
    x: { label: "hidden layer", whole: true },
    y: { label: "effective nodes, 1 / VNI", domain: [0, Math.max(1.05 * most, 2)] },
    series: [
      {
        name: "effective nodes, 95 % interval",
        x,
        y: record.layers.map(({ effectiveNodes }) => effectiveNodes),
        low: record.layers.map(({ vni }) => (vni.networks > 1 ? 1 / Math.min(1, vni.high) : null)),
        high: record.layers.map(({ vni }) => (vni.networks > 1 ? 1 / Math.max(1 / most, vni.low) : null)),
      },
    ],
    marks: width === undefined ? [] : [{ kind: "rule", axis: "y", at: width, tone: "neutral", dash: "dashed", name: "width" }],
  });
  return compact({ ...figure, panels: [...effective.panels, ...panels.slice(0, 1)] });
}

/** Sensitivity, effective ranks and pre-activations by layer. */
export function momentsPicture(record: MomentsRecord, units: boolean): Figure {
  const figure = momentsFigure(record, { units });
  return compact({ ...figure, panels: figure.panels.filter(({ title }) => !/^ln /.test(title ?? "")).slice(0, 4) });
}
