export { type PngOptions, renderPng } from "./png-node.js";
