import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { scratchFolder } from "../../scripts/lib/scratch.mjs";
import { reference } from "./lib/reference.mjs";
import { sonde } from "./lib/sonde.mjs";

/** Half a unit of the third digit. */
const rounding = 5e-4;

/** The same numbers of networks as the reference, so that errors are alike. */
export async function* rows() {
  const { initialisers, signFlips } = reference("death-remedies");
  const grid = join(scratchFolder("verify"), "grid.csv");
  writeFileSync(grid, Array.from({ length: 101 }, (_, i) => Math.sqrt(3) * (i / 50 - 1)).join("\n"));
  for (const { width, init, bias, bornDead } of initialisers.cases) {
    const chosen = ["--init", init, ...(bias ? ["--bias", bias] : [])];
    const result = await sonde("death", `1-${width}x9-1`, "--data", grid, "--networks", "100000", "--method", "count", ...chosen);
    yield {
      case: `1-${width}x9-1 ${[init, bias].filter(Boolean).join(" ")}`,
      ours: result.bornDead.value,
      standardError: result.bornDead.standardError,
      reference: bornDead,
      referenceError: Math.sqrt((bornDead * (1 - bornDead)) / initialisers.networks),
      tolerance: rounding,
    };
  }
  for (const { width, hiddenLayers, ...means } of signFlips.cases)
    for (const [flip, mean] of Object.entries(means)) {
      const { value, spread, networks } = await livingRatio(`6-${width}x${hiddenLayers}-1`, flip);
      yield {
        case: `6-${width}x${hiddenLayers}-1 ${flip}: living ratio`,
        ours: value,
        standardError: spread / Math.sqrt(networks),
        reference: mean,
        // The spread of ours is that of the reference too.
        referenceError: spread / Math.sqrt(signFlips.networks),
        tolerance: rounding,
      };
    }
}

/** The mean living ratio over sets of points, of some networks each, and its spread from network to network. */
async function livingRatio(model, flip) {
  const [sets, each] = [20, 500];
  const chosen = flip === "none" ? [] : ["--init", flip];
  const means = [];
  const errors = [];
  for (let seed = 1; seed <= sets; seed++) {
    const options = ["--points", "64", "--networks", String(each), "--seed", String(seed), "--method", "weights", ...chosen];
    const { value, standardError } = (await sonde("death", model, ...options)).layers.at(-1).livingRatio;
    means.push(value);
    errors.push(standardError ** 2 * each);
  }
  const mean = (values) => values.reduce((sum, x) => sum + x, 0) / values.length;
  return { value: mean(means), spread: Math.sqrt(mean(errors)), networks: sets * each };
}
