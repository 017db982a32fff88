// npm run pictures [-- NAME ...]: draws packages/plots/pictures anew from the built packages and command line, the same bits everywhere. A minute or two.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "./lib/root.mjs";
import { setUpOrExit } from "./lib/setup.mjs";

await setUpOrExit();
const built = (name, file = "index.js") => import(join(root, "packages", name, "dist", file));
const plots = await built("plots");

/** The result of a command as JSON. */
function sonde(...args) {
  const file = join(tmpdir(), `sonde-picture-${process.pid}.json`);
  execFileSync(process.execPath, [join(root, "apps", "cli", "bundle", "main.js"), ...args, "--json", "--quiet", "--out", file]);
  const { result } = JSON.parse(readFileSync(file, "utf8"));
  rmSync(file);
  return result;
}

const pictures = {
  death: () => plots.deathFigure(sonde("death", "1-3x20-1"), { subtitle: "1-3x20-1 · ReLU · he-normal · inputs in [-1, 1]" }),

  /** The figure of the JMLR paper: width 256, depth 32, theta_0 = 0.1. */
  "angle-evolution": () => {
    const asked = ["2-256x32-1", "--theta0", "0.1"];
    const measured = sonde("angles", ...asked, "--networks", "2000");
    const predicted = sonde("predict", ...asked);
    return plots.anglesFigure(
      { measured, predicted },
      { subtitle: "width 256 · 32 hidden layers · ReLU · inputs at 0.1 rad · 2000 networks" },
    );
  },

  /** Where the published law fails: width 16. */
  "angle-evolution-narrow": () => {
    const measured = sonde("angles", "2-16x50-1", "--networks", "10000");
    const predicted = sonde("predict", "2-16x50-1");
    return plots.anglesFigure(
      { measured, predicted },
      { subtitle: "width 16 · 50 hidden layers · ReLU · perpendicular inputs · 10,000 networks" },
    );
  },

  "one-step": async () => {
    const { angleChain, distributionCdf, publishedStep } = await built("predictor", "angles/index.js");
    const { normals, stream } = await built("core");
    const [width, theta0] = [8, 0.5];
    const [after] = angleChain(theta0, [width]);
    const cdf = distributionCdf(after);
    const x = Array.from({ length: 141 }, (_, k) => -7 + k / 20);
    const { mean, variance } = publishedStep(width)(theta0);
    const gaussian = (at) => Math.exp(-((at - mean) ** 2) / (2 * variance)) / Math.sqrt(2 * Math.PI * variance);
    const result = {
      simulated: oneStep({ width, theta0, networks: 20_000, draw: (random, out) => normals(random, out), random: stream(1) }),
      laws: [
        // The law of one step stands on few grid points: its density is a mean over half a unit.
        {
          name: "predicted law, smoothed over 0.5",
          x,
          density: x.map((at) => (cdf(Math.min(0, at + 0.25)) - cdf(at - 0.25)) / (Math.min(0, at + 0.25) - at + 0.25)),
        },
        { name: "published law", x, density: x.map(gaussian) },
      ],
    };
    return plots.oneStepFigure(result, {
      domain: [-7, 0],
      subtitle: `width ${width} · ReLU · inputs at ${theta0} rad · 20,000 layers`,
    });
  },

  "safe-region": () =>
    plots.safeRegionFigure(sonde("death", "1-2x2-1", "--safe-region", "--widths", "2..20", "--depths", "1..200"), {
      subtitle: "ReLU · he-normal · one input in [-1, 1]",
    }),

  "alive-between-bounds": async () => {
    const { aliveByDepth, aliveByInputSet } = await built("metrics-death");
    const { mlp } = await built("nets");
    const widths = [2, 3, 4];
    const curve = async (width, run) => ({ name: `width ${width}`, rows: await run });
    return plots.aliveFigure(
      {
        byDepth: await Promise.all(widths.map((n) => curve(n, aliveByDepth(mlp(`1-${n}x20-1`), { networks: 4000 })))),
        byInputSet: await Promise.all(
          widths.slice(1).map((n) => curve(n, aliveByInputSet(mlp(`2-${n}x4-1`), { networks: 4000 }))),
        ),
      },
      { subtitle: "ReLU · he-normal · left: one input in [-1, 1]; right: two inputs around (1, 1), four hidden layers" },
    );
  },

  phase: () =>
    plots.phaseFigure(sonde("phase", "--activation", "tanh", "--weight-variance", "0.5..4", "--bias-variance", "0..0.5"), {
      activation: "tanh",
    }),

  moments: () =>
    plots.momentsFigure(sonde("moments", "128-128x60-10", "--norm", "batch", "--batch", "128", "--networks", "100"), {
      subtitle: "128-128x60-10 · ReLU · batch norm · batches of 128 · 100 networks",
    }),

  vni: () => {
    const widths = [16, 64, 256];
    const runs = widths.map((width) => ({ width, result: sonde("vni", `${width}-${width}x50-10`, "--networks", "20") }));
    return plots.vniWidthsFigure(runs, { subtitle: "ReLU · he-normal · 20 networks" });
  },
};

/** ln sin^2 of the angle between the images of two inputs after one layer, for each of many; degenerate pairs left out. */
function oneStep({ width, theta0, networks, draw, random }) {
  const values = draw(random, new Float64Array(2 * width * networks));
  const samples = [];
  for (let network = 0; network < networks; network++) {
    let [aa, bb, ab] = [0, 0, 0];
    for (let unit = 0; unit < width; unit++) {
      const at = 2 * (network * width + unit);
      const a = Math.max(0, values[at]);
      const b = Math.max(0, Math.cos(theta0) * values[at] + Math.sin(theta0) * values[at + 1]);
      aa += a * a;
      bb += b * b;
      ab += a * b;
    }
    const sin2 = 1 - ab ** 2 / (aa * bb);
    if (sin2 > 1e-9) samples.push(Math.log(sin2));
  }
  return samples;
}

const folder = join(root, "packages", "plots", "pictures");
mkdirSync(folder, { recursive: true });
const wanted = process.argv.slice(2);
for (const [name, figure] of Object.entries(pictures)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const drawn = await figure();
  for (const theme of ["light", "dark"]) writeFileSync(join(folder, `${name}-${theme}.svg`), plots.renderSvg(drawn, { theme }));
  console.log(`packages/plots/pictures/${name}-{light,dark}.svg`);
}
