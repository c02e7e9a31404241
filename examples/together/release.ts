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
  console.log(await run("verify", "verify", release, ...options));
  return release;
}
