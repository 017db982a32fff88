/** A kind of layer that keeps the shape, known to the plain float64 executors; the compiler then names the theories that must say what they make of it. */
export function addLayer(tree, names) {
  const { name, camel, words } = names;
  const src = "packages/nets/src";
  tree.addTemplates("layer", names, (path) => `packages/nets/${path.replace(/^src\//, "src/layers/")}`);
  tree.insertBefore(
    `${src}/architecture.ts`,
    / {2}\| \{ readonly kind: "flatten" \}/,
    `  /** y = 2 x. */\n  | { readonly kind: "${name}" }\n`,
  );
  tree.insertBefore(`${src}/validate.ts`, / {2}flatten: \{ required/, `  "${name}": { required: none, optional: none },\n`);
  tree.insertBefore(`${src}/schema.ts`, / {4}of\("flatten"/, `    of("${name}", "y = 2 x.", [], {}),\n`);
  tree.insertBefore(`${src}/layers/operator-of.ts`, /import \{ normalise \}/, `import { ${camel} } from "./${name}.js";\n`);
  tree.insertBefore(`${src}/layers/operator-of.ts`, / {4}case "flatten"/, `    case "${name}":\n      return ${camel};\n`);
  for (const reason of ["whyNotInKernels", "whyNotBackInKernels", "whyNotInLawKernels"])
    tree.insertBefore(
      `${src}/ensemble/lanes/support.ts`,
      new RegExp(`(?<=function ${reason}\\([^]*?\\n) {2}if \\((layer|weights)`),
      `  if (layer.kind === "${name}") return \`\${path} is a layer of kind ${name}\`;\n`,
    );
  tree.insertBefore(
    `${src}/ensemble/lanes/program.ts`,
    / {8}case "softmax":/,
    `        case "${name}":\n          throw new TypeError("the kernels know no ${words}");\n`,
  );
  tree.add(`.changeset/${name}.md`, `---\n"@sonde/nets": minor\n---\n\nArchitectures may have layers of the kind \`${name}\`.\n`);
}
