export { readArrays } from "./read-arrays.js";
export { readDataSet } from "./read-data-set.js";
