// Every command says itself whole: help in both languages, and examples that the command line takes as they are written.
import { EventEmitter } from "node:events";
import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { type Command, type CommandGroup, defineCommand, each, numeric } from "../command.ts";
import { execute } from "../program.ts";
import { commands } from "./index.ts";

const silent = { write: () => {} };
const around = { stdout: silent, stderr: silent, stdin: Readable.from([]), env: {}, signals: new EventEmitter() };
/** Words of a command line as a shell splits them. */
const shell = (line: string): string[] =>
  [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain!);

const leaves = commands.flatMap((one) =>
  "commands" in one
    ? one.commands.map((command) => ({ path: `${one.name} ${command.name}`, command }))
    : [{ path: one.name, command: one }],
);

test.each(leaves)("concord $path has help in both languages and examples that run it", async ({ path, command }) => {
  const { about, arguments: given = {}, options = {}, examples } = command;
  for (const { en, zh } of [about, ...Object.values(given), ...Object.values(options)]) {
    expect(en).not.toMatch(/^\s*$|[\u4e00-\u9fff]/);
    expect(zh).toMatch(/[\u4e00-\u9fff]|^passport\.json$/);
  }
  const ran: string[] = [];
  const watched = (one: Command, name: string): Command => ({ ...one, run: async () => void ran.push(name) });
  const list = commands.map((one): Command | CommandGroup =>
    "commands" in one
      ? { ...one, commands: one.commands.map((inner) => watched(inner, `${one.name} ${inner.name}`)) }
      : watched(one, one.name),
  );
  for (const example of examples) {
    const [program, ...args] = shell(example);
    expect(program).toBe("concord");
    expect(await execute(args, around, list), example).toBe(0);
  }
  expect(ran).toEqual(examples.map(() => path));
});

test("what a command gets is named and typed as its arguments and options are written", async () => {
  const text = { en: "x", zh: "字" } as const;
  const got: unknown[] = [];
  const tried = defineCommand({
    name: "try",
    about: text,
    arguments: { "<one>": text, "[rest...]": text },
    options: {
      "--dry-run": text,
      "--top <n>": numeric(text),
      "--bins <edges>": each(text),
      "--no-store": text,
      "--set <k=v...>": text,
    },
    examples: ["concord try a"],
    run: async (given, options) => {
      const [one, top, store]: [string, number | undefined, boolean] = [given.one, options.top, options.store];
      const [bins, dry]: [readonly string[] | undefined, boolean | undefined] = [options.bins, options.dryRun];
      got.push({ ...given, one, top, store, bins, dry, set: options.set });
    },
  });
  const none = { top: undefined, bins: undefined, dry: undefined, set: undefined };
  expect(await execute(["try", "a"], around, [tried])).toBe(0);
  const all = "try a b c --dry-run --top 3 --bins 1 --bins 2 --no-store --set p q".split(" ");
  expect(await execute(all, around, [tried])).toBe(0);
  expect(got).toEqual([
    { ...none, one: "a", rest: [], store: true },
    { one: "a", rest: ["b", "c"], top: 3, bins: ["1", "2"], store: false, dry: true, set: ["p", "q"] },
  ]);
  let said = "";
  const shown = { ...around, stderr: { write: (line: string) => (said += line) } };
  expect(await execute(["try"], shown, [tried])).toBe(64);
  expect(said).toContain("concord try a"); // the example
  expect(await execute(["try", "a", "--top", "x"], around, [tried])).toBe(64);
});
