export { tfjsCost } from "./tfjs/cost.js";
export { tfjsExecutor } from "./tfjs/executor.js";
export { loadGradients } from "./tfjs/load-gradients.js";
export { type TfjsNetwork, toTfjs } from "./tfjs/to-tfjs.js";
