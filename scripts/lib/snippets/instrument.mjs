import ts from "typescript";

/**
 * A TypeScript snippet as a JavaScript module that checks itself: where a top-level expression is followed by a comment on its line, the
 * comment is its expected value (for console.log: what it prints); comment lines directly below a statement that prints are what it printed.
 * `firstLine` is the line of the code in its file, for messages.
 */
export function instrument(code, firstLine) {
  const source = ts.createSourceFile("snippet.ts", code, ts.ScriptTarget.ES2022, true);
  const edits = [];
  for (const statement of source.statements) {
    const line = source.getLineAndCharacterOfPosition(statement.end).line;
    const start = statement.getStart(source);
    const isExpression = ts.isExpressionStatement(statement);
    const prints = /\bconsole\.\w+\(/.test(statement.getText(source));
    const expected = (isExpression && trailingComment(code, statement.end)) || (prints && commentBelow(code, statement.end));
    if (!expected) continue;
    const literal = `${JSON.stringify(expected)}, ${firstLine + line}`;
    if (prints) edits.push([statement.end, statement.end, `; __printed(${literal});`]);
    else edits.push([start, statement.end, `await __check(async () => (${statement.expression.getText(source)}), ${literal});`]);
  }
  let result = code;
  for (const [start, end, text] of edits.reverse()) result = result.slice(0, start) + text + result.slice(end);
  const options = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true };
  return ts.transpileModule(result, { compilerOptions: options }).outputText;
}

/** The comment after a statement on its line, continued on comment lines below while brackets stay open. */
function trailingComment(code, end) {
  const first = /^[ \t;]*\/\/ ?(.*)/.exec(code.slice(end));
  if (!first) return undefined;
  let expected = first[1];
  for (const next of linesBelow(code, end)) {
    if (balance(expected) <= 0) break;
    expected += `\n${next}`;
  }
  return expected.trim();
}

/** The comment lines directly below a statement. */
function commentBelow(code, end) {
  return linesBelow(code, end).join("\n") || undefined;
}

function linesBelow(code, end) {
  const lines = code.slice(end).split("\n").slice(1);
  const length = lines.findIndex((line) => !/^\s*\/\//.test(line));
  return lines.slice(0, length < 0 ? undefined : length).map((line) => line.replace(/^\s*\/\/ ?/, ""));
}

function balance(text) {
  return (text.match(/[[{(]/g) ?? []).length - (text.match(/[\]})]/g) ?? []).length;
}

/** The identifiers that a snippet mentions and neither imports nor declares at its top level. */
export function freeNames(code) {
  const source = ts.createSourceFile("snippet.ts", code, ts.ScriptTarget.ES2022, true);
  const mentioned = new Set();
  const declared = new Set();
  const visit = (node) => {
    if (ts.isIdentifier(node)) {
      const { parent } = node;
      const isMember = (ts.isPropertyAccessExpression(parent) || ts.isPropertyAssignment(parent)) && parent.name === node;
      if ("name" in parent && parent.name === node && !isMember && !ts.isShorthandPropertyAssignment(parent))
        declared.add(node.text);
      else if (!isMember) mentioned.add(node.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return [...mentioned].filter((name) => !declared.has(name));
}

/**
 * An ES module as a CommonJS one that exports the promise of its end: imports become require, and what may await moves into a function that
 * starts with `head`.
 */
export function toCommonJs(code, head) {
  const source = ts.createSourceFile("snippet.js", code, ts.ScriptTarget.ES2022, true);
  const requires = [];
  const body = [];
  for (const statement of source.statements) {
    const text = statement.getText(source);
    if (ts.isImportDeclaration(statement)) requires.push(requireCall(statement, source));
    else if (!ts.isExportDeclaration(statement)) body.push(text);
  }
  return `${requires.join("\n")}\nmodule.exports = (async () => {\n${head}\n${body.join("\n")}\n})();\n`;
}

function requireCall({ importClause, moduleSpecifier }, source) {
  const call = `require(${moduleSpecifier.getText(source)})`;
  const bindings = importClause?.namedBindings;
  if (!bindings) return `${call};`;
  if (ts.isNamespaceImport(bindings)) return `const ${bindings.name.text} = ${call};`;
  const names = bindings.elements.map((element) => element.getText(source).replace(" as ", ": "));
  return `const { ${names.join(", ")} } = ${call};`;
}
