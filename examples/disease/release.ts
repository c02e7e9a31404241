// The end of the demo: three signers, a policy, a release that is refused, one that is let through with a reason, and its verification.
import { existsSync } from "node:fs";
import { copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";

/** Runs the command line and gives its exit code. */
export type Concord = (...args: string[]) => number;

const signers = { ministry: "Ministry of Health", hospital: "City Hospital", university: "University" } as const;
const failing = "fairness.region.gap.accuracy";
const reason = "A pilot for the other regions; answers to islanders are withheld until there is data of theirs.";

/** @param folder of the demo's finished run @throws Error where a command does not end as it should */
export async function releaseDemo(folder: string, concord: Concord): Promise<void> {
  const policy = join(folder, "policy.yaml");
  await mkdir(join(folder, "keys"), { recursive: true });
  await copyFile("examples/disease/policy.yaml", policy);
  const expect = (code: number, ...args: string[]) => {
    console.log(`\nconcord ${args.map((arg) => (/[ *]/.test(arg) ? `"${arg}"` : arg)).join(" ")}`);
    const got = concord(...args);
    if (got !== code) throw new Error(`concord ${args[0]} ended with ${got}, not ${code}`);
  };
  const keys = Object.keys(signers).map((name) => join(folder, "keys", name));
  for (const [i, path] of keys.entries())
    if (!existsSync(`${path}.key`)) expect(0, "keys", path, "--name", Object.values(signers)[i]!);
  const release = [
    "release",
    folder,
    "--policy",
    policy,
    "--log",
    join(folder, "log"),
    ...keys.flatMap((path) => ["--key", `${path}.key`]),
  ];
  if (!existsSync(join(folder, "release"))) {
    console.log(
      "\nThe islands are served too badly: the policy refuses. The auditor lets it pass for a pilot, with a reason that everybody will read.",
    );
    expect(80, ...release);
    expect(0, ...release, "--override", failing, "--reason", reason);
  }
  expect(0, "verify", join(folder, "release"), "--policy", policy, "--log", join(folder, "log"));
}
