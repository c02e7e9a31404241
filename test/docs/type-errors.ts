// Type errors of code in pages: each block is a module of its own that sees the package as a user does. Writes no file.
import { join } from "node:path";
import ts from "typescript";

const settings: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  lib: ["lib.es2023.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  moduleDetection: ts.ModuleDetectionKind.Force,
  types: ["node"],
  strict: true,
  noImplicitAny: false, // JavaScript blocks are checked too
  skipLibCheck: true,
  noEmit: true,
  allowImportingTsExtensions: true,
  paths: {
    "@concord-ai/concord": ["./src/index.ts"],
    "@concord-ai/concord/node": ["./src/node.ts"],
    "@concord-ai/concord/web": ["./src/web.ts"],
  },
};

/** @returns `page:line: message` of each error in the blocks */
export function typeErrors(blocks: readonly { readonly at: string; readonly text: string }[]): string[] {
  const root = process.cwd();
  const files = new Map(blocks.map(({ text }, i) => [join(root, `docs-block-${i}.mts`), text]));
  const host = ts.createCompilerHost(settings);
  const { getSourceFile, fileExists, readFile } = host;
  host.getSourceFile = (name, ...rest) =>
    files.has(name) ? ts.createSourceFile(name, files.get(name)!, settings.target!) : getSourceFile(name, ...rest);
  host.fileExists = (name) => files.has(name) || fileExists(name);
  host.readFile = (name) => files.get(name) ?? readFile(name);
  const program = ts.createProgram([...files.keys()], settings, host);
  return [...files.keys()].flatMap((name, i) => {
    const source = program.getSourceFile(name)!;
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
      (fault) => `${blocks[i]!.at}: ${ts.flattenDiagnosticMessageText(fault.messageText, " ")}`,
    );
  });
}
