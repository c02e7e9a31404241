// A party's journal on disk: what a crash cuts short is cut off, what was changed is refused, and secrets of rounds that are over are gone.
import { createHash } from "node:crypto";
import { appendFileSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { type Message, proposalDigest, signedMessage } from "../../../src/federated/index.ts";
import { nodePrimitives } from "../../../src/federated/node/index.ts";
import { Outbox } from "../../../src/network/hosts/outbox.ts";
import { type Enrolment, openJournal, openLink } from "../../../src/network/index.ts";
import { partyOf, smallProposal } from "../study.ts";
import { coordinatorOf, loopback, memberOf, quick, temporary } from "./loopback.ts";

const { folder, remove } = temporary();
afterAll(remove);

const filesIn = (place: string) =>
  readdirSync(place, { recursive: true, withFileTypes: true })
    .filter((f) => f.isFile())
    .map((f) => join(f.parentPath, f.name));

/** A journal of these events, closed; its file. */
async function written(name: string, events: readonly unknown[]): Promise<{ place: string; file: string }> {
  const place = join(folder, name);
  const journal = await openJournal(place);
  for (const event of events) await journal.append(event);
  await journal.close();
  return { place, file: join(place, "journal-0") };
}

async function read(place: string): Promise<readonly unknown[]> {
  const journal = await openJournal(place);
  await journal.close();
  return journal.events;
}

test("a last line that a crash cut short is cut off, wherever it was cut, and the journal goes on after it", async () => {
  const { place, file } = await written("torn", [{ n: 1 }, { n: 2 }, { n: 3 }]);
  const whole = readFileSync(file);
  const start = whole.subarray(0, -1).lastIndexOf(10) + 1;
  for (let end = start; end < whole.length; end++) {
    writeFileSync(file, whole.subarray(0, end));
    expect(await read(place)).toEqual([{ n: 1 }, { n: 2 }]);
    expect(statSync(file).size).toBe(start);
  }
  appendFileSync(file, "0123 half a li\n"); // a tail of blocks that were never written
  const journal = await openJournal(place);
  await journal.append({ n: 4 });
  await journal.close();
  expect(await read(place)).toEqual([{ n: 1 }, { n: 2 }, { n: 4 }]);
});

test("a journal of version 1, whose states are of the protocol before, is refused by name", async () => {
  const { place, file } = await written("older", [{ n: 1 }]);
  const text = JSON.stringify("concord-journal 1");
  const line = `${createHash("sha256").update(text).digest("hex").slice(0, 32)} ${text}\n`;
  writeFileSync(file, line + readFileSync(file, "utf8").split("\n").slice(1).join("\n"));
  await expect(read(place)).rejects.toThrow(/E_VERSION[\s\S]*written by another version[\s\S]*concord-journal 2/);
});

test("a line that was changed is refused and named; so are a changed snapshot and a changed content", async () => {
  const { place, file } = await written("changed", [{ n: 1 }, { n: 2 }, { n: 3 }]);
  const whole = readFileSync(file, "utf8");
  writeFileSync(file, whole.replace('{"n":2}', '{"n":7}'));
  await expect(read(place)).rejects.toThrow(/E_CHECKSUM[\s\S]*line 3/); // the first line is the format's
  writeFileSync(file, whole);
  expect(await read(place)).toHaveLength(3);
  const journal = await openJournal(place);
  await journal.append({ large: new Uint8Array(100_000).fill(7) });
  await journal.compact({ kept: new Uint8Array(100_000).fill(9), small: 1 });
  await journal.close();
  const edit = async (path: string, change: (bytes: Buffer) => void) => {
    const before = readFileSync(path);
    const bytes = Buffer.from(before);
    change(bytes);
    writeFileSync(path, bytes);
    await expect(read(place)).rejects.toThrow(/E_CHECKSUM/);
    writeFileSync(path, before);
  };
  const contents = readdirSync(join(place, "blobs"));
  expect(contents).toHaveLength(1); // that of the event is gone
  await edit(join(place, "snapshot-1"), (b) => (b[b.length - 3]! ^= 1));
  await edit(join(place, "blobs", contents[0]!), (b) => (b[5]! ^= 1));
  expect(await read(place)).toEqual([]);
});

test("a coordinator's events are on disk before a member hears of what follows from them", async () => {
  const proposal = smallProposal();
  const host = await coordinatorOf(join(folder, "order"), proposal, 5);
  const told = host.outbox.after("hospital", 1, new AbortController().signal); // after the proposal comes the round's opening
  const heard = told.then(([entry]) => [
    (entry!.message as Message).phase,
    readFileSync(join(folder, "order", "rounds", "journal-0"), "utf8").includes('"from":"university"'),
  ]);
  const body = { proposal: proposalDigest(nodePrimitives, proposal), siteValues: false };
  for (const { name } of proposal.members) {
    const head = { run: proposal.run, round: 0, to: "coordinator" };
    await host.deliver(name, signedMessage(partyOf(name).identity, head, "consent", body), undefined);
  }
  expect(await heard).toEqual(["round", true]);
  await host.close();
});

test("messages that wait for a member are told after a restart, in their places", async () => {
  const { identity } = partyOf("coordinator");
  const told = (reason: string) =>
    signedMessage(identity, { run: "run-of-a-test", round: 1, to: "*" }, "abort", { reason }) as Message;
  const before = new Outbox(["hospital"], 1000);
  for (const reason of ["one", "two"]) before.push(told(reason));
  const after = new Outbox(["hospital"], 1000, before.state());
  after.push(told("three"));
  const entries = await after.after("hospital", 1, new AbortController().signal);
  expect(entries).toEqual([
    { seq: 2, message: told("two") },
    { seq: 3, message: told("three") },
  ]);
});

test("entropy of rounds that are over is nowhere on a member's disk, and only its owner can read what is", async () => {
  const [size, rounds] = [50, 2];
  const proposal = smallProposal({ rounds, size });
  const place = await loopback(join(folder, "study"));
  const enrolments = [];
  for (const { name } of proposal.members) enrolments.push(await place.enrol(name));
  const host = await coordinatorOf(place.folder, proposal, size);
  await place.server.serve(host, proposal);
  const given = new Map<string, Uint8Array>();
  const entropy = (name: string) => (message: unknown) => {
    const { round, phase } = message as Message;
    const secret = new Uint8Array(createHash("sha256").update(`${name} ${round} ${phase}`).digest());
    if (phase === "round") given.set(`${name} ${round}`, secret);
    return secret;
  };
  const early: string[] = [];
  /** A line on which every message that leaves is looked for on disk, with what it follows from. */
  const watched = (e: Enrolment) => {
    const link = openLink({ ...e, credentials: e, limits: quick });
    const cause = { consent: '"kind":"consent"', keys: '"phase":"round"', masked: '"kind":"trained"' };
    return {
      ...link,
      deliver: async (message: unknown, payload?: Uint8Array) => {
        const { phase } = message as Message;
        const files = readdirSync(join(place.folder, e.name)).filter((f) => f.startsWith("journal-"));
        const text = files.map((f) => readFileSync(join(place.folder, e.name, f), "utf8")).join("");
        if (phase in cause && !text.includes(cause[phase as keyof typeof cause])) early.push(`${e.name}: ${phase}`);
        await link.deliver(message, payload);
      },
    };
  };
  const seen = new Set<string>();
  const look = () => {
    const contents = filesIn(place.folder).map((path) => readFileSync(path));
    for (const [who, secret] of given) {
      const forms = [Buffer.from(secret), Buffer.from(secret).toString("base64"), Buffer.from(secret).toString("hex")];
      if (contents.some((c) => forms.some((f) => c.includes(f)))) seen.add(who);
    }
    return contents.length;
  };
  const members = await Promise.all(
    enrolments.map((e) =>
      memberOf(place.folder, e, proposal, size, {
        more: { entropy: entropy(e.name), link: watched(e) },
        work: () => void look(),
      }),
    ),
  );
  await Promise.all(members.map((m) => m.run()));
  expect(given.size).toBe(9);
  expect(early).toEqual([]); // it is on disk before anything that follows from it leaves
  expect(seen.size).toBeGreaterThan(0); // it is looked for in the form in which it lies there while a round is open
  seen.clear();
  expect(look()).toBeGreaterThan(5);
  expect([...seen]).toEqual([]);
  const open = filesIn(place.folder).filter((path) => (statSync(path).mode & 0o077) !== 0);
  expect(open).toEqual([]);
  await host.close();
  await place.close();
});
