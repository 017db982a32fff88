export { angleMap } from "./angle-map.js";
export { type AngleRecursionOptions, angleRecursion, type InfiniteWidthAngle } from "./angle-recursion.js";
