// npm pack into empty projects, as users have them: scripts on and off, nothing of this repository's .npmrc. A table becomes a model there;
// the README's code runs; without optional packages nothing native is there, and what needs it says so. Needs `npm run build` and a registry.
import { type SpawnSyncReturns, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { transform } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import { mailTable } from "../../examples/spam/mail.ts";

const home = mkdtempSync(join(tmpdir(), "concord-pack-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** Without what npm sets for this process: settings of this repository's .npmrc, such as ignore-scripts. */
const ownEnvironment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^npm_|^INIT_CWD$/i.test(name)),
);

function run(cwd: string, command: string, ...args: string[]): SpawnSyncReturns<string> {
  return spawnSync(command, args, { cwd, encoding: "utf8", maxBuffer: 2 ** 26, env: ownEnvironment });
}
function succeeds(cwd: string, command: string, ...args: string[]): string {
  const { status, stdout, stderr } = run(cwd, command, ...args);
  expect(status, `${command} ${args.join(" ")}\n${stdout}\n${stderr}`).toBe(0);
  return stdout;
}

let packed: { filename: string; size: number; files: { path: string }[] };
/** Projects, by how npm installs the package there. */
const [whole, quiet, lean] = [join(home, "whole"), join(home, "quiet"), join(home, "lean")];
beforeAll(() => {
  [packed] = JSON.parse(succeeds(".", "npm", "pack", "--json", "--pack-destination", home)) as [typeof packed];
  for (const [folder, options] of [
    [whole, []], // scripts on: where their host cannot be reached, npm removes onnxruntime-node
    [quiet, ["--ignore-scripts"]],
    [lean, ["onnxruntime-web", "--ignore-scripts", "--omit=optional"]],
  ] as const) {
    mkdirSync(folder);
    writeFileSync(join(folder, "package.json"), '{ "name": "user", "private": true, "type": "module" }\n');
    const flags = ["--prefer-offline", "--no-audit", "--no-fund", ...options];
    succeeds(folder, "npm", "install", join(home, packed.filename), ...flags);
  }
});

test.each([
  ["scripts on", whole],
  ["scripts off", quiet],
])("with %s a table becomes a model that answers: init, run, predict", (_name, folder) => {
  writeFileSync(join(folder, "mails.csv"), mailTable());
  const shown = run(folder, "npx", "concord", "init", "mails.csv", "--yes");
  expect(shown.status, shown.stderr).toBe(0);
  expect(`${shown.stdout}${shown.stderr}`).toContain("npx concord run");
  succeeds(folder, "npx", "concord", "run", "recipe.yaml", "--quiet");
  expect(readdirSync(join(folder, "runs/mails"))).toContain("report.html");
  expect(succeeds(folder, "npx", "concord", "predict", "runs/mails", "Dear friend, claim your prize now")).toMatch(
    /^(ham|spam) +[01]\.\d+/,
  );
  expect(succeeds(folder, "npx", "concord", "doctor")).toMatch(/✓ 1\.\d+\.\d+ \(cpu/);
  console.log(
    `onnxruntime-node in ${folder}: ${existsSync(join(folder, "node_modules/onnxruntime-node")) ? "installed" : "removed by npm, the kept copy is used"}`,
  );
});

test("the model serves over HTTP and gRPC from two processes, is watched, and stops on SIGTERM", async () => {
  const options = ["--unsigned", "--port", "0", "--grpc-port", "0", "--watch", "watch.sqlite", "--replicas", "2"];
  const program = join(whole, "node_modules/@concord-ai/concord/dist/bundle/cli/start.cjs");
  const server = spawn(process.execPath, [program, "serve", "runs/mails", ...options], {
    cwd: whole,
    env: ownEnvironment,
  });
  let said = "";
  const url = await new Promise<string>((resolve, reject) => {
    const hear = (data: Buffer) => {
      said += data;
      const [, found] = /(http:\S+)/.exec(said) ?? [];
      if (found) resolve(found);
    };
    server.stdout.on("data", hear);
    server.stderr.on("data", hear);
    server.once("exit", (code) => reject(new Error(`ended with ${code}: ${said}`)));
  });
  const reply = await fetch(`${url}/predict`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ text: "Dear friend, claim your prize now", explain: true }),
  });
  expect(reply.status).toBe(200);
  expect(await reply.json()).toMatchObject({ answers: [{ explanation: { method: "integratedGradients" } }] });
  expect((await fetch(`${url}/monitor`)).status).toBe(200);
  const ended = new Promise((resolve) => server.once("exit", resolve));
  server.kill("SIGTERM");
  expect(await ended).toBe(0);
});

test("the package holds the built sources, the schema and the encoder, and nothing else", () => {
  const paths = packed.files.map((f) => f.path);
  expect(paths).toEqual(
    expect.arrayContaining([
      "README.md",
      "schema/recipe.schema.json",
      "dist/bundle/cli/start.cjs",
      "dist/bundle/licences.txt",
      "dist/sbom.cdx.json",
      "dist/src/node.d.ts",
    ]),
  );
  expect(
    paths.filter(
      (path) =>
        !/^(dist\/(src|bundle)\/|dist\/sbom\.cdx\.json$|schema\/|models\/encoder-en\/(README\.md|[\w]+\.json|model\.safetensors)$|tools\/keep-native\.cjs$|README(\.zh)?\.md$|LICENSE$|package\.json$)/.test(
          path,
        ),
    ),
  ).toEqual([]);
  expect(paths.filter((path) => /\.test\.|\/bench\//.test(path))).toEqual([]);
  console.log(`${paths.length} files, ${Math.round(packed.size / 1024)} KiB packed`);
});

const setUp = `
import { data, formats, models, random } from "@concord-ai/concord";
import { saveModel } from "@concord-ai/concord/node";
import { finetune } from "./finetune.js";
const parts = { throat: ["a sore throat", "喉咙痛"], knee: ["my knee hurts", "膝盖疼"] };
const rows = Array.from({ length: 60 }, (_, i) => {
  const label = i % 2 ? "throat" : "knee";
  return { label, text: parts[label][(i >> 1) % 2] + " since day " + i };
});
const file = data.trainWordPiece(rows.map((r) => r.text), { vocabSize: 120 });
const tokenizer = await data.jsTokenizer(file);
const config = { model_type: "bert", architectures: ["BertModel"], vocab_size: tokenizer.vocabSize, hidden_size: 32, num_hidden_layers: 1,
  num_attention_heads: 2, intermediate_size: 64, max_position_embeddings: 64, type_vocab_size: 2 };
const model = models.modelOf(formats.configOf(config, "config.json"));
await saveModel("base", model, models.initialise(model, random(1)), { "tokenizer.json": JSON.stringify(file) });
console.log(await finetune("base", rows, "run"));
`;

test("the README's lines run there, and the command line answers with the model they made", async () => {
  const block = /<!-- examples\/finetune\.ts -->\n```ts\n([\s\S]*?)```/.exec(
    readFileSync("docs/library.md", "utf8"),
  )![1]!;
  writeFileSync(join(whole, "finetune.js"), (await transform(block, { loader: "ts" })).code);
  writeFileSync(join(whole, "main.js"), setUp);
  expect(succeeds(whole, process.execPath, "main.js")).toMatch(/knee +\d\.\d\d +\d\.\d\d/);
  expect(succeeds(whole, "npx", "concord", "predict", "run/model", "my knee hurts")).toMatch(/^(knee|throat) 0\.\d+/);
  const facts = JSON.parse(succeeds(whole, "npx", "concord", "inspect", "run/model", "--json"));
  expect(facts).toMatchObject({ kind: "model" });
});

/** Native modules in a project. */
const natives = (folder: string): string[] =>
  readdirSync(join(folder, "node_modules"), { recursive: true })
    .map(String)
    .filter((path) => path.endsWith(".node"));

test("without optional packages nothing native is installed; models still answer, on WebAssembly", () => {
  expect(natives(whole).length).toBeGreaterThan(0);
  expect(natives(lean)).toEqual([]);
  const base = join(whole, "run/model");
  writeFileSync(
    join(lean, "main.js"),
    `import { readFileSync } from "node:fs";
import { createWasmRuntime } from "@concord-ai/concord/web";
import { predict } from "@concord-ai/concord";
import { loadModel, openTokenizer } from "@concord-ai/concord/node";
const { model, weights } = await loadModel(${JSON.stringify(base)});
const tokenizer = await openTokenizer(${JSON.stringify(base)});
const predictor = await predict.textPredictor(model, weights, tokenizer, createWasmRuntime({ threads: 1 }));
console.log(JSON.stringify(await predictor.answers(["my knee hurts"])));
process.exit(0);
`,
  );
  const [answer] = JSON.parse(succeeds(lean, process.execPath, "main.js"));
  const line = succeeds(whole, "npx", "concord", "predict", "run/model", "my knee hurts", "--json");
  const native = JSON.parse(line);
  expect(answer.label).toBe(native.label);
  expect(answer.ranked[0].probability).toBeCloseTo(native.labels[0].probability, 5);
});

test("what needs a package that is absent names it, and how to get it", () => {
  const { status, stderr } = run(lean, "npx", "concord", "predict", join(whole, "run/model"), "hello");
  expect(status).toBe(69);
  expect(stderr).toMatch(/E_DEPENDENCY[\s\S]*npm install onnxruntime-node/);
  expect(succeeds(lean, "npx", "concord", "--help")).toContain("predict");
});
