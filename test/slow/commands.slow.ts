// The commands of a study as users type them: keys, coordinator, codes, enrolment, consent, rounds with real training, the result.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeAnswer } from "../../src/studies/hosting/folders.ts";
import { takePart } from "../../src/studies/hosting/take-part.ts";
import { atTerminal, concord } from "../command-line.ts";
import { freePort } from "../federated/net/loopback.ts";
import { names, prepareStudy, recipeText } from "../together/rows.ts";

const home = mkdtempSync(join(tmpdir(), "concord-commands-"));
const at = (...parts: string[]) => join(home, ...parts);
beforeAll(() => prepareStudy(home, [40, 40, 40]));
afterAll(() => rmSync(home, { recursive: true, force: true }));

async function done(...args: string[]) {
  const result = await concord(args);
  // besides a code, and what a key is about to sign, there is nothing to say
  const rest = result.err.replace(/^(One-time code.*\n|About to sign.*\n( {2}passed.*\n)*\n?)/, "");
  expect(rest, args.join(" ")).toBe("");
  return result.out.trim();
}

const isListening = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.on("connect", () => resolve(true)).on("error", () => resolve(false));
    socket.on("connect", () => socket.destroy());
  });

test("three organisations learn one model with the commands of the README, all have it, and it is released with what the run left", async () => {
  writeFileSync(at("recipe.yaml"), `${recipeText.replace("rounds: 2", "rounds: 2, siteValues: true")}`);
  for (const name of ["center", ...names]) await done("keys", at(`${name}-key`), "--name", name);
  const study = at("study");
  const port = await freePort();
  const address = `127.0.0.1:${port}`;
  await done("coordinator", "init", study, "--name", "center", "--key", at("center-key.key"), "--address", address);
  const serving = concord(["coordinator", "serve", study, "--host", "127.0.0.1"]);
  await expect.poll(() => isListening(port), { timeout: 20_000 }).toBe(true); // members enrol once it serves
  for (const name of names) {
    const code = await done("coordinator", "invite", study, name);
    await done("enrol", code, "--key", at(`${name}-key.key`), "--out", at(name));
  }
  const proposed = await done("--json", "coordinator", "propose", study, at("recipe.yaml"), "--start", at("start"));
  const { digest } = JSON.parse(proposed) as { digest: string };
  const [asked, prompted, other] = names as [string, string, string];
  const down = "\x1b[B"; // the answer offered first is no
  const take = (n: string) => ["participant", at(n), "--table", at(`${n}.csv`)];
  const refused = await atTerminal(take(prompted), ["\r"]);
  expect([refused.code, refused.shown], refused.err).toEqual([
    0,
    expect.stringMatching(/the proposal was not answered in time\n$/),
  ]);
  await consentsToAnother(at(other), at(`${other}.csv`));
  const atPrompt = atTerminal(take(prompted), [`${down}\r`, `${down}\r`]);
  const parts = [concord(take(asked)), concord([...take(other), "--consent", digest, "--site-values"])];
  await expect.poll(() => existsSync(at(asked, "proposal.json")), { timeout: 20_000 }).toBe(true);
  expect(await done("study", "review", at(asked, "proposal.json"))).toContain(digest);
  await done("study", "consent", at(asked), digest);
  for (const { code, out, err } of await Promise.all(parts))
    expect([code, out], err).toEqual([0, "the study is finished\n"]);
  const prompt = await atPrompt;
  expect([prompt.code, prompt.shown], prompt.err).toEqual([0, expect.stringMatching(/the study is finished\n$/)]);
  expect(prompt.shown).toMatch(/Do you consent to this proposal\?[\s\S]*May the others see your own test scores/);
  expect(prompt.shown.indexOf(digest)).toBeLessThan(prompt.shown.indexOf("Do you consent")); // the review comes first
  const { code, out, err } = await serving;
  expect([code, out], err).toEqual([0, `the study is finished: ${join(study, "result")}\n`]);
  expect(err).toMatch(/round 2\/2 .*3 participants/);
  const together = JSON.parse(readFileSync(join(study, "result", "together.json"), "utf8"));
  const showing = together.members.flatMap((m: { name: string; values?: unknown }) => (m.values ? m.name : []));
  expect(showing.sort()).toEqual([prompted, other].sort());
  expect(together.rounds).toHaveLength(3);
  expect(existsSync(join(study, "result", "model", "model.safetensors"))).toBe(true);
  for (const folder of [study, ...names.map((n) => at(n))])
    expect(readFileSync(join(folder, "transcript", "log.jsonl"), "utf8").split("\n").length).toBeGreaterThan(4);
  const result = join(study, "result");
  expect(readdirSync(join(result, "transcripts")).sort()).toEqual(["center", ...names].sort());
  const files = readdirSync(join(result, "model")).sort();
  expect(files).toEqual(expect.arrayContaining(["config.json", "model.safetensors", "tokenizer.json"]));
  for (const name of names) {
    expect(readdirSync(at(name, "model")).sort()).toEqual(files);
    for (const file of files)
      expect(readFileSync(at(name, "model", file)).equals(readFileSync(join(result, "model", file))), file).toBe(true);
  }
  expect((await concord(["coordinator", "propose", study, at("recipe.yaml"), "--start", at("start")])).err).toMatch(
    /has a proposal already/,
  );
  await releasedByAll(result);
}, 60_000);

/** Another digest, as an option and in the folder, is no consent to this proposal: the owner is asked. */
async function consentsToAnother(folder: string, table: string): Promise<void> {
  const another = "0".repeat(64);
  await writeAnswer(folder, "consent", { digest: another });
  const news: string[] = [];
  const stop = new AbortController();
  const onNews = ({ kind }: { readonly kind: string }) => {
    news.push(kind);
    if (kind === "asked") setTimeout(() => stop.abort(), 200);
    if (kind === "consented") stop.abort();
  };
  const part = takePart({ folder, table, consent: another, signal: stop.signal, onNews });
  await expect(part).rejects.toThrow(/E_INTERRUPTED/);
  expect(news).toEqual(["asked"]);
}

/** Release, each member's signature, release, verification, as users type them. */
async function releasedByAll(result: string) {
  const policy = at("policy.yaml");
  const members = names.map((n) => `${n}-key.pub.json`).join(", ");
  writeFileSync(
    policy,
    `version: 1\nsigners: { coordinator: [center-key.pub.json], member: [${members}] }\nrequire: [coordinator, member]\ngates: [{ value: together.survivors.least, atLeast: 3 }]\n`,
  );
  const release = () => concord(["release", result, "--policy", policy, "--key", at("center-key.key")]);
  expect((await release()).err).toMatch(/E_SIGNATURE[\s\S]*not signed by every role that the policy requires: member/);
  for (const name of names) await done("sign", join(result, "passport.json"), "--key", at(`${name}-key.key`));
  const { code, err } = await release();
  expect(code, err).toBe(0);
  await done("verify", join(result, "release"), "--policy", policy);
}

test("what a user leaves out or mistypes is said", async () => {
  expect((await concord(["coordinator", "init", at("x")])).err).toMatch(/E_ARGUMENT[\s\S]*--name/);
  expect((await concord(["coordinator", "init", at("x"), "--name", "a b"])).err).toMatch(/not a name/);
  expect((await concord(["enrol", "hello", "--key", at("center-key.key")])).err).toMatch(/no enrolment code/);
  expect((await concord(["participant", at("nowhere"), "--table", "rows.csv"])).err).toMatch(
    /no enrolment in this folder/,
  );
  expect((await concord(["study", "consent", at("nowhere"), "abc"])).err).toMatch(/not a digest/);
  expect((await concord(["coordinator", "serve", at("nowhere")])).err).toMatch(/no coordinator's folder/);
});
