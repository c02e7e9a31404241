// What a TypeScript file imports and which ambient things of the machine it touches, from its syntax tree. Knows no rule.
import ts from "typescript";

/** One import, export-from or `import()` with a literal name. */
export interface ImportFact {
  readonly specifier: string;
  readonly line: number;
}

/** A use of the machine that a pure file must not make: `Date.now`, `process`, `Math.random` … */
export interface AmbientFact {
  readonly what: string;
  readonly line: number;
}

export interface FileFacts {
  readonly imports: readonly ImportFact[];
  readonly ambient: readonly AmbientFact[];
}

const ambientNames = new Set([
  "process",
  "performance",
  "fetch",
  "require",
  "XMLHttpRequest",
  "WebSocket",
  "localStorage",
]);
const ambientMembers = new Set(["Date.now", "Math.random", "crypto.getRandomValues", "crypto.randomUUID"]);

/** Parses one file. @param path for messages of the compiler only */
export function factsOf(path: string, text: string): FileFacts {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true);
  const imports: ImportFact[] = [];
  const used: (AmbientFact & { root: string })[] = [];
  const declared = new Set<string>();
  const lineOf = (node: ts.Node) => source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
  const visit = (node: ts.Node) => {
    const specifier = specifierOf(node);
    if (specifier) imports.push({ specifier: specifier.text, line: lineOf(node) });
    const name = declaredName(node);
    if (name) declared.add(name);
    const what = ambientUse(node);
    if (what) used.push({ what, root: what.split(/\W/)[0]!, line: lineOf(node) });
    // Types do not run: `typeof process` in a type, or an interface, touches nothing.
    if (!ts.isTypeNode(node) && !ts.isInterfaceDeclaration(node)) ts.forEachChild(node, visit);
    else ts.forEachChild(node, visitType);
  };
  const visitType = (node: ts.Node) => {
    const specifier = specifierOf(node);
    if (specifier) imports.push({ specifier: specifier.text, line: lineOf(node) });
    ts.forEachChild(node, visitType);
  };
  visit(source);
  return { imports, ambient: used.filter(({ root }) => !declared.has(root)).map(({ what, line }) => ({ what, line })) };
}

function specifierOf(node: ts.Node): ts.StringLiteralLike | undefined {
  if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier)
    return node.moduleSpecifier as ts.StringLiteral;
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
    return node.argument.literal as ts.StringLiteral;
  const argument = ts.isCallExpression(node) ? node.arguments[0] : undefined;
  if (!argument || !ts.isStringLiteralLike(argument)) return undefined;
  const { expression } = node as ts.CallExpression;
  const loads =
    expression.kind === ts.SyntaxKind.ImportKeyword ||
    /^(require|require\.resolve|import\.meta\.resolve)$/.test(expression.getText());
  return loads ? argument : undefined;
}

function declaredName(node: ts.Node): string | undefined {
  const declares =
    ts.isVariableDeclaration(node) ||
    ts.isParameter(node) ||
    ts.isBindingElement(node) ||
    ts.isFunctionDeclaration(node) ||
    ts.isImportSpecifier(node) ||
    ts.isImportClause(node);
  return declares && node.name && ts.isIdentifier(node.name) ? node.name.text : undefined;
}

function ambientUse(node: ts.Node): string | undefined {
  if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression)) {
    const member = `${node.expression.text}.${node.name.text}`;
    if (ambientMembers.has(member)) return member;
    if (node.expression.text === "globalThis" && ambientNames.has(node.name.text))
      return `globalThis.${node.name.text}`;
  }
  if (ts.isNewExpression(node) && node.expression.getText() === "Date" && !node.arguments?.length) return "new Date()";
  if (!ts.isIdentifier(node) || !ambientNames.has(node.text)) return undefined;
  const { parent } = node;
  const isProperty =
    (ts.isPropertyAccessExpression(parent) && parent.name === node) ||
    ((ts.isPropertyAssignment(parent) ||
      ts.isMethodDeclaration(parent) ||
      ts.isPropertySignature(parent) ||
      ts.isPropertyDeclaration(parent) ||
      ts.isMethodSignature(parent)) &&
      parent.name === node) ||
    (ts.isBindingElement(parent) && parent.propertyName === node);
  return isProperty ? undefined : node.text;
}
