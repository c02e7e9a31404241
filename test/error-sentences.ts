// Sentences that errors and warnings of a source file say, read from its syntax tree. Knows no translation.
import ts from "typescript";

/** A sentence of an error, with `x` for each value that it fills in, and the fact that holds it. */
export interface Sentence {
  readonly fact: string;
  readonly text: string;
}

const facts = /^(operation|problem|expected|got|hint|message|reason)$/;
const saysFacts = /\b(operation|problem|expected|got|hint|message|reason|warning|warn|Error|onGuess|said)\b/;
/** Functions that say a warning: all their texts are read. */
const warns = /^(onGuess|options\.onGuess|warnings\.push|warn|onWarning)$/;

type Scoped = ts.FunctionDeclaration | ts.ArrowFunction | ts.FunctionExpression | ts.MethodDeclaration;
/** Which fact each argument of a function becomes; `undefined` where none. */
type Helper = readonly (string | undefined)[];

const isFunction = (node: ts.Node): node is Scoped =>
  ts.isFunctionDeclaration(node) ||
  ts.isArrowFunction(node) ||
  ts.isFunctionExpression(node) ||
  ts.isMethodDeclaration(node);

/** The tree, with what is declared in it. */
interface Parsed {
  readonly nodes: readonly ts.Node[];
  readonly values: ReadonlyMap<string, readonly ts.Expression[]>;
  readonly functions: ReadonlyMap<string, readonly Scoped[]>;
  readonly imports: ReadonlySet<string>;
  readonly exports: ReadonlySet<string>;
}

const nameOf = (node: ts.Node): string =>
  ts.isIdentifier(node) || ts.isStringLiteral(node)
    ? node.text
    : ts.isPropertyAccessExpression(node)
      ? `${nameOf(node.expression)}.${node.name.text}`
      : "";

function parse(path: string, text: string): Parsed {
  const [nodes, imports, exports]: [ts.Node[], Set<string>, Set<string>] = [[], new Set(), new Set()];
  const [values, functions] = [new Map<string, ts.Expression[]>(), new Map<string, Scoped[]>()];
  const add = <V>(map: Map<string, V[]>, name: string, value: V) => map.set(name, [...(map.get(name) ?? []), value]);
  const visit = (node: ts.Node): void => {
    nodes.push(node);
    if (ts.isImportSpecifier(node)) imports.add(node.name.text);
    if (ts.isFunctionDeclaration(node) && node.name) add(functions, node.name.text, node);
    if (ts.isVariableDeclaration(node) && node.initializer) {
      const { name, initializer } = node;
      if (ts.isIdentifier(name))
        if (isFunction(initializer)) add(functions, name.text, initializer);
        else add(values, name.text, initializer);
      else
        for (const element of name.elements)
          if (ts.isBindingElement(element)) add(values, nameOf(element.name), initializer);
    }
    ts.forEachChild(node, visit);
  };
  const jsDocParsingMode = ts.JSDocParsingMode.ParseNone;
  const source = ts.createSourceFile(path, text, { languageVersion: ts.ScriptTarget.Latest, jsDocParsingMode });
  visit(source);
  for (const node of source.statements) {
    if (!ts.canHaveModifiers(node) || !ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword))
      continue;
    if (ts.isFunctionDeclaration(node) && node.name) exports.add(node.name.text);
    if (ts.isVariableStatement(node))
      for (const { name } of node.declarationList.declarations) exports.add(nameOf(name));
  }
  return { nodes, values, functions, imports, exports };
}

/** Names that an expression hands on, and whether whole (`problem ?? "…"`) or as a part (`${name}: …`). */
function handedOn(node: ts.Expression, whole = true): readonly [name: string, whole: boolean][] {
  if (ts.isIdentifier(node)) return [[node.text, whole]];
  if (ts.isConditionalExpression(node)) return [node.whenTrue, node.whenFalse].flatMap((each) => handedOn(each, whole));
  if (ts.isBinaryExpression(node)) return [node.left, node.right].flatMap((each) => handedOn(each, whole));
  if (ts.isParenthesizedExpression(node) || ts.isNonNullExpression(node)) return handedOn(node.expression, whole);
  if (ts.isTemplateExpression(node)) return node.templateSpans.flatMap((span) => handedOn(span.expression, false));
  if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression))
    return handedOn(node.expression.expression, whole); // reason.slice(0, 500)
  return [];
}

/** Facts that a node states: properties of an object, and arguments of functions that make errors. */
function statedAt(
  node: ts.Node,
  helpers: ReadonlyMap<string, Helper>,
): readonly [fact: string, value: ts.Expression][] {
  if (ts.isPropertyAssignment(node) && facts.test(nameOf(node.name))) return [[nameOf(node.name), node.initializer]];
  if (ts.isShorthandPropertyAssignment(node) && facts.test(node.name.text)) return [[node.name.text, node.name]];
  if (ts.isObjectLiteralExpression(node)) return warningText(node);
  if (ts.isArrayLiteralExpression(node)) {
    // a condition of a recipe: [is, ["section", "key"], message]
    const [, path, message, ...more] = node.elements;
    return path && message && more.length === 0 && ts.isArrayLiteralExpression(path) ? [["message", message]] : [];
  }
  if (ts.isNewExpression(node) && nameOf(node.expression) === "Error")
    return (node.arguments ?? []).slice(0, 1).map((value) => ["message", value]);
  if (!ts.isCallExpression(node)) return [];
  const name = nameOf(node.expression);
  if (warns.test(name)) return node.arguments.map((value) => ["warning", value]);
  const helper = helpers.get(name);
  return node.arguments.flatMap((value, i) => (helper?.[i] ? [[helper[i], value] as [string, ts.Expression]] : []));
}

/** The text of an event `{ kind: "warning", text }`. */
function warningText({ properties }: ts.ObjectLiteralExpression): readonly [fact: string, value: ts.Expression][] {
  const values = new Map(
    properties.flatMap((each) =>
      ts.isPropertyAssignment(each) ? [[nameOf(each.name), each.initializer] as const] : [],
    ),
  );
  const [kind, text] = [values.get("kind"), values.get("text")];
  return kind && text && ts.isStringLiteral(kind) && kind.text === "warning" ? [["warning", text]] : [];
}

/** Which facts a function's parameters become. */
function helperOf(body: Scoped, helpers: ReadonlyMap<string, Helper>, constants: Parsed["values"]): Helper {
  const parameters = body.parameters.map(({ name }) => nameOf(name));
  const helper: (string | undefined)[] = parameters.map(() => undefined);
  const visit = (node: ts.Node): void => {
    for (const [fact, value] of statedAt(node, helpers))
      for (const [name, whole] of handedOn(value)) {
        const own = parameters.includes(name)
          ? []
          : (constants.get(name) ?? []).flatMap((each) => handedOn(each, whole));
        for (const [handed, asItIs] of [[name, whole] as const, ...own]) {
          const at = parameters.indexOf(handed);
          if (at >= 0) helper[at] ??= asItIs ? fact : "part";
        }
      }
    ts.forEachChild(node, visit);
  };
  if (body.body && parameters.length > 0) visit(body.body);
  return helper;
}

/** Functions of a file whose parameters become facts, directly or through another such function. */
function helpersOf({ functions, values }: Parsed, known: ReadonlyMap<string, Helper>): ReadonlyMap<string, Helper> {
  const found = new Map(known);
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const [name, bodies] of functions) {
      if (found.has(name) && !known.has(name)) continue;
      const helper = bodies.map((body) => helperOf(body, found, values)).find((each) => each.some(Boolean));
      if (helper) found.set(name, helper);
    }
  }
  return found;
}

/** Words between which a sentence chooses, `deleted ? "deleted" : "cut short"`; `x` for a value that it fills in. */
function wordsChosen(node: ts.Expression): readonly string[] {
  const words = ts.isConditionalExpression(node) ? [node.whenTrue, node.whenFalse] : [];
  const texts = words.flatMap((word) => (ts.isStringLiteral(word) && word.text.length > 2 ? [word.text] : []));
  return texts.length === 2 ? texts : ["x"];
}

/** Files that export a function of this name. */
type Exporters = ReadonlyMap<string, readonly Parsed[]>;

/** Texts that an expression may come to. */
function textsOf(node: ts.Node, parsed: Parsed, exporters: Exporters, depth = 0): readonly string[] {
  const inner = (child: ts.Node) => textsOf(child, parsed, exporters, depth + 1);
  if (depth > 8) return [];
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return [node.text];
  if (ts.isTemplateExpression(node))
    return node.templateSpans
      .reduce(
        (begun, { expression, literal }) =>
          begun.flatMap((text) => wordsChosen(expression).map((word) => `${text}${word}${literal.text}`)),
        [node.head.text],
      )
      .map((text) => text.replace(/(\w)x$/, "$1"));
  if (ts.isConditionalExpression(node)) return [node.whenTrue, node.whenFalse].flatMap(inner);
  if (ts.isBinaryExpression(node)) return [node.left, node.right].flatMap(inner);
  if (ts.isParenthesizedExpression(node) || ts.isNonNullExpression(node) || ts.isAsExpression(node))
    return inner(node.expression);
  if (ts.isSatisfiesExpression(node)) return inner(node.expression);
  if (ts.isArrayLiteralExpression(node)) return node.elements.flatMap(inner);
  if (ts.isObjectLiteralExpression(node))
    return node.properties.flatMap((p) => (ts.isPropertyAssignment(p) ? inner(p.initializer) : []));
  if (ts.isElementAccessExpression(node)) return inner(node.expression);
  if (ts.isIdentifier(node)) return (parsed.values.get(node.text) ?? []).flatMap(inner);
  if (ts.isCallExpression(node)) {
    const name = nameOf(node.expression);
    const files = parsed.functions.has(name) || !parsed.imports.has(name) ? [parsed] : (exporters.get(name) ?? []);
    return files.flatMap((file) =>
      (file.functions.get(name) ?? []).flatMap(returned).flatMap((value) => textsOf(value, file, exporters, depth + 1)),
    );
  }
  return [];
}

function returned(body: Scoped): readonly ts.Expression[] {
  if (!body.body) return [];
  if (!ts.isBlock(body.body)) return [body.body];
  const found: ts.Expression[] = [];
  const visit = (node: ts.Node): void => {
    if (isFunction(node)) return;
    if (ts.isReturnStatement(node) && node.expression) found.push(node.expression);
    ts.forEachChild(node, visit);
  };
  visit(body.body);
  return found;
}

/**
 * Sentences of the errors and warnings of each file. A function that takes a problem, a remedy or what was expected as an argument is
 * found by itself, in other files too where its name is imported.
 * @param files path → text
 */
export function errorSentences(files: ReadonlyMap<string, string>): ReadonlyMap<string, readonly Sentence[]> {
  const parsed = new Map<string, Parsed>();
  const shared = new Map<string, Helper>();
  // other files can only say what a function of these takes; to parse them all would take twice as long
  for (const [path, text] of files) if (saysFacts.test(text)) parsed.set(path, parse(path, text));
  for (const file of parsed.values())
    for (const [name, helper] of helpersOf(file, new Map())) if (file.exports.has(name)) shared.set(name, helper);
  const uses = new RegExp(`\\b(${[...shared.keys()].join("|") || "-"})\\(`);
  for (const [path, text] of files) if (!parsed.has(path) && uses.test(text)) parsed.set(path, parse(path, text));
  const exporters = new Map<string, Parsed[]>();
  for (const file of parsed.values())
    for (const name of file.exports) exporters.set(name, [...(exporters.get(name) ?? []), file]);
  return new Map([...parsed].map(([path, file]) => [path, sentencesOf(file, shared, exporters)]));
}

function sentencesOf(file: Parsed, shared: ReadonlyMap<string, Helper>, exporters: Exporters): readonly Sentence[] {
  const helpers = helpersOf(file, new Map([...shared].filter(([name]) => file.imports.has(name))));
  const stated = file.nodes.flatMap((node) => statedAt(node, helpers));
  return stated.flatMap(([fact, value]) => textsOf(value, file, exporters).map((text) => ({ fact, text })));
}
