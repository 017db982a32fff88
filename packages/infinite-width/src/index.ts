export { angleMap } from "./angles/angle-map.js";
export { type AngleRecursionOptions, angleRecursion, type InfiniteWidthAngle } from "./angles/angle-recursion.js";
