export { fromTensor, toTensor } from "./tfjs/exchange.js";
export { type Backend, type BackendOptions, type TensorFlow, useBackend } from "./tfjs/use-backend.js";
