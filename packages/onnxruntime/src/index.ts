export { type InstalledRuntime, installedRuntime } from "./installed.js";
export { neededRuntime } from "./needed.js";
export { type Onnxruntime, type OnnxruntimeOptions, onnxruntime } from "./onnxruntime.js";
