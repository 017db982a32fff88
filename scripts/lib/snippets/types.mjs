import { join } from "node:path";
import ts from "typescript";
import { root } from "../root.mjs";

/**
 * What the compiler objects to in snippets `{ path, name, firstLine }`, one line each; `name` and `firstLine` say where the snippet at `path`
 * comes from.
 */
export function typeProblems(snippets) {
  const program = ts.createProgram(
    snippets.map(({ path }) => path),
    {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      types: ["node"],
      typeRoots: [join(root, "node_modules", "@types")],
    },
  );
  return snippets
    .flatMap(({ path, name, firstLine }) => {
      const source = program.getSourceFile(path);
      const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
      return found.map(({ start, messageText }) => {
        const { line } = source.getLineAndCharacterOfPosition(start ?? 0);
        return `${name}, line ${firstLine + line}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`;
      });
    })
    .join("\n");
}
