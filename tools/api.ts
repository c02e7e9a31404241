// The names that the package gives out, entry by entry: read from the sources, without running or checking them.
import { readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import ts from "typescript";

/** A name and what it is; a namespace holds names of its own. */
type Exports = Map<string, "value" | "type" | Exports>;

const parsed = new Map<string, ts.SourceFile>();
function fileOf(path: string): ts.SourceFile {
  const known = parsed.get(path);
  if (known) return known;
  const file = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest, false);
  parsed.set(path, file);
  return file;
}

const isExported = (node: ts.Node): boolean =>
  ts.canHaveModifiers(node) && Boolean(ts.getModifiers(node)?.some((m) => m.kind === ts.SyntaxKind.ExportKeyword));

/** Names that a statement declares. */
function declared(node: ts.Statement): [string, "value" | "type"][] {
  if (ts.isVariableStatement(node))
    return node.declarationList.declarations.flatMap(({ name }) =>
      ts.isIdentifier(name) ? [[name.text, "value"]] : [],
    );
  if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return [[node.name.text, "type"]];
  if ((ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node) || ts.isEnumDeclaration(node)) && node.name)
    return [[node.name.text, "value"]];
  return [];
}

const found = new Map<string, Exports>();

function exportsOf(path: string): Exports {
  const known = found.get(path);
  if (known) return known;
  const out: Exports = new Map();
  found.set(path, out);
  for (const node of fileOf(path).statements) {
    if (isExported(node)) for (const [name, kind] of declared(node)) out.set(name, kind);
    if (!ts.isExportDeclaration(node)) continue;
    const from =
      node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier) ? node.moduleSpecifier.text : undefined;
    const source = from?.startsWith(".") ? exportsOf(join(dirname(path), from)) : undefined;
    const clause = node.exportClause;
    if (!clause)
      for (const [name, kind] of source ?? []) out.set(name, node.isTypeOnly && kind === "value" ? "type" : kind);
    else if (ts.isNamespaceExport(clause)) out.set(clause.name.text, source ?? new Map());
    else
      for (const { name, propertyName, isTypeOnly } of clause.elements) {
        const kind = source?.get((propertyName ?? name).text) ?? "value";
        out.set(name.text, (node.isTypeOnly || isTypeOnly) && kind === "value" ? "type" : kind);
      }
  }
  return out;
}

function lines(names: Exports, before = ""): string[] {
  return [...names]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, kind]) =>
      kind instanceof Map ? lines(kind, `${before}${name}.`) : [`${before}${name}${kind === "type" ? " (type)" : ""}`],
    );
}

/**
 * The public names, a line each. Of later entries only those that the first has not.
 * @param entries files that the package gives out
 * @example publicApi(["src/web.ts"]).includes("openServedRun") // true
 */
export function publicApi([first, ...others]: readonly [string, ...string[]]): string {
  const common = lines(exportsOf(first));
  const part = (entry: string, names: readonly string[]) => [`# ${relative(".", entry)}`, ...names, ""].join("\n");
  const more = (entry: string) => lines(exportsOf(entry)).filter((name) => !common.includes(name));
  return [part(first, common), ...others.map((entry) => part(entry, more(entry)))].join("\n");
}

/** A function that an entry gives out, and what is missing in its TSDoc. */
export interface DocFault {
  readonly name: string;
  readonly problem: string;
}

const functionOf = (node: ts.Statement): [name: string, body: ts.Node][] => {
  if (ts.isFunctionDeclaration(node) && node.name) return [[node.name.text, node]];
  if (!ts.isVariableStatement(node)) return [];
  return node.declarationList.declarations.flatMap(({ name, initializer }) =>
    ts.isIdentifier(name) && initializer && (ts.isArrowFunction(initializer) || ts.isFunctionExpression(initializer))
      ? [[name.text, initializer] as [string, ts.Node]]
      : [],
  );
};

/** Whether a function throws by itself, not in a function within it. */
const throwsItself = (body: ts.Node): boolean =>
  ts.forEachChild(body, (node) =>
    ts.isThrowStatement(node) ? true : !ts.isFunctionLike(node) && throwsItself(node),
  ) ?? false;

/** Exported functions of files without a TSDoc that ends its first line of text with a mark, or without `@throws` where they throw. */
export function docFaults(texts: ReadonlyMap<string, string>): DocFault[] {
  return [...texts].flatMap(([path, text]) =>
    ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true).statements.flatMap((node) => {
      if (!isExported(node)) return [];
      const doc = ts.getJSDocCommentsAndTags(node).findLast(ts.isJSDoc);
      const words = ts.getTextOfJSDocComment(doc?.comment) ?? "";
      return functionOf(node).flatMap(([name, body]): DocFault[] => [
        ...(doc ? [] : [{ name, problem: "has no TSDoc" }]),
        ...(doc && words && !/[.:!?)]$/.test(words.trim())
          ? [{ name, problem: "has a TSDoc that is no sentence" }]
          : []),
        ...(doc && throwsItself(body) && !/@throws/.test(doc.getText()) ? [{ name, problem: "has no @throws" }] : []),
      ]);
    }),
  );
}

/** Files that entries gather, by their paths. */
export function gathered(entries: readonly string[]): ReadonlyMap<string, string> {
  for (const entry of entries) exportsOf(entry);
  return new Map([...parsed].map(([path, file]) => [path, file.text]));
}
