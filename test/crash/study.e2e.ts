// A study of four processes, any of which is killed (SIGKILL) at any moment and started again: no round counts twice, nothing that was
// acknowledged is lost, and the model is the undisturbed run's, bit for bit. Needs `npm run build`.
import { type ChildProcess, spawn } from "node:child_process";
import { createHash, createPublicKey } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { random } from "../../src/base/index.ts";
import { proposalDigest } from "../../src/federated/index.ts";
import { nodePrimitives } from "../../src/federated/node/index.ts";
import { loadModel } from "../../src/models/node/index.ts";
import { makeKey } from "../../src/store/index.ts";
import {
  initCoordinator,
  openCoordinatorFolder,
  proposeInFolder,
  storedStudy,
} from "../../src/studies/hosting/folders.ts";
import { enrolMember } from "../../src/studies/hosting/take-part.ts";
import { readTranscript } from "../../src/studies/transcript.ts";
import { freePort } from "../federated/net/loopback.ts";
import { names, prepareStudy, recipe } from "../together/rows.ts";

const wanted = Number(process.env.CONCORD_STUDY_KILLS ?? 4);
const rounds = 10;
/** Most kills of one study. */
const perStudy = 25;
const program = fileURLToPath(new URL("../../dist/test/crash/party.js", import.meta.url));
const home = mkdtempSync(join(tmpdir(), "concord-study-kills-"));
const rng = random(47);
beforeAll(() => prepareStudy(home, [40, 40, 40]));
afterAll(() => {
  for (const child of children) child.kill("SIGKILL");
  rmSync(home, { recursive: true, force: true });
});
const children = new Set<ChildProcess>();

/** A process that is started again whenever it is killed. */
class Party {
  readonly #args: readonly string[];
  #child: ChildProcess | undefined;
  #over: (end: string) => void = () => {};
  #failed: (problem: Error) => void = () => {};
  readonly end: Promise<string>;
  readonly news: Record<string, unknown>[] = [];
  isOver = false;

  constructor(...args: string[]) {
    this.#args = args;
    this.end = new Promise((resolve, reject) => {
      this.#over = resolve;
      this.#failed = reject;
    });
    this.end.catch(() => {});
    this.#start();
  }

  kill(): boolean {
    return this.#child?.kill("SIGKILL") ?? false;
  }

  #start(): void {
    const child = spawn(process.execPath, [program, ...this.#args], { stdio: ["ignore", "pipe", "pipe"] });
    this.#child = child;
    children.add(child);
    let [line, err] = ["", ""];
    child.stdout.on("data", (data: Buffer) => {
      const lines = `${line}${data}`.split("\n");
      line = lines.pop()!;
      for (const one of lines) this.news.push(JSON.parse(one));
    });
    child.stderr.on("data", (data: Buffer) => (err += data));
    child.on("close", (code, signal) => {
      children.delete(child);
      if (signal === "SIGKILL") return this.#start();
      this.isOver = true;
      if (code === 0) this.#over(String(this.news.at(-1)?.end));
      else this.#failed(new Error(`${this.#args[0]} ended with ${code}: ${err}`));
    });
  }
}

interface Ended {
  readonly folder: string;
  /** The last round that had counted when each kill came. */
  readonly kills: readonly number[];
  /** Time of one round, ms, restarts included. */
  readonly roundMs: number;
  /** SHA-256 of the model's files at the coordinator. */
  readonly model: Readonly<Record<string, string>>;
}

const hashes = (folder: string) =>
  Object.fromEntries(
    readdirSync(folder)
      .sort()
      .map((name) => [
        name,
        createHash("sha256")
          .update(readFileSync(join(folder, name)))
          .digest("hex"),
      ]),
  );

interface Kills {
  /** Most of them; the study may be over before. */
  readonly most: number;
  /** Longest time from a round's end to a kill, ms: an undisturbed round, so that kills come in each part of it and none is passed over. */
  readonly within: number;
}

/** A study from its first key to its result. */
async function study(name: string, entropy: "known" | "random", kills: Kills = { most: 0, within: 0 }): Promise<Ended> {
  const at = (...parts: string[]) => join(home, name, ...parts);
  const now = new Date();
  mkdirSync(at());
  for (const who of ["center", ...names]) await makeKey({ path: at(`${who}-key`), name: who, now });
  const port = await freePort();
  const folder = at("study");
  await initCoordinator({ folder, name: "center", keyFile: at("center-key.key"), address: `127.0.0.1:${port}`, now });
  const center = new Party("coordinator", folder, String(port));
  await expect.poll(() => center.news.some((n) => n.kind === "listening"), { timeout: 30_000 }).toBe(true);
  const opened = await openCoordinatorFolder(folder);
  for (const who of names) {
    const code = await opened.members.invite(who, new Date(Date.now() + 600_000));
    await enrolMember({ code, keyFile: at(`${who}-key.key`), folder: at(who) });
  }
  const which = recipe(`together.rounds=${rounds}`, "together.siteValues=true", "together.maxExamples=100");
  const proposal = await proposeInFolder(opened, { recipe: which, start: join(home, "start"), run: "study-kills" });
  const digest = proposalDigest(nodePrimitives, proposal);
  const members = names.map((who) => new Party("member", at(who), join(home, `${who}.csv`), digest, entropy));
  const parties = [center, ...members];
  const over = Promise.all(parties.map((p) => p.end));
  const done: number[] = [];
  const counted = () => center.news.flatMap((n) => (n.kind === "counted" ? (n.result as { round: number }).round : []));
  const last = () => Math.max(0, ...counted());
  const isOver = () => parties.every((p) => p.isOver);
  const began = performance.now();
  while (done.length < kills.most && !isOver()) {
    const due = Math.floor((done.length * (rounds + 2)) / kills.most); // all over the rounds, and after the last
    while (last() < due && !isOver()) await sleep(20);
    await Promise.race([over, sleep(rng.float() * kills.within)]);
    const alive = parties.filter((p) => !p.isOver);
    if (alive.length > 0 && alive[rng.int(alive.length)]!.kill()) done.push(last());
  }
  expect(await over).toEqual(Array(4).fill("finished"));
  const roundMs = (performance.now() - began) / (rounds + 1);
  expect(new Set(counted()).size, "a round was counted twice").toBe(counted().length);
  expect(center.news.filter((n) => n.kind === "failed" || n.kind === "fault" || n.kind === "missing")).toEqual([]);
  return { folder, kills: done, roundMs, model: hashes(join(folder, "result", "model")) };
}

/** Every round counted once, with every member; and each party's signed log says the same. */
async function checkRounds({ folder, model }: Ended) {
  const { proposal } = (await storedStudy(folder))!;
  const all = [proposal.coordinator, ...proposal.members];
  for (const { name, key } of all) {
    const spki = createPublicKey({ key: Buffer.from(key, "base64"), format: "der", type: "spki" });
    const place = join(folder, "result", "transcripts", name);
    const told = await readTranscript(place, name, spki);
    expect(told.rounds.map((r) => [r.round, [...r.survivors].sort()])).toEqual(
      Array.from({ length: rounds + 1 }, (_, i) => [i + 1, names]),
    );
    expect(told.aborted).toEqual([]);
    if (name !== proposal.coordinator.name) expect(hashes(join(folder, "..", name, "model"))).toEqual(model);
  }
}

test(`four processes of a study that are killed ${wanted} times in all end as if nothing had been`, async () => {
  const whole = await study("whole", "known");
  await checkRounds(whole);
  // with other secrets the masked words are rounded otherwise, and ten rounds of Adam make more of it: how much, undisturbed
  const spread = await distance(await study("other", "random"), whole);
  const reached: number[] = [];
  let run = 0;
  for (; reached.length < wanted; run++) {
    const entropy = run % 2 === 0 ? "known" : "random";
    const kills = { most: Math.min(perStudy, wanted - reached.length), within: whole.roundMs };
    const ended = await study(`run${run}`, entropy, kills);
    await checkRounds(ended);
    if (entropy === "known") expect(ended.model).toEqual(whole.model);
    else {
      const far = await distance(ended, whole);
      console.log(
        `secrets of chance: ${far.toExponential(1)} from the first study, ${spread.toExponential(1)} undisturbed`,
      );
      expect(far).toBeLessThan(10 * spread);
    }
    reached.push(...ended.kills);
    rmSync(join(home, `run${run}`), { recursive: true, force: true });
  }
  const after = Array.from({ length: rounds + 2 }, (_, r) => reached.filter((n) => n === r).length);
  console.log(
    `${reached.length} kills reached, of ${wanted} wanted, in ${run} studies; after round 0, 1, …: ${after.join(", ")}`,
  );
  expect(reached.length).toBe(wanted);
  if (wanted < perStudy) return;
  // All over the rounds: at least two of the four moments in each third.
  for (let from = 0; from < rounds + 2; from += 4)
    expect(
      after.slice(from, from + 4).filter((n) => n > 0).length,
      `kills after rounds ${from} to ${from + 3}`,
    ).toBeGreaterThan(1);
});

/** Largest difference of two models' weights. */
async function distance(one: Ended, other: Ended): Promise<number> {
  const [a, b] = await Promise.all([one, other].map((e) => loadModel(join(e.folder, "result", "model"))));
  let far = 0;
  for (const [name, { data }] of a!.weights)
    for (const [i, w] of data.entries()) far = Math.max(far, Math.abs(w - b!.weights.get(name)!.data[i]!));
  return far;
}
