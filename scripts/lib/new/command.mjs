import { existsSync } from "node:fs";
import { join } from "node:path";
import { root } from "../root.mjs";

/** A command that prints what the metric of the same name measures. */
export function addCommand(tree, names) {
  const { name, camel, words } = names;
  if (!existsSync(join(root, "packages", `metrics-${name}`)))
    throw new Error(`there is no packages/metrics-${name}: write it first, npm run new -- metric ${name}`);
  tree.addTemplates("command", names, (path) => `apps/cli/${path.startsWith("test/") ? path : `src/${path}`}`);
  tree.insertBefore(
    "apps/cli/src/program.ts",
    / {2}addPlainCommand\(program/,
    `  addCommand(program, {
    name: "${name}",
    summary: "the mean ${words} of the activations, layer by layer",
    description: "The mean ${words} of the activations through the layers of random networks.",
    examples: ["sonde ${name} 64-128x3-10 --data digits"],
    groups: {
      "Inputs:": dataOptions(inputs),
      "Sampling:": samplingOptions("the last layer's ${words}"),
      "Output:": outputOptions(),
    },
  }).action(async (model, options) => {
    const { ${camel} } = await import("./commands/${name}.js");
    finish(await ${camel}(model, options));
  });
`,
  );
  tree.add(
    `.changeset/${name}-command.md`,
    `---\n"@sonde/cli": minor\n---\n\n\`sonde ${name}\` prints the mean ${words} of the activations, layer by layer.\n`,
  );
}
