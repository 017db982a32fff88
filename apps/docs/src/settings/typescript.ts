import { chosen } from "./chosen.js";
import type { Settings } from "./settings.js";
import { notation } from "./sizes.js";

/** A program that diagnoses the same architecture with the libraries, to the same bits. */
export function typescriptOf(settings: Settings, columns?: number): string {
  const options = Object.entries(chosen(settings)).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
  const { data, seed } = settings;
  const asked = [data === "interval" ? "domain: [-1, 1]" : "data", ...(seed === 0 ? [] : [`seed: ${seed}`])];
  const { imports, points } = pointsOf(settings, columns);
  return [
    ...imports,
    `import { mlp${points.length > 0 ? ", sharedStream" : ""} } from "@sonde/nets";`,
    'import { diagnose } from "@sonde/predictor";',
    "",
    `const net = mlp("${notation(settings, columns)}"${options.length > 0 ? `, { ${options.join(", ")} }` : ""});`,
    ...points,
    `const { verdict, failure, fixes } = await diagnose(net, { ${asked.join(", ")} });`,
    "console.log(verdict, failure?.value, fixes[0]?.change);",
    "",
  ].join("\n");
}

/** How the points are had, and what that imports. */
function pointsOf({ data, inputs, seed }: Settings, columns?: number): { imports: string[]; points: string[] } {
  if (data === "interval") return { imports: [], points: [] };
  const core = 'import { split } from "@sonde/core";';
  const random = `split(sharedStream(${seed}), 0)`;
  if (data === "gaussian")
    return {
      imports: [core, 'import { gaussianPoints } from "@sonde/formats";'],
      points: [`const data = gaussianPoints(${random}, 512, ${inputs});`],
    };
  const [name, features] = data === "digits" ? ["digits", 64] : ["data.csv", columns];
  return {
    imports: [core, 'import { readDataSet } from "@sonde/formats/node";'],
    points: [`const { points: data } = await readDataSet("${name}", { inputs: ${features}, points: 512, random: ${random} });`],
  };
}
