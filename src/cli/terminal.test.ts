// Nothing that a name or a text holds steers a terminal: in no command, on no stream.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { concord } from "../../test/command-line.ts";
import { alignedColumns, escaped, oneLine, visible } from "../base/index.ts";
import { defineCommand } from "./command.ts";
import { execute } from "./program.ts";
import { progress } from "./progress.ts";

const home = mkdtempSync(join(tmpdir(), "concord-terminal-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const hostile = "\u001b[2J\u001b]0;owned\u0007\u009b2K\u202egnp.exe\u2066\r\u0008\u007f";
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const steers = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\u2028\u2029]/;

test("whatever a command writes is escaped, on both streams; JSON keeps its meaning", async () => {
  let written = "";
  const stream = { write: (text: string) => (written += text) };
  const command = defineCommand({
    name: "say",
    about: { en: "says it", zh: "说" },
    arguments: {},
    options: {},
    examples: ["concord say"],
    run: async (_, __, { stdout, stderr }) => {
      stdout.write(hostile);
      stderr.write(hostile);
      stdout.write(`\n${JSON.stringify({ hostile })}\n`);
      throw new Error(hostile);
    },
  });
  const around = { stdout: stream, stderr: stream, stdin: process.stdin, env: {}, signals: process };
  expect(await execute(["say"], around, [command])).toBe(1);
  expect(written).not.toMatch(steers);
  expect(JSON.parse(written.split("\n")[1]!)).toEqual({ hostile });
});

test("names of a stranger's table reach no terminal raw, and make no line of their own", async () => {
  const path = join(home, "d.csv");
  const group = `"${hostile}\nVALID: all is well"`;
  writeFileSync(path, `y,yhat,sex\n${Array.from({ length: 60 }, () => `a,a,f\nb,a,${group}\n`).join("")}`);
  const args = ["audit", "--predictions", path, "--truth", "y", "--predicted", "yhat", "--attributes", "sex"];
  for (const more of [[], ["--json"], ["--lang", "zh"]]) {
    const { out, err } = await concord([...args, ...more]);
    expect(out + err).toMatch(/sex/);
    expect(out + err).not.toMatch(steers);
    expect(out + err).not.toMatch(/^\s*VALID/m);
  }
});

test("a bar shows the text of what is counted without its controls", () => {
  let written = "";
  const stream = { isTTY: true, write: (text: string) => (written += text) };
  const bar = progress({ total: 2, label: "train", stream });
  bar.update(1, hostile);
  bar.above(hostile);
  expect(written.replaceAll("\r\u001b[2K", "").replaceAll("\n", "")).not.toMatch(steers);
});

test("any text is made safe, and JSON of it is the same JSON", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      for (const safe of [visible(text), oneLine(text), escaped(text), ...alignedColumns([[text, "x"]])])
        expect(safe).not.toMatch(steers);
      expect(oneLine(text)).not.toMatch(/[\n\t]/);
      expect(JSON.parse(escaped(JSON.stringify(text)))).toBe(text);
    }),
  );
});
