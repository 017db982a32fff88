export { onnxruntimeServer, type Post } from "./onnxruntime-server.js";
export type { Opening, Starting, WorkerAnswer, WorkerQuestion } from "./question.js";
export type { WorkerLike } from "./start-worker.js";
export { type ModelFiles, type WebOnnxruntime, type WebOnnxruntimeOptions, webOnnxruntime } from "./web-onnxruntime.js";
