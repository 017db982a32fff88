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
export { type AnglesResult, anglesFigure, type PredictResult } from "./records/angles.js";
export { type CheckResult, checkFigure } from "./records/check.js";
export { type DeathResult, deathFigure } from "./records/death.js";
export type { EstimateLike, SpreadLike } from "./records/estimate.js";
export { renderSvg, type SvgOptions } from "./svg/render.js";
export { renderTerminal, type TerminalOptions } from "./terminal/render.js";
