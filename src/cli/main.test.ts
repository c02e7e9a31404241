// The command line as a user meets it: one recipe, run, stopped with Ctrl-C, resumed, asked for answers; faults end with their code.
import { EventEmitter } from "node:events";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { concord } from "../../test/command-line.ts";
import { random } from "../base/index.ts";

const home = mkdtempSync(join(tmpdir(), "concord-cli-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const rng = random(9);
const words = (list: string) => list.split(" ")[rng.int(list.split(" ").length)]!;
const filler = () =>
  Array.from({ length: 4 }, () =>
    words(
      "since then while my left right side old new work home stairs night morning cold warm rain walk sleep food tea",
    ),
  ).join(" ");
const lines = Array.from({ length: 300 }, (_, i) =>
  i % 2
    ? `my ${words("knee hip elbow wrist")} hurts ${words("badly today always")} ${filler()},joint,p${i >> 2}`
    : `I ${words("cough sneeze wheeze")} ${words("badly today always")} ${filler()},airways,p${i >> 2}`,
);
const rows = join(home, "rows.csv");
writeFileSync(rows, `text,label,patient\n${lines.join("\n")}\n`);
const recipe = join(home, "recipe.yaml");
writeFileSync(
  recipe,
  "version: 1\nname: small\ndata: { file: rows.csv }\nmodel: { scratch: { vocabulary: 200, width: 32, layers: 1, heads: 2, inner: 64 }, maxLength: 32 }\nadapt: { epochs: 6, learningRate: 3e-3, threads: 1 }\nevaluate: { resamples: 50 }\n",
);
const folder = join(home, "run");
const run = ["run", recipe, "--out", folder];

test("Ctrl-C saves and ends with 130; resume goes on with the recipe as it was; a second run does nothing", async () => {
  const signals = new EventEmitter();
  const stopped = await concord([...run, "--json", "--set", "adapt.epochs=5"], {
    signals,
    onOut: (text) => text.includes('"stage":"adapt","done":8,') && signals.emit("SIGINT"),
  });
  expect(stopped.code).toBe(130);
  expect(stopped.out).toMatch(
    /"kind":"note","stage":"prepare","text":"300 rows read: \d+ training, \d+ validation, \d+ test; \d+ left out\."/,
  );
  expect(JSON.parse(stopped.err)).toMatchObject({ code: "E_INTERRUPTED", hint: expect.stringContaining("resume") });
  expect(existsSync(join(folder, "model"))).toBe(false);
  expect((await concord(["predict", folder, "hello"])).err).toMatch(/E_IO.*has no model yet/);

  const own = readFileSync(recipe, "utf8");
  writeFileSync(recipe, own.replace("rows.csv", "gone.csv")); // a resumed run does not read it again
  const resumed = await concord(["resume", folder]);
  writeFileSync(recipe, own);
  expect(resumed.err).toMatch(
    /Run folder: .*\nReport: .*report\.html\nNext:\n {2}concord predict .*\n {2}concord audit /,
  );
  expect(resumed.err).toMatch(/adapt \d+\/\d+ .* elapsed, .* left {2}loss \d/);
  expect(resumed.err).toMatch(/prepare +reused \(unchanged\)/);
  expect(resumed.code).toBe(0);
  expect(resumed.out).toMatch(/precision\s+recall\s+f1-score\s+support/);
  const plan = await concord([...run, "--dry-run", "--set", "adapt.epochs=5"]);
  expect(plan.out.match(/reuse +unchanged/g)).toHaveLength(7);
  const changed = await concord([...run, "--dry-run", "--lang", "zh"]);
  expect(changed.out).toMatch(
    /adapt +运行 +已更改：settings\.adapt\.epochs\nbaseline +复用 +未更改\nevaluate +运行 +前面的阶段要重新运行：adapt/,
  );
});

test("texts from the arguments and from standard input are answered; unsure ones are not, if asked", async () => {
  const one = await concord(["--json", "predict", folder, "my hip hurts today"]);
  expect(JSON.parse(one.out)).toMatchObject({ label: "joint", labels: [{ label: "joint" }] });
  const many = await concord(["predict", folder, "--top", "2"], { input: "I wheeze always\n\nmy wrist hurts badly\n" });
  expect(many.out.split("\n").map((l) => l.split(/[\s:]/)[0])).toEqual(["airways", "(unusable", "joint", ""]);
  expect(many.out.split("\n")[0]).toMatch(/^airways 0\.\d+ {2}joint 0\.\d+\tI wheeze always$/);
  expect((await concord(["predict", folder, "--abstain", "1", "hello"])).out).toContain("(abstained)");
  const bare = await concord(["predict", join(folder, "model"), "--lang=zh", "--abstain", "1", "hello"]);
  expect(bare.out).toBe("（拒绝判断）\thello\n");
});

test("a model that evaluation has not seen is said to be uncalibrated, and its probabilities are its own", async () => {
  const newer = join(home, "newer");
  cpSync(folder, newer, { recursive: true });
  const record = join(newer, ".stages", "adapt.json");
  const adapted = JSON.parse(readFileSync(record, "utf8"));
  writeFileSync(record, JSON.stringify({ ...adapted, key: "of-another-model" }));
  const [own, other] = [folder, newer].map((run) => concord(["predict", run, "my hip hurts"]));
  expect((await other!).err).toMatch(/warning {2}predict: The probabilities are not calibrated/);
  expect((await own!).err).toBe("");
  expect((await other!).out).not.toBe((await own!).out);
  const bare = await concord(["predict", join(folder, "model"), "my hip hurts"]);
  expect(bare.out).toBe((await other!).out);
});

test("texts are cleaned as training texts are: another form of the same characters has the same answer", async () => {
  const { out } = await concord(["--json", "predict", folder, "my hip hurts", " ｍｙ\u00a0hip​   hurts "]);
  const [plain, wide] = out.split("\n").slice(0, 2);
  expect(JSON.parse(wide!).labels).toEqual(JSON.parse(plain!).labels);
});

test("a table is answered into a file that holds its columns and the answers; columns of the same name stay apart", async () => {
  const out = join(home, "answers.jsonl");
  const { code, err } = await concord(["predict", folder, "--file", rows, "--out", out]);
  expect([code, err]).toEqual([0, expect.stringContaining("300 predictions written")]);
  const answers = readFileSync(out, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(answers).toHaveLength(300);
  expect(Object.keys(answers[0])).toEqual(["text", "label", "patient", "predicted_label", "labels"]);
  expect(answers[0]).toMatchObject({ label: "airways", patient: "p0", predicted_label: "airways" });
  expect(err).toContain("The table already has columns named label. The predictions are in predicted_label.");
  const csv = join(home, "answers.csv");
  writeFileSync(join(home, "some.txt"), 'my "hip", hurts\n\n');
  await concord(["predict", folder, "--file", join(home, "some.txt"), "--out", csv]);
  expect(readFileSync(csv, "utf8")).toMatch(
    /^place,text,label,probability\n.*some\.txt:1,"my ""hip"", hurts",joint,0\.\d+\n.*some\.txt:2,,,\n$/,
  );
});

test("a table of answers is the table with two more columns, in each format, and can be audited as it is", async () => {
  const [input, tsv, parquet] = [join(home, "new.csv"), join(home, "new.tsv"), join(home, "new.parquet")];
  writeFileSync(
    input,
    'id,text,truth,by,note\n007,my hip hurts,joint,x,"=1+1"\n008,I wheeze always,airways,x,NA\n009,,joint,x,\n' +
      Array.from({ length: 20 }, (_, i) => `1${i},my elbow hurts ${i},joint,${i % 2 ? "y" : "z"},\n`).join(""),
  );
  const { err } = await concord(["predict", folder, "--file", input, "--out", tsv, "--top", "2"]);
  expect(readFileSync(tsv, "utf8")).toMatch(
    /^id\ttext\ttruth\tby\tnote\tlabel\tprobability\tlabel_2\tprobability_2\n007\tmy hip hurts\tjoint\tx\t'=1\+1\tjoint\t0\.\d+\tairways\t0\.\d+\n008\t.*\tNA\tairways\t.*\n009\t\tjoint\tx\t\t\t\t\t\n10\t/,
  );
  expect(err).toMatch(/1 rows have no prediction: no text\n1 cells look like formulas/);
  await concord(["predict", folder, "--file", input, "--out", parquet]);
  const audit = await concord(["audit", parquet, "--truth", "truth", "--predicted", "label", "--attributes", "by"]);
  expect([audit.code, audit.err]).toEqual([0, ""]);
});

test("a long table is answered by two threads as by one; a command that is stopped goes on where it was", async () => {
  const table = join(home, "long.csv");
  writeFileSync(
    table,
    `text\n${Array.from({ length: 1200 }, (_, i) => `${lines[i % 300]!.split(",")[0]} ${i}\n`).join("")}`,
  );
  const [one, two, stopped] = ["one.csv", "two.parquet", "stopped.csv"].map((name) => join(home, name));
  const first = await concord(["predict", folder, "--file", table, "--out", one!]);
  expect(first.err).toMatch(/predict 1200\/1200/);
  await concord(["predict", folder, "--file", table, "--out", two!, "--workers", "2"]);
  const audit = JSON.parse((await concord(["inspect", two!, "--json"])).out);
  expect(audit.rows).toBe(1200);
  const signals = new EventEmitter();
  const half = await concord(["predict", folder, "--file", table, "--out", stopped!], {
    signals,
    onErr: (text) => text.includes("predict ") && signals.emit("SIGINT"),
  });
  expect([half.code, half.err]).toEqual([130, expect.stringContaining("the predictions so far are kept")]);
  expect(existsSync(stopped!)).toBe(false);
  const kept = readFileSync(`${stopped}.answers`, "utf8").trimEnd().split("\n");
  expect(kept.length).toBeGreaterThan(200);
  // what is kept is used: a changed answer is seen; a line that was cut short is not
  kept[1] = '{"kind":"label","label":"kept","ranked":[{"label":"kept","probability":1}]}';
  writeFileSync(`${stopped}.answers`, `${kept.join("\n")}\n{"kind":"la`);
  const rest = await concord(["predict", folder, "--file", table, "--out", stopped!]);
  expect([rest.code, rest.err]).toEqual([0, expect.stringContaining(`continuing: ${kept.length - 1} predictions`)]);
  expect(existsSync(`${stopped}.answers`)).toBe(false);
  const [alone, again] = [one!, stopped!].map((path) => readFileSync(path, "utf8").split("\n"));
  expect(again!.slice(2)).toEqual(alone!.slice(2));
  expect(again![1]).toContain(",kept,1");
  expect((await concord(["predict", folder, "--file", table, "--out", one!, "--workers", "0"])).err).toMatch(
    /--workers/,
  );
});

test("answers that were kept of another table are not used", async () => {
  const table = join(home, "changed.csv");
  const out = join(home, "changed.out.csv");
  writeFileSync(table, "text\nmy hip hurts\n");
  writeFileSync(
    `${out}.answers`,
    '{"format":"concord-kept-answers","version":1,"key":"of another"}\n{"kind":"label","label":"x","ranked":[]}\n',
  );
  const { err } = await concord(["predict", folder, "--file", table, "--out", out]);
  expect(err).not.toContain("continuing");
  expect(readFileSync(out, "utf8")).toMatch(/^text,label,probability\nmy hip hurts,joint,/);
});

test("evaluate scores the test part as the run did, and another table with what has to be said about it", async () => {
  const again = await concord(["evaluate", folder, "--json", "--out", join(home, "again")]);
  const metrics = JSON.parse(readFileSync(join(folder, "metrics.json"), "utf8"));
  expect(JSON.parse(again.out)).toMatchObject({ macroF1: metrics.macroF1, temperature: metrics.temperature });
  expect(readFileSync(join(home, "again", "predictions.jsonl"))).toEqual(
    readFileSync(join(folder, "predictions.jsonl")),
  );
  const other = await concord(["evaluate", folder, "--data", rows]);
  expect(other.err).toMatch(/\d+ of 300 rows are also in the training data/);
  expect(other.out).toMatch(/accuracy [01]\.\d+ \[/);
  const cyrillic = join(home, "cyrillic.csv");
  const few = [0, 1, 2, 3].map((i) => `\u00ec\u00ee\u00e9 hip hurts ${i};${i % 2 ? "joint" : "airways"}`);
  writeFileSync(cyrillic, Buffer.from(`text;label\n${few.join("\n")}\n`, "latin1"));
  const told = await concord([
    "evaluate",
    folder,
    "--data",
    cyrillic,
    "--encoding",
    "windows-1251",
    "--delimiter",
    ";",
  ]);
  expect([told.code, told.err]).toEqual([0, expect.not.stringMatching(/read as/)]);
  expect((await concord(["evaluate", folder, "--encoding", "windows-1251"])).err).toMatch(/E_ARGUMENT.*no table/);
  const read = ["predict", folder, "--json", "--file", cyrillic];
  expect((await concord([...read, "--encoding", "windows-1251"])).out).toContain("мой hip hurts");
  expect((await concord([...read, "--encoding", "windows-1252"])).out).toContain("ìîé hip hurts");
});

test("inspect tells a run, a model and a table apart and says what is in them", async () => {
  const about = JSON.parse((await concord(["inspect", folder, "--json"])).out);
  expect(about.stages.map((s: { stage: string }) => s.stage)).toEqual([
    "prepare",
    "adapt",
    "baseline",
    "evaluate",
    "profile",
    "export",
    "report",
  ]);
  expect(about.model).toMatchObject({ labels: ["airways", "joint"], longest: 32, tokenizer: { type: "WordPiece" } });
  expect((await concord(["inspect", folder])).out).toMatch(/test scores +.*accuracy \d/);
  expect((await concord(["inspect", join(folder, "model"), "--lang", "zh"])).out).toMatch(
    /参数量 +[\d,]+\n标签 +2: airways, joint/,
  );
  const columns = JSON.parse((await concord(["inspect", rows, "--json"])).out).columns;
  expect(columns[1]).toMatchObject({
    name: "label",
    filled: 1,
    distinct: 2,
    values: [
      ["airways", 150],
      ["joint", 150],
    ],
  });
  const nothing = await concord(["inspect", recipe]);
  expect([nothing.code, nothing.err]).toEqual([
    64,
    expect.stringContaining("neither a run, a model, a release nor a table"),
  ]);
});

test("export writes a folder for transformers.js in floats or in 8 bits, an event file, and says what it cannot do", async () => {
  const onnx = await concord(["export", folder, "--to", "onnx", "--json"]);
  const [first] = onnx.out.split("\n").map((line) => line && JSON.parse(line));
  expect(first).toEqual({ path: join(folder, "exported", "onnx", "model.onnx"), bytes: expect.any(Number) });
  expect(readFileSync(first.path).equals(readFileSync(join(folder, "onnx", "model.onnx")))).toBe(true);
  const web = join(home, "web");
  expect((await concord(["export", folder, "--to", "onnx-int8", "--out", web])).code).toBe(0);
  const small = readFileSync(join(web, "onnx", "model_quantized.onnx"));
  expect(small.length).toBeLessThan(first.bytes);
  expect(JSON.parse(readFileSync(join(web, "config.json"), "utf8")).model_type).toBe("bert");
  expect(existsSync(join(web, "tokenizer.json"))).toBe(true);
  expect((await concord(["export", folder, "--to", "tensorboard", "--lang", "zh"])).out).toMatch(
    /tfevents\.0\.concord {2}[\d.,]+ ?[kKM]i?B/,
  );
  const events = readFileSync(join(folder, "tensorboard", "events.out.tfevents.0.concord")).toString("latin1");
  for (const tag of ["adapt/loss", "adapt/learning_rate", "adapt/dev_score", "test/accuracy", "test/accuracy_low"])
    expect(events).toContain(tag);
  const faults = await Promise.all([
    concord(["export", folder]),
    concord(["export", folder, "--to", "onx"]),
    concord(["export", folder, "--to", "onnx", "--uri", "http://x"]),
    concord(["export", folder, "--to", "mlflow"]),
    concord(["export", folder, "--to", "mlflow"], { env: { MLFLOW_TRACKING_URI: "http://127.0.0.1:9" } }),
    concord(["export", home, "--to", "tensorboard"]),
  ]);
  expect(faults.map(({ code }) => code)).toEqual([64, 64, 64, 64, 68, 74]);
  expect(faults[4]!.err).toMatch(/E_SERVER {2}export to mlflow: the server cannot be reached/);
});

test("init looks at a table and writes a commented recipe that runs as it stands; it replaces none", async () => {
  const out = join(home, "made.yaml");
  const made = await concord(["init", rows, "--out", out, "--model", "scratch"]);
  expect(made.code).toBe(0);
  expect(made.err).toMatch(/300 rows, 3 columns: text, label, patient/);
  const text = readFileSync(out, "utf8");
  expect(text).toMatch(/^# yaml-language-server: \$schema=.*schema\/recipe\.schema\.json\n/);
  expect(text).toMatch(/ {2}label: label +# .*airways 150, joint 150\n {2}group: patient +#/);
  const tiny = ["model.scratch.width=16", "model.scratch.heads=2", "model.scratch.vocabulary=120", "adapt.epochs=1"];
  const ran = await concord(["run", out, "--out", join(home, "made"), "--set", ...tiny, "evaluate.resamples=20"]);
  expect([ran.code, ran.err]).toEqual([0, expect.stringContaining("Run folder")]);
  const again = await concord(["init", rows, "--out", out, "--lang", "zh"]);
  expect(again.code).toBe(74);
  expect(again.err).toMatch(/^E_IO {2}文件或文件夹无法读取或写入。\n {2}问题 +init：已有配方，不会覆盖\n/);
  const chinese = await concord(["init", rows, "--out", join(home, "zh.yaml"), "--lang", "zh", "--group", "none"]);
  expect(chinese.out).toContain("配方已写入");
  expect(readFileSync(join(home, "zh.yaml"), "utf8")).toMatch(/# group: patient {3}# 若某列取值相同/);
});

test("doctor checks this machine by doing what it says", async () => {
  const report = JSON.parse((await concord(["doctor", "--json"])).out);
  expect(report).toMatchObject({ ok: true, node: process.version, kernels: "128 bit" });
  expect(report.runtime).toMatch(/^\d+\.\d+\.\d+ \(cpu/);
  expect((await concord(["doctor", "--lang", "zh"])).out).toMatch(/内存 +✓ 可用 /);
});

test("help and versions are shown in the language asked for, or of the locale", async () => {
  expect((await concord(["--help"])).out).toMatch(/Usage: concord[\s\S]*run a recipe; reuse/);
  expect((await concord(["--help"], { env: { LC_ALL: "zh_CN.UTF-8", LANG: "en_US" } })).out).toMatch(
    /用法：[\s\S]*运行配方/,
  );
  expect((await concord(["predict", "--help", "--lang", "en"], { env: { LANG: "zh_CN" } })).out).toMatch(
    /Usage: concord predict/,
  );
  expect((await concord(["--version"])).out).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test("help has examples; a command or an option of another tool gets the name that Concord has for it", async () => {
  expect((await concord(["--help"])).out).toMatch(/Examples:\n {2}concord init messages\.csv\n {2}concord run recipe/);
  expect((await concord(["run", "--help", "--lang", "zh"])).out).toMatch(/示例：\n {2}concord run recipe\.yaml\n/);
  const hint = async (...args: string[]) => JSON.parse((await concord(["--json", ...args])).err).hint;
  expect(await hint("train", "recipe.yaml")).toBe("did you mean run?");
  expect(await hint("predct", "runs/a")).toBe("did you mean predict?");
  expect(await hint("frobnicate")).toMatch(/--help/);
  expect(await hint("run", "recipe.yaml", "--epochs", "3")).toBe("did you mean --set adapt.epochs=3?");
  expect(await hint("run", "recipe.yaml", "--batch-size=8")).toBe("did you mean --set adapt.batchSize=8?");
  expect(await hint("run", "recipe.yaml", "--lr", "--json")).toBe("did you mean --set adapt.learningRate=…?");
  expect(await hint("run", "recipe.yaml", "--frobnicate", "3")).not.toContain("--set");
  expect(await hint("predict", "runs/a", "--epochs", "3")).not.toContain("--set");
});

test("what happens is silent with --quiet, but for the result", async () => {
  const { out, err, code } = await concord([...run, "--quiet", "--set", "adapt.epochs=5", "evaluate.resamples=40"]);
  expect([code, err]).toEqual([0, ""]);
  expect(out).toMatch(/f1-score/);
});
