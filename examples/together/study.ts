// The study as its parties do it, each in a process of its own, on one machine: a coordinator that listens on this machine only, three members
// that dial it. Every step is a command of the README.
import { mkdir } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { run, start } from "./concord.ts";
import { sites } from "./sites.ts";

const members = Object.keys(sites);

/** Where a party keeps what is its own. */
export const placeOf = (folder: string, party: string): string => join(folder, "parties", party);
export const keyOf = (folder: string, party: string): string => `${placeOf(folder, party)}.key`;

/**
 * Runs the study from its start model to its result.
 * @param folder with data/ and start/ @param recipe path of the study's recipe
 * @returns the folder of the result
 */
export async function runStudy(folder: string, recipe: string, set: readonly string[]): Promise<string> {
  const center = placeOf(folder, "coordinator");
  await mkdir(join(folder, "parties"), { recursive: true });
  await Promise.all(["coordinator", ...members].map((name) => run("", "keys", placeOf(folder, name), "--name", name)));
  const port = await freePort();
  const address = `127.0.0.1:${port}`;
  const who = ["--name", "coordinator", "--key", keyOf(folder, "coordinator"), "--address", address];
  await run("coordinator", "coordinator", "init", center, ...who);
  const serving = start("coordinator", "coordinator", "serve", center, "--host", "127.0.0.1");
  await serving.said(String(port)); // that it listens, in whatever language
  await Promise.all(members.map((name) => enrol(folder, name)));
  const options = ["--start", join(folder, "start"), ...set.flatMap((value) => ["--set", value])];
  const proposed = await run("", "--json", "coordinator", "propose", center, recipe, ...options);
  const { digest } = JSON.parse(proposed) as { digest: string };
  console.log(`${"coordinator".padEnd(12)}| proposal ${digest}`);
  const taking = members.map((name) => {
    const table = join(folder, "data", `${name}.csv`);
    const answer = ["--consent", digest, "--site-values", "--threads", "1"];
    return start(name, "participant", placeOf(folder, name), "--table", table, ...answer).done;
  });
  await Promise.all([serving.done, ...taking]);
  return join(center, "result");
}

async function enrol(folder: string, name: string): Promise<void> {
  const code = await run("", "coordinator", "invite", placeOf(folder, "coordinator"), name);
  await run(name, "enrol", code, "--key", keyOf(folder, name), "--out", placeOf(folder, name));
}

const freePort = () =>
  new Promise<number>((resolve, reject) => {
    const server = createServer()
      .on("error", reject)
      .listen(0, "127.0.0.1", () => {
        const { port } = server.address() as { port: number };
        server.close(() => resolve(port));
      });
  });
