import { join, relative, sep } from "node:path";
import ts from "typescript";
import { root } from "./root.mjs";

/**
 * The public signatures of libraries, as Markdown, by their names: for every entry point, every exported name with its declaration, comments left out, sorted.
 * Read from the built declarations, all in one program.
 */
export function apiReports(libraries) {
  const entriesOf = ({ home, manifest }) =>
    Object.entries(manifest.exports)
      .filter(([, target]) => target.types)
      .map(([path, target]) => ({ path, file: join(home, target.types) }));
  const program = ts.createProgram(
    libraries.flatMap((library) => entriesOf(library).map(({ file }) => file)),
    { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext, skipLibCheck: true, types: [] },
  );
  return new Map(libraries.map((library) => [library.name, apiReport(library, entriesOf(library), program)]));
}

function apiReport({ name, home }, entries, program) {
  const checker = program.getTypeChecker();
  const sections = entries.map(({ path, file }) => {
    const source = program.getSourceFile(file);
    if (!source) throw new Error(`${relative(root, file)} is missing; run npm run build`);
    const module = checker.getSymbolAtLocation(source);
    const exported = module ? checker.getExportsOfModule(module) : [];
    const declarations = exported
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map((symbol) => declaration(symbol, checker, home))
      .join("\n\n");
    return `## \`${name}${path.slice(1)}\`\n\n\`\`\`ts no-run\n${declarations || "// nothing yet"}\n\`\`\`\n`;
  });
  return `# API of ${name}\n\nMade by \`npm run api\` from the built declarations; \`npm test\` compares.\n\n${sections.join("\n")}`;
}

const printer = ts.createPrinter({ removeComments: true });

function declaration(exported, checker, home) {
  const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
  const parts = symbol.declarations.map((node) => {
    const file = node.getSourceFile();
    const origin = relative(home, file.fileName);
    if (origin.startsWith("..")) return `// ${exported.name}: from ${packageOf(file.fileName)}`;
    const whole = ts.isVariableDeclaration(node) ? node.parent.parent : node;
    return printer.printNode(ts.EmitHint.Unspecified, whole, file).replace(/^(export )?(declare )?/, "");
  });
  const renamed = symbol.name === exported.name ? "" : `// exported as ${exported.name}\n`;
  return renamed + [...new Set(parts)].join("\n");
}

function packageOf(fileName) {
  const match = /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules\/)/.exec(fileName);
  return match ? match[1] : `@sonde/${relative(join(root, "packages"), fileName).split(sep)[0]}`;
}
