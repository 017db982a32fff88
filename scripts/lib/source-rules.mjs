import { readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { relative } from "node:path";
import ts from "typescript";
import { root } from "./root.mjs";
import { filesUnder, libraries } from "./workspace.mjs";

/** What every engine computes to the same last bit. */
const exactMath = new Set(["sqrt", "abs", "min", "max", "floor", "ceil", "round", "trunc", "sign", "fround", "imul", "clz32"]);

/** Uses of `Math` in the packages that engines round differently, one line each; core/math has portable versions. */
export function unportableMath() {
  return visitSources((node) => {
    if (
      ts.isBinaryExpression(node) &&
      node.operatorToken.kind === ts.SyntaxKind.AsteriskAsteriskToken &&
      !/^[24]$/.test(node.left.getText())
    )
      return "** differs between engines in the last bit unless its base is 2 or 4; use a product or pow of @sonde/core/math";
    if (!ts.isIdentifier(node) || node.text !== "Math") return;
    const { parent } = node;
    if (ts.isPropertyAccessExpression(parent) && parent.name === node) return;
    const member = ts.isPropertyAccessExpression(parent) && parent.expression === node ? parent.name.text : undefined;
    if (member === undefined) return "use Math only as Math.name, so that this rule can read it";
    if (!exactMath.has(member) && member !== member.toUpperCase())
      return `Math.${member} differs between engines in the last bit; import it from @sonde/core/math`;
  });
}

/** Imports of Node's modules outside of node.ts, *-node.ts and node/, one line each: everything else must load in a browser. */
export function nodeImports() {
  return visitSources((node, file) => {
    if (/[/-]node(\.ts$|\/)/.test(file.slice(file.lastIndexOf("/src/")))) return;
    const name = importedModule(node);
    if (name?.startsWith("node:") || builtinModules.includes(name))
      return `only files named node.ts or *-node.ts or in a folder node may import ${name}; move this there, behind a sub-path`;
  });
}

function importedModule(node) {
  const isImport = ts.isImportDeclaration(node) || ts.isExportDeclaration(node);
  if (isImport && node.moduleSpecifier && !node.importClause?.isTypeOnly) return node.moduleSpecifier.text;
  if (
    ts.isCallExpression(node) &&
    node.expression.kind === ts.SyntaxKind.ImportKeyword &&
    ts.isStringLiteralLike(node.arguments[0])
  )
    return node.arguments[0].text;
}

/** Applies a rule to every node of every library source; the lines say where and what. */
function visitSources(rule) {
  const problems = [];
  for (const { home } of libraries())
    for (const file of filesUnder(`${home}/src`, ".ts")) {
      const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.ES2022, true);
      const visit = (node) => {
        const problem = rule(node, file);
        if (problem) {
          const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
          problems.push(`${relative(root, file)}:${line + 1}: ${problem}`);
        }
        ts.forEachChild(node, visit);
      };
      visit(source);
    }
  return problems.join("\n");
}
