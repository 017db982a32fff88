// Angles in networks drawn in law against an independent simulation, at full size; half a minute. Build first, then: node packages/kernels/bench/law-angles.mjs
import { readFileSync } from "node:fs";
import { lawKernels } from "@sonde/kernels";
import { logSin2 } from "./angles.mjs";

const reference = JSON.parse(readFileSync(new URL("../../../test/verify/reference/angles.json", import.meta.url), "utf8"));
const angles = { "pi/2": Math.PI / 2, "pi/4": Math.PI / 4, 0.1: 0.1 };
const kernels = lawKernels();

console.log("ln sin^2 after the last layer, 200 000 networks each: ours, the reference, joint standard errors apart");
for (const wanted of reference.networks.filter(({ width }) => width === 16)) {
  const { theta0, width, hiddenLayers: layers, networks } = wanted;
  const ours = logSin2(kernels, { width, layers, theta0: angles[theta0], networks });
  const degenerateError = Math.sqrt(ours.degenerate + wanted.degenerate);
  console.log(
    `width ${width}, ${String(layers).padStart(3)} layers from ${theta0.padEnd(4)}`,
    compared("mean", ours.mean, wanted.mean, Math.hypot(ours.meanError, wanted.meanStandardError)),
    compared("sd", ours.sd, wanted.sd, Math.hypot(ours.sdError, wanted.sdStandardError)),
    compared("degenerate", ours.degenerate, wanted.degenerate, degenerateError),
  );
}

function compared(what, ours, wanted, error) {
  const digits = Number.isInteger(wanted) ? 0 : 4;
  const apart = (ours - wanted) / error;
  return `  ${what} ${ours.toFixed(digits)} ${wanted.toFixed(digits)} ${apart.toFixed(1)}${Math.abs(apart) < 4.5 ? "" : " FAIL"}`;
}
