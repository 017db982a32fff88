export { type InstalledRuntime, installedRuntime } from "./node/installed.js";
export { neededRuntime } from "./node/needed.js";
export { type Onnxruntime, type OnnxruntimeOptions, onnxruntime } from "./node/onnxruntime.js";
