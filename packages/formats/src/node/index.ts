export { type ReadFileOptions, readFileBytes, withFile } from "./file-source.js";
export { readArrays } from "./read-arrays.js";
export { readDataSet } from "./read-data-set.js";
export { onnxFiles, withModel } from "./with-model.js";
