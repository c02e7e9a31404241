// Mutation testing (Stryker): changes the sources of a part one place at a time and runs its tests; a change that no test notices survives.
// npm run mutate -- [part …]   all parts without a name, `today` for the part whose day it is; --write adds what survives to the list.
// Exits 1 where a mutant survives that test/mutation/survivors.json does not list with a reason, and where it lists one that is noticed or gone.
import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { relative } from "node:path";
import { Stryker } from "@stryker-mutator/core";
import { type Part, parts } from "../test/mutation/parts.ts";
import { compareSurvivors, type Survivor, survivorsFile } from "../test/mutation/survivors.ts";

const args = process.argv.slice(2);
const asked = args.filter((arg) => !arg.startsWith("--"));
const dayOfYear = Math.floor((Date.now() - Date.UTC(new Date().getUTCFullYear(), 0, 1)) / 86_400_000);
const today = parts[dayOfYear % parts.length]!;
const unknown = asked.find((name) => name !== "today" && parts.every((part) => part.name !== name));
if (unknown) throw new Error(`no part called ${unknown}; there are today, ${parts.map(({ name }) => name).join(", ")}`);
const chosen = asked.length
  ? parts.filter((part) => asked.includes(part.name) || (asked.includes("today") && part === today))
  : parts;

let failed = false;
for (const part of chosen) {
  const start = Date.now();
  const mutants = await mutantsOf(part);
  const listed = JSON.parse(readFileSync(survivorsFile, "utf8")) as Survivor[];
  const compared = compareSurvivors(mutants, listed);
  const count = (status: string) => mutants.filter((mutant) => mutant.status === status).length;
  const seconds = Math.round((Date.now() - start) / 1000);
  console.log(
    `${part.name}: ${mutants.length - count("Ignored")} mutants, ${count("Killed")} noticed, ${count("Timeout")} without end, ` +
      `${compared.survived.length} survived, ${count("Ignored")} not tried, ${seconds} s`,
  );
  for (const { file, line, code, change } of compared.unlisted)
    console.log(`SURVIVED ${file}:${line}  ${change}\n    ${code}`);
  for (const { file, code, change } of compared.gone)
    console.log(`LISTED, but noticed or gone: ${file}  ${change}\n    ${code}`);
  for (const { file, change } of compared.withoutReason) console.log(`LISTED without a reason: ${file}  ${change}`);
  if (args.includes("--write")) writeFileSync(survivorsFile, `${JSON.stringify(compared.kept, null, 1)}\n`);
  failed ||= compared.unlisted.length + compared.gone.length + compared.withoutReason.length > 0;
}
process.exit(failed ? 1 : 0);

/** All mutants of a part with what became of each. */
async function mutantsOf({ sources, tests }: Part) {
  const results = await new Stryker({
    mutate: [...sources, "!**/*.test.ts"],
    testFiles: [...tests],
    testRunner: "vitest",
    plugins: ["@stryker-mutator/vitest-runner", "./test/mutation/words.mjs"],
    ignorers: ["words"],
    vitest: { configFile: "test/mutation/vitest.config.ts" },
    coverageAnalysis: "perTest", // a mutant runs the tests that reach it
    ignoreStatic: true, // what runs while modules load would need every test in a new process
    concurrency: Number(process.env.CONCORD_MUTATE_WORKERS ?? availableParallelism()),
    ignorePatterns: [
      "/biome.json",
      "/docs",
      "/bench",
      "/models",
      "/schema",
      "/.schemathesis",
      "/examples/next",
      "/examples/vite",
    ],
    reporters: ["progress-append-only"],
    disableTypeChecks: false,
    allowConsoleColors: false,
    timeoutMS: 10_000,
  }).runMutationTest();
  return results.map((mutant) => ({
    file: relative(process.cwd(), mutant.fileName),
    status: mutant.status as string,
    replacement: mutant.replacement ?? "",
    ...mutant.location,
  }));
}
