export { edgesAround, type HeatmapChart, heatmapFigure } from "./charts/heatmap.js";
export { type HistogramChart, histogramFigure } from "./charts/histogram.js";
export { joinFigures } from "./charts/join.js";
export { type LineChart, lineFigure, type Series } from "./charts/line.js";
export type {
  Axis,
  BandMark,
  BarMark,
  CellMark,
  Dash,
  DotMark,
  Figure,
  FigureText,
  LineMark,
  Mark,
  Panel,
  PathMark,
  RuleMark,
  Tone,
  Values,
} from "./figure.js";
export { type Grid, isolines } from "./isolines.js";
export { type AliveResult, aliveFigure } from "./records/alive.js";
export { type AnglesResult, anglesFigure, type PredictResult } from "./records/angles.js";
export { type CheckResult, checkFigure } from "./records/check.js";
export { type DeathResult, deathFigure } from "./records/death.js";
export type { EstimateLike, SpreadLike } from "./records/estimate.js";
export { type GradientsResult, gradientsFigure } from "./records/gradients.js";
export { type KernelResult, kernelFigure } from "./records/kernel.js";
export { logMomentsFigure, type MomentLike, type MomentsResult, momentsFigure } from "./records/moments.js";
export { type OneStepResult, oneStepFigure } from "./records/one-step.js";
export { type PhaseResult, phaseFigure } from "./records/phase.js";
export { type RecordedCheckResult, recordedCheckFigure } from "./records/recorded-check.js";
export { type RecordedDeathResult, recordedDeathFigure } from "./records/recorded-death.js";
export { type RemediesResult, remediesFigure } from "./records/remedies.js";
export { type SafeRegionResult, safeRegionFigure } from "./records/safe-region.js";
export { type ScaleResult, scaleFigure } from "./records/scale.js";
export { type SweepMap, sweepMapFigure } from "./records/sweep-map.js";
export { type CoordinateResult, coordinateFigure, type TrainingResult, trainingFigure } from "./records/training.js";
export { type UnitsResult, unitsFigure } from "./records/units.js";
export { spectrumFigure, type VniResult, vniFigure, vniMapFigure, vniWidthsFigure } from "./records/vni.js";
export { renderSvg, type SvgOptions } from "./svg/render.js";
export { renderTerminal, type TerminalOptions } from "./terminal/render.js";
export { themeVariables } from "./theme.js";
