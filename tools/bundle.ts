// Makes dist/bundle of dist/src: what Node loads, as few files, because loading a thousand small ones takes longer than a model. npm run build runs
// it after the compiler. Bundlers of pages get dist/src (package.json, exports): they leave out what a page does not use.
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { transform } from "esbuild";
import { type OutputChunk, rolldown } from "rolldown";

const root = fileURLToPath(new URL("..", import.meta.url));
const [source, target] = [join(root, "dist", "src"), join(root, "dist", "bundle")];

/** What programs import, and files that start a process or a thread: their names end with `main` or `worker`. */
const starts = readdirSync(source, { recursive: true, encoding: "utf8" }).filter((path) =>
  /\b(main|worker)\.js$/.test(path),
);
const entries = ["index.js", "node.js", "web.js", ...starts.map((path) => path.replace(/\\/g, "/"))];

/** Rooms whose modules register themselves when they are loaded: they are taken whole. */
const registering = ["graph", "network"];

interface Package {
  readonly optionalDependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
}
const { optionalDependencies, peerDependencies } = JSON.parse(
  readFileSync(join(root, "package.json"), "utf8"),
) as Package;

/** Packages that hold native code, or may be absent, or look for others themselves. */
const apart = [...Object.keys(optionalDependencies), ...Object.keys(peerDependencies), "pg", "#onnxruntime-web"];
const isApart = (id: string): boolean => apart.some((name) => id === name || id.startsWith(`${name}/`));

/** Where a name that a file exports is defined: the file, and its name there. */
type Origin = readonly [file: string, name: string];

const known = new Map<string, Map<string, Origin>>();

/** `a, b as c` → pairs. */
const pairsOf = (names: string): [name: string, as: string][] =>
  names
    .split(",")
    .map((part) => part.trim().split(" as "))
    .filter(([name]) => name)
    .map(([name, as = name]) => [name!, as!]);

/** What a compiled file exports. The compiler writes each statement on a line of its own. */
function exportsOf(file: string): Map<string, Origin> {
  const kept = known.get(file);
  if (kept) return kept;
  const found = new Map<string, Origin>();
  known.set(file, found);
  const code = readFileSync(file, "utf8");
  for (const [, names, from] of code.matchAll(/^export \{([^}]*)\} from "(\.[^"]+)";$/gm))
    for (const [name, as] of pairsOf(names!)) found.set(as, originOf(resolve(dirname(file), from!), name));
  for (const [, from] of code.matchAll(/^export \* from "(\.[^"]+)";$/gm))
    for (const [name, origin] of exportsOf(resolve(dirname(file), from!)))
      if (!found.has(name)) found.set(name, origin);
  return found;
}

const originOf = (file: string, name: string): Origin => exportsOf(file).get(name) ?? [file, name];

/** Imports through a room's index become imports of the files that define what is taken: an index would bring the whole room. */
const direct = (code: string, file: string): string =>
  code.replace(/^import \{([^}]*)\} from "(\.[^"]+)";$/gm, (line, names: string, from: string) => {
    const index = resolve(dirname(file), from);
    if (registering.includes(relative(source, index).split(/[\\/]/)[0]!)) return line;
    return pairsOf(names)
      .map(([name, as]) => {
        const [origin, own] = originOf(index, name);
        const path = relative(dirname(file), origin).replace(/\\/g, "/");
        return `import { ${own === as ? own : `${own} as ${as}`} } from "${path.startsWith(".") ? path : `./${path}`}";`;
      })
      .join(" ");
  });

/** A module knows its place by `import.meta.url`: in a bundle it is still told the place that it has in dist/src. */
const placed = (code: string, file: string): string =>
  code.replaceAll("import.meta.url", `(bundleUrl + ${JSON.stringify(relative(source, file).replace(/\\/g, "/"))})`);
const banner = `const bundleUrl = import.meta.url.slice(0, import.meta.url.lastIndexOf("/dist/bundle/") + 13);`;

/** Licences of the packages inside, as they ask. */
function licences(files: readonly string[]): string {
  const folders = new Set(files.flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file) ?? []));
  const texts = [...folders].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
    return `${name} ${version} (${license})\n\n${file ? readFileSync(join(folder, file), "utf8").trim() : ""}\n`;
  });
  return texts.join(`\n${"-".repeat(80)}\n\n`);
}

rmSync(target, { recursive: true, force: true });
const build = await rolldown({
  input: Object.fromEntries(entries.map((entry) => [entry.slice(0, -3), join(source, entry)])),
  platform: "node",
  external: isApart,
  logLevel: "silent",
  plugins: [
    {
      name: "direct imports and places",
      transform: (code, id) => (id.startsWith(source) ? placed(direct(code, id), id) : undefined),
    },
  ],
});
const { output } = await build.generate({
  format: "esm",
  entryFileNames: "[name].js",
  chunkFileNames: "chunks/[name]-[hash].js",
});
const chunks = output.filter((one): one is OutputChunk => one.type === "chunk");
for (const { fileName, code } of chunks) {
  // without white space, and in ASCII, because a single character outside Latin-1 makes the engine keep two bytes for each of a file
  const small = await transform(code, {
    format: "esm",
    minifyWhitespace: true,
    legalComments: "none",
    charset: "ascii",
  });
  const path = join(target, fileName);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${banner}\n${small.code}`);
}
copyFileSync(join(source, "cli", "start.cjs"), join(target, "cli", "start.cjs"));
// what another interpreter runs, beside the module that starts it
const python = join("train", "node", "pytorch", "train.py");
for (const folder of [source, target]) {
  mkdirSync(dirname(join(folder, python)), { recursive: true });
  copyFileSync(join(root, "src", python), join(folder, python));
}
writeFileSync(join(target, "licences.txt"), licences(chunks.flatMap(({ moduleIds }) => moduleIds)));
if (!existsSync(join(target, "cli", "main.js"))) throw new Error("the bundle has no command line");
