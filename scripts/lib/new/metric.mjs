/** A package that measures something of random networks, known to the command line's workers. */
export function addMetric(tree, names) {
  const { name, camel, words } = names;
  const folder = `packages/metrics-${name}`;
  const scoped = `@sonde/metrics-${name}`;
  tree.addTemplates("metric", names, (path) => `${folder}/${path}`);
  tree.insertBefore("tsconfig.json", / {4}\{ "path": "packages\/predictor" \}/, `    { "path": "${folder}" },\n`);
  tree.insertBefore(
    "README.md",
    /\| \[`@sonde\/infinite-width`\]/,
    `| [\`${scoped}\`](${folder}) | the mean ${words} of the activations, layer by layer |\n`,
  );
  tree.edit("apps/cli/package.json", ({ dependencies }) => {
    dependencies[scoped] = "workspace:^";
    for (const key of Object.keys(dependencies).sort()) {
      const value = dependencies[key];
      delete dependencies[key];
      dependencies[key] = value;
    }
  });
  tree.insertBefore(
    "apps/cli/tsconfig.json",
    / {4}\{ "path": "\.\.\/\.\.\/packages\/nets" \}/,
    `    { "path": "../../${folder}" },\n`,
  );
  tree.insertBefore("apps/cli/src/worker.ts", /import \{ serveWorker \}/, `import { ${camel}Metric } from "${scoped}";\n`);
  tree.insertBefore("apps/cli/src/worker.ts", /(?<=serveWorker\(\[)/, `${camel}Metric, `);
  tree.add(
    `.changeset/${name}.md`,
    `---\n"${scoped}": minor\n"@sonde/cli": minor\n---\n\n\`${scoped}\` measures the mean ${words} of the activations of random networks, layer by layer.\n`,
  );
}
