// The end of the study: one passport, signed by the coordinator and by every owner of rows, and its verification.
import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "./concord.ts";
import { sites } from "./sites.ts";
import { keyOf } from "./study.ts";

/** @param result folder of the study's result, transcripts of all parties in it @returns the folder of the release */
export async function releaseStudy(folder: string, result: string): Promise<string> {
  const policy = join(folder, "parties", "policy.yaml"); // beside the public keys
  await copyFile("examples/together/policy.yaml", policy);
  const log = join(folder, "parties", "log");
  const keys = ["coordinator", ...Object.keys(sites)].flatMap((name) => ["--key", keyOf(folder, name)]);
  const options = ["--policy", policy, "--log", log];
  console.log(await run("release", "release", result, ...options, ...keys));
  const release = join(result, "release");
  const tables = Object.keys(sites).map((name) => `${name}=${join(folder, "data", `${name}.csv`)}`);
  const [own] = tables; // one owner computes what its own site was said to have; here, where all tables are at hand, the whole as well
  console.log(await run("verify", "verify", release, ...options, "--recompute", own!));
  console.log(await run("verify", "verify", release, ...options, "--recompute", ...tables));
  return release;
}
