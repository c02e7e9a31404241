// Three organisations learn one model without showing each other a row: tables, a start model of public texts, a coordinator and three members
// as processes over TLS, then what each has alone and what one table of all rows would give. npm run together [-- FOLDER [SEED]]
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { answersOf, trainAlone } from "./arms.ts";
import { compare } from "./compare.ts";
import { run, stopAll } from "./concord.ts";
import { writePages } from "./page.ts";
import { releaseStudy } from "./release.ts";
import { writeSites } from "./sites.ts";
import { runStudy } from "./study.ts";

const [given = "runs/together", seedText = "7"] = process.argv.slice(2);
const folder = resolve(given);
const seed = Number(seedText);
const began = performance.now();
const seconds = () => `${((performance.now() - began) / 1000).toFixed(0)} s`;
const recipe = "examples/together/recipe.yaml";
const set = [`seed=${seed}`];

process.once("SIGINT", () => {
  stopAll();
  process.exitCode = 130;
});
try {
  await mkdir(folder, { recursive: true });
  await rm(join(folder, "parties"), { recursive: true, force: true }); // of a demonstration before: keys and all
  const data = join(folder, "data");
  console.log("rows to learn from, by site:", await writeSites(data, seed));
  console.log(`\n${seconds()}: a start model, of public texts`);
  const start = [
    "--labels",
    join(data, "labels.txt"),
    "--texts",
    join(data, "public.csv"),
    "--out",
    join(folder, "start"),
  ];
  await run("coordinator", "study", "start", recipe, ...start, "--set", ...set);
  console.log(`\n${seconds()}: the study`);
  const result = await runStudy(folder, recipe, set);
  console.log(`\n${seconds()}: each site alone, and all rows in one table`);
  await trainAlone(folder, "examples/together/alone.yaml", set);
  const answers = await answersOf(folder, result, seed);
  await writeFile(join(folder, "answers.json"), JSON.stringify(answers));
  const { arms, way } = compare([answers], (arm, site) => [site, arm].filter(Boolean).join(" "));
  console.log(`\n${seconds()}: macro-F1 on the test rows of all sites`);
  for (const { name, macroF1 } of arms)
    console.log(
      `${name.padEnd(20)} ${macroF1.value.toFixed(3)} [${macroF1.low.toFixed(3)}, ${macroF1.high.toFixed(3)}]`,
    );
  console.log(
    `${(100 * way.value).toFixed(0)} % of the way from alone to pooled [${(100 * way.low).toFixed(0)}, ${(100 * way.high).toFixed(0)}]`,
  );
  console.log(`\n${seconds()}: one passport, signed by all`);
  await releaseStudy(folder, result);
  const pages = await writePages(folder, result, answers);
  console.log(`\n${seconds()} in all. ${pages.join(", ")}. Invented data, not medical advice.`);
} catch (fault) {
  stopAll();
  console.error(fault instanceof Error ? fault.message : fault);
  process.exitCode ||= 1;
}
