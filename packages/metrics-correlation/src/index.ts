export { type Angle, angleBetween } from "@sonde/core";
export { correlation } from "./correlation.js";
export {
  type AnglesLayer,
  type AnglesRecord,
  anglesRecord,
  anglesRequest,
  growAngles,
  type MeasureAnglesOptions,
  measureAngles,
  twoInputs,
} from "./measure-angles.js";
export { type AnglesOptions, type AnglesState, type AnglesTrace, angles } from "./metric.js";
export { choosePairs, type Pair } from "./pairs.js";
