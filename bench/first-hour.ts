// From an empty folder to the first prediction of one's own table, step by step as the README says it; and how long the documentation takes
// to build. Needs the registry.
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { mailTable } from "../examples/spam/mail.ts";
import { inFolder } from "./demo.ts";

const rounded = (seconds: number) => Number(seconds.toFixed(2));

/** One row a step, then their sum. The package is packed before, which a user does not wait for. */
export async function firstHourBench(): Promise<Record<string, unknown>[]> {
  return inFolder((folder, run) => {
    run("npm", ["pack", "--silent", "--pack-destination", folder]);
    const packed = readdirSync(folder).find((name) => name.endsWith(".tgz"))!;
    const user = join(folder, "user");
    mkdirSync(user);
    writeFileSync(join(user, "package.json"), '{ "name": "user", "private": true, "type": "module" }\n');
    writeFileSync(join(user, "mails.csv"), mailTable());
    const cache = join(folder, "cache");
    const install = ["install", "--no-audit", "--no-fund", join(folder, packed)];
    const steps: [string, string, string[]][] = [
      ["npm install, empty cache", "npm", [...install, "--cache", cache]],
      ["npx concord --help", "npx", ["concord", "--help"]],
      ["npx concord init mails.csv --yes", "npx", ["concord", "init", "mails.csv", "--yes"]],
      ["npx concord run recipe.yaml", "npx", ["concord", "run", "recipe.yaml", "--quiet"]],
      ["npx concord predict", "npx", ["concord", "predict", "runs/mails", "Dear friend, claim your prize now"]],
    ];
    const rows = steps.map(([what, command, args]) => ({ what, seconds: rounded(run(command, args, user)) }));
    const sum = rows.reduce((all, { seconds }) => all + seconds, 0);
    return [...rows, { what: "from an empty folder to the first prediction", seconds: rounded(sum) }];
  });
}

/** The build of the site alone, after its packages are installed. */
export async function docsBench(): Promise<Record<string, unknown>[]> {
  return inFolder((_folder, run) => {
    run("npm", ["run", "--silent", "docs"]);
    return [{ what: "npm run docs", seconds: rounded(run("npm", ["run", "--silent", "docs"])) }];
  });
}
