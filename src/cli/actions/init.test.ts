// init with questions, as someone at a terminal answers them: the keys go in, the recipe comes out.
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { atTerminal, concord } from "../../../test/command-line.ts";
import { encodeSingleBytes } from "../../../test/single-byte.ts";
import { readRecipe } from "../../recipe/read-recipe.ts";

const home = mkdtempSync(join(tmpdir(), "concord-init-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const rows = Array.from({ length: 60 }, (_, i) => {
  const text = `it hurts in place ${i} and it has hurt for ${i * 7} days now`;
  return `${text},${["flu", "cold"][i % 2]},p${i % 30},${["f", "m"][i % 2]},${i / 3},${i % 2 ? "a;b" : "b"}`;
});
const table = join(home, "messages.csv");
writeFileSync(table, `message,diagnosis,patient,sex,severity,signs\n${rows.join("\n")}\n`);

/** Runs init at a terminal. */
const init = (out: string, keys: readonly string[]) => atTerminal(["init", table, "--out", out], keys);

test("each question offers what was found; Enter takes it", async () => {
  const out = join(home, "asked.yaml");
  const { code, shown } = await init(out, ["\r", "\r", "\r", "\r", "\r"]);
  expect(code).toBe(0);
  expect(shown).toContain("Which column contains the text?");
  expect(shown).toMatch(/cold 30, flu 30/);
  expect(readRecipe(readFileSync(out, "utf8"), out).data).toMatchObject({
    file: "messages.csv",
    text: "message",
    label: "diagnosis",
    group: "patient",
    attributes: ["sex"],
  });
});

test("a first line that is a row, and a table with something odd, are questions", async () => {
  const [file, out] = [join(home, "bare.csv"), join(home, "bare.yaml")];
  const bare = (count: number) =>
    writeFileSync(file, `${rows.slice(0, count).map((row) => row.split(",").slice(0, 2).join(",")).join("\n")}\n`); // biome-ignore format: a row
  bare(60);
  const asked = await atTerminal(["init", file, "--out", out], ["\r", "\r", "\r", "\r"]);
  expect([asked.code, asked.shown]).toEqual([
    0,
    expect.stringContaining("The first line looks like a row: it hurts in place 0"),
  ]);
  expect(readRecipe(readFileSync(out, "utf8"), out).data).toMatchObject({
    columns: ["text", "label"],
    text: "text",
    label: "label",
  });
  expect(asked.shown).not.toContain("Write the recipe anyway?");
  rmSync(out);
  bare(49);
  const stopped = await atTerminal(["init", file, "--out", out], ["\r", "\r", "\r", "\r", "\x1b[B\r"]);
  expect(stopped.err).toContain("CHECK: only 49 rows can be used");
  expect([stopped.code, stopped.shown]).toEqual([130, expect.stringContaining("Write the recipe anyway?")]);
  expect(() => readFileSync(out)).toThrow();
  const told = await concord(["init", file, "--yes", "--out", out, "--set", "data.columns=[text,label]"]);
  expect([told.code, told.err]).toEqual([0, expect.stringContaining("CHECK: only 49 rows can be used")]);
});

test.each([
  ["windows-1251", ["болит голова", "насморк и кашель"]],
  ["koi8-r", ["болит голова", "насморк и кашель"]],
  ["windows-1250", ["Boli mnie głowa, mam też gorączkę", "Kaszlę już trzeci dzień, źle śpię"]],
])("a table in %s is found and said, and the recipe names it", async (encoding, messages) => {
  const [file, out] = [join(home, `${encoding}.csv`), join(home, `${encoding}.yaml`)];
  const lines = Array.from({ length: 80 }, (_, i) => `"${messages[i % 2]} ${i}",${["a", "b"][i % 2]}`);
  writeFileSync(file, encodeSingleBytes(encoding, `message,diagnosis\n${lines.join("\n")}\n`));
  const { code, err } = await concord(["init", file, "--yes", "--out", out]);
  expect([code, err]).toEqual([0, expect.stringContaining(`is not UTF-8: read as ${encoding}, because`)]);
  expect(readRecipe(readFileSync(out, "utf8"), out).data.encoding).toBe(encoding);
});

test("a workbook that LibreOffice saved goes from init to a finished run", async () => {
  const [file, out] = [join(home, "visits.xlsx"), join(home, "visits.yaml")];
  copyFileSync(new URL("../../../test/workbooks/visits.xlsx", import.meta.url), file);
  expect((await concord(["init", file, "--yes", "--out", out])).code).toBe(0);
  const { data, task } = readRecipe(readFileSync(out, "utf8"), out);
  expect([data.text, data.label, task]).toEqual(["text", "label", "single-label"]);
  const small = ["adapt.epochs=1", "model={scratch: {vocabulary: 100, width: 16, layers: 1, heads: 2, inner: 32}}"];
  const set = [...small, "evaluate.resamples=20", "pretrain=null", "audit=null"].flatMap((one) => ["--set", one]);
  const run = join(home, "visits");
  const { code, err } = await concord(["run", out, "--out", run, ...set]);
  expect([code, err]).toEqual([0, expect.stringContaining("64 rows read")]);
  expect(readFileSync(join(run, "data/train.jsonl"), "utf8")).toContain("头痛三天，还发烧");
});

test("a guessed encoding is said with its reason and stands in the recipe; UTF-8 needs none", async () => {
  const proposed = async (text: (row: string) => string | Buffer) => {
    const [file, out] = [join(home, "encoded.csv"), join(home, "encoded.yaml")];
    writeFileSync(
      file,
      text(
        `message,diagnosis\n${rows.map((row) => row.split(",").slice(0, 2).join(",").replace("hurts", "drückt schön")).join("\n")}\n`,
      ),
    );
    const { err } = await concord(["init", file, "--yes", "--out", out]);
    const { data } = readRecipe(readFileSync(out, "utf8"), out);
    rmSync(out);
    return [data.encoding, err.includes("is not UTF-8: read as windows-1252")];
  };
  expect(await proposed((text) => Buffer.from(text, "latin1"))).toEqual(["windows-1252", true]);
  expect(await proposed((text) => text)).toEqual([undefined, false]);
});

test("Ctrl-C at a question writes nothing", async () => {
  const out = join(home, "left.yaml");
  expect((await init(out, ["\x03"])).code).toBe(130);
  expect(() => readFileSync(out)).toThrow();
});

test("decimal commas: the mark is proposed where nothing else reads the numbers, and the recipe runs", async () => {
  const proposed = async (value: (i: number) => string) => {
    const [file, out] = [join(home, "marks.csv"), join(home, "marks.yaml")];
    const lines = rows.map((row, i) => `${row.split(",")[0]};${value(i)}`);
    writeFileSync(file, `text;severity\n${lines.join("\n")}\n`);
    const { code, err } = await concord(["init", file, "--yes", "--out", out, "--label", "severity"]);
    if (code !== 0) return err;
    const { data } = readRecipe(readFileSync(out, "utf8"), out);
    rmSync(out);
    return data.decimal;
  };
  expect(await proposed((i) => `${i},${i % 9}5`)).toBe(",");
  expect(await proposed((i) => `${i}.${i % 9}5`)).toBeUndefined();
  expect(await proposed((i) => `${i + 1},${200 + i}`)).toMatch(/signs between thousands[\s\S]*data\.decimal/);
});

test("pretraining is proposed where it was measured to help, on the rows without a label or another table, and the recipe says why", async () => {
  const at = (name: string) => join(home, name);
  const texts = Array.from({ length: 900 }, (_, i) => `it hurts in place ${i} and has hurt for ${i * 7} days`);
  const label = (i: number) => ["flu", "cold"][i % 2];
  writeFileSync(
    at("semi.csv"),
    `text,label,patient\n${texts.map((t, i) => `${t},${i % 3 ? "" : label(i)},p${i >> 2}`).join("\n")}`,
  );
  writeFileSync(
    at("small.csv"),
    `text,label\n${texts
      .slice(0, 120)
      .map((t, i) => `${t},${label(i)}`)
      .join("\n")}`,
  );
  writeFileSync(at("half.csv"), `text,label\n${texts.map((t, i) => `${t},${i % 4 ? label(i) : ""}`).join("\n")}`);
  writeFileSync(at("more.csv"), `text\n${texts.join("\n")}`);
  writeFileSync(at("other.csv"), `body\n${texts.join("\n")}`);
  const made = async (name: string, ...flags: string[]) => {
    const out = at("pretrain.yaml");
    const { code, err } = await concord(["init", at(name), "--yes", "--out", out, ...flags]);
    if (code !== 0) return { err, why: "", recipe: undefined };
    const written = readFileSync(out, "utf8");
    rmSync(out);
    return { err, why: /pretrain: .*/.exec(written)?.[0], recipe: readRecipe(written, out) };
  };
  const semi = await made("semi.csv");
  expect(semi.recipe).toMatchObject({
    data: { accept: ["unlabelled"] },
    pretrain: { file: "semi.csv", objective: "contrast", group: "patient" },
    adapt: { headFirst: { epochs: 5 } },
  });
  expect(semi.err).toMatch(/600 of 900 rows have no label/);
  expect(semi.why).toMatch(/measured/);
  const small = await made("small.csv");
  expect([small.recipe?.pretrain, small.recipe?.data.accept]).toEqual([undefined, []]);
  expect(small.why).toMatch(/not recommended: the model is already pretrained/);
  expect(small.recipe).toMatchObject({ model: { from: "concord/encoder-en" }, adapt: { headFirst: { epochs: 5 } } });
  const own = await made("small.csv", "--model", "scratch");
  expect([own.recipe?.model.from, own.why]).toEqual([undefined, expect.stringMatching(/the table has fewer texts/)]);
  expect((await made("small.csv", "--unlabelled", at("more.csv"))).recipe?.pretrain).toMatchObject({
    file: "more.csv",
  });
  expect((await made("small.csv", "--unlabelled", at("other.csv"))).err).toMatch(/there is no column text[\s\S]*body/);
  expect((await made("half.csv")).err).toMatch(/225 of 900 rows cannot be used[\s\S]*accept: \[unlabelled\]/);
});

test("flags decide; the task follows from the column", async () => {
  const made = async (name: string, ...flags: string[]) => {
    const out = join(home, `${name}.yaml`);
    const { code, err } = await concord(["init", table, "--out", out, ...flags]);
    return code === 0 ? readRecipe(readFileSync(out, "utf8"), out) : err;
  };
  expect(await made("a", "--label", "severity", "--group", "none")).toMatchObject({
    task: "regression",
    data: expect.not.objectContaining({ group: "patient" }),
  });
  expect(await made("b", "--label", "signs", "--attributes", "none")).toMatchObject({
    task: "multi-label",
    data: { attributes: [] },
  });
  mkdirSync(join(home, "models"));
  for (const name of ["config.json", "model.safetensors"]) writeFileSync(join(home, "models", name), "{}");
  expect(await made("c", "--model", join(home, "models"), "--name", "triage")).toMatchObject({
    name: "triage",
    model: { from: "models" },
  });
  expect(await made("d", "--label", "diagnosys")).toMatch(/did you mean diagnosis/);
  expect(await made("e", "--task", "entity")).toMatch(/single-label, ordinal, multi-label, regression/);
});

test("names that YAML could take for something else, or that would break a comment, stay what they are", async () => {
  const odd = join(home, "odd # table: 1.csv");
  const header = '"text: a # b","- label\nof two lines"';
  writeFileSync(odd, `${header}\n${rows.map((row) => row.split(",").slice(0, 2).join(",")).join("\n")}\n`);
  const out = join(home, "odd.yaml");
  const { code, err } = await concord(["init", odd, "--out", out]);
  expect([code, err]).toEqual([0, expect.anything()]);
  expect(readRecipe(readFileSync(out, "utf8"), out).data).toMatchObject({
    file: "odd # table: 1.csv",
    text: "text: a # b",
    label: "- label\nof two lines",
  });
});

test("a linear model is tried first, and said to be enough where it is", async () => {
  const easy = join(home, "easy.csv");
  writeFileSync(
    easy,
    `text,label\n${Array.from({ length: 120 }, (_, i) => `${i % 2 ? "pay the invoice" : "the parcel is late"} number ${i},${i % 2 ? "billing" : "shipping"}`).join("\n")}\n`,
  );
  const { err, code } = await concord(["init", easy, "--yes", "--out", join(home, "easy.yaml")]);
  expect(code).toBe(0);
  expect(err).toMatch(
    /logistic regression on character TF-IDF has macro F1 1\.000 on 24 held-out rows \(trained on 96 rows; majority class: 0\.\d+\)\. This simple model may be enough/,
  );
  const hard = await concord(["init", table, "--yes", "--out", join(home, "hard.yaml"), "--lang", "zh"]);
  expect(hard.err).toMatch(/字符 TF-IDF 逻辑回归在 \d+ 行留出数据上的宏平均 F1 为 [01]\.\d+/);
  const json = await concord(["--json", "init", table, "--yes", "--out", join(home, "json.yaml")]);
  expect(JSON.parse(json.out).linear).toMatchObject({ score: "macroF1", fitted: expect.any(Number) });
});

test("a model that is not there, or whose weights are not read, is refused with what to do", async () => {
  const refused = async (model: string) =>
    (await concord(["init", table, "--yes", "--model", model, "--out", join(home, "none.yaml")])).err;
  expect(await refused("bert-base-chinese")).toMatch(
    /E_IO[\s\S]*concord models get bert-base-chinese --to bert-base-chinese/,
  );
  const old = join(home, "old");
  mkdirSync(old);
  writeFileSync(join(old, "config.json"), "{}");
  writeFileSync(join(old, "pytorch_model.bin"), "");
  expect(await refused(old)).toMatch(/E_MODEL[\s\S]*no weights that are read[\s\S]*save_pretrained/);
});
