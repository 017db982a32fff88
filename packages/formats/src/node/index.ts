export { readDataSet } from "./read-data-set.js";
