// A member's private rounds with real training: its ledger holds what the proposal says, once, whatever stops; and its start model is the named one.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ConcordError } from "../../src/base/index.ts";
import type { Proposal } from "../../src/federated/index.ts";
import { type LedgerEntry, ledgerLine } from "../../src/privacy/index.ts";
import type { Recipe } from "../../src/recipe/recipe.ts";
import { memberPrivacy, spentPrivacy } from "../../src/studies/member-privacy.ts";
import { openMemberWork } from "../../src/studies/member-work.ts";
import { proposeStudy } from "../../src/studies/propose.ts";
import { studyRecipe } from "../../src/studies/study-recipe.ts";
import { sha256Text } from "../../src/train/node/ledger-file.ts";
import { bitsOf } from "../bits.ts";
import { coordinatorOf, loopback, memberOf, quick } from "../federated/net/loopback.ts";
import { partyOf, smallProposal } from "../federated/study.ts";
import { names, prepareStudy, recipe } from "../together/rows.ts";

const home = mkdtempSync(join(tmpdir(), "concord-private-rounds-"));
const at = (...parts: string[]) => join(home, ...parts);
beforeAll(() => prepareStudy(home, [30, 30, 30]));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const start = at("start");
const asked = { epsilon: 8, delta: 1e-3, clip: 0.7 };
const privateRecipe = (rounds: number, ...more: string[]) =>
  recipe(
    ...Object.entries(asked).map(([name, value]) => `adapt.privacy.${name}=${value}`),
    `together.rounds=${rounds}`,
    "adapt.batchSize=6",
    ...more,
  );
const party = (name: string) => ({ name, key: partyOf(name).key });
const propose = (which: Recipe) =>
  proposeStudy({
    recipe: which,
    start,
    run: "study-private",
    coordinator: party("coordinator"),
    members: names.map(party),
  });
/** Each folder has a table of its own: what was spent on one does not count for the others. */
const open = (proposal: Proposal, folder: string, more: object = {}) => {
  const table = at(`${folder}-data`, "hospital.csv");
  mkdirSync(dirname(table), { recursive: true });
  cpSync(at("hospital.csv"), table);
  return openMemberWork({ proposal, start, table, folder: at(folder), ...more });
};

type Opened = Extract<LedgerEntry, { kind: "open" }>;
const entriesOf = async (folder: string, which: Recipe) => {
  const stated = (await memberPrivacy(at(folder), which))!;
  const opened = stated.ledger.entries.filter((entry): entry is Opened => entry.kind === "open");
  return { stated, opened };
};

test("a member's ledger says the proposal's clipping, sampling and steps, with noise for all rounds, within the budget", async () => {
  const which = privateRecipe(2);
  const { proposal, model } = await propose(which);
  const { work, close } = await open(proposal, "told");
  await work("train", 1, model);
  const first = (await entriesOf("told", which)).stated.epsilon;
  await work(
    "train",
    2,
    model.map((w) => w + 1e-3),
  );
  await close();
  const { stated, opened } = await entriesOf("told", which);
  const rows = 18; // of 30, three fifths are training rows
  expect(opened).toHaveLength(2);
  for (const { mechanism, budget } of opened) {
    expect(mechanism).toMatchObject({ name: "dp-sgd", clip: asked.clip, clipping: "flat", examples: rows });
    expect(mechanism.sampleRate).toBeCloseTo(6 / rows, 12);
    expect(budget).toEqual({ epsilon: asked.epsilon, delta: asked.delta });
    expect(mechanism.noiseMultiplier).toBe(opened[0]!.mechanism.noiseMultiplier);
  }
  const charges = stated.ledger.entries.filter((entry) => entry.kind === "charge");
  expect(charges.map(({ through }) => through)).toEqual([3, 3]);
  expect(first).toBeLessThan(stated.epsilon);
  expect(stated.epsilon).toBeLessThanOrEqual(asked.epsilon);
  expect(stated.epsilon).toBeGreaterThan(0.9 * asked.epsilon); // nor is it noisier than the budget asks for
});

test("a second study on the same rows goes on with what they have spent", async () => {
  const which = privateRecipe(1);
  const { proposal, model } = await propose(which);
  const first = await open(proposal, "twice");
  await first.work("train", 1, model);
  await first.close();
  const table = at("twice-data", "hospital.csv");
  const opening = openMemberWork({ proposal, start, table, folder: at("twice-again") });
  await expect(opening).rejects.toThrow(/have spent the privacy budget/);
  const larger = await propose(privateRecipe(1, "adapt.privacy.epsilon=20"));
  const second = await openMemberWork({ proposal: larger.proposal, start, table, folder: at("twice-again") });
  await second.work("train", 1, larger.model);
  await second.close();
  const { stated } = await entriesOf("twice-again", privateRecipe(1, "adapt.privacy.epsilon=20"));
  expect(stated.epsilon).toBeGreaterThan(18);
  expect(stated.epsilon).toBeLessThanOrEqual(20);
  expect(stated.ledger.entries[0]).toMatchObject({ kind: "earlier", through: 3 });
});

test("a private round that is stopped and started again is charged once, and gives the same difference", async () => {
  const which = privateRecipe(1, "adapt.epochs=20"); // the stop arrives long before the last of 60 steps
  const { proposal, model } = await propose(which);
  const stopping = new AbortController();
  const stopped = await open(proposal, "stopped", {
    signal: stopping.signal,
    onEvent: (event: { kind: string }) => event.kind === "step" && stopping.abort(),
  });
  await expect(stopped.work("train", 1, model)).rejects.toThrow(/E_INTERRUPTED/);
  const charged = (await entriesOf("stopped", which)).stated.epsilon;
  const again = await open(proposal, "stopped");
  const { values } = await again.work("train", 1, model);
  const kept = await open(proposal, "stopped"); // and once more, after it was done
  const bits = (given: typeof values) => Object.entries(given).map(([name, v]) => [name, bitsOf(Float64Array.from(v))]);
  expect(bits((await kept.work("train", 1, model)).values)).toEqual(bits(values));
  const { stated } = await entriesOf("stopped", which);
  expect(stated.epsilon).toBe(charged);
  expect(stated.ledger.entries.filter((entry) => entry.kind === "charge")).toHaveLength(1);
});

test("a file of the start model that is not the proposal's is refused by its path, before any row is read", async () => {
  const { proposal } = await propose(recipe());
  cpSync(start, at("other-start"), { recursive: true });
  for (const { name } of proposal.files) {
    const path = at("other-start", name);
    const right = readFileSync(path);
    const wrong = Buffer.from(right);
    wrong[wrong.length - 1]! ^= 1;
    writeFileSync(path, wrong);
    const opening = openMemberWork({
      proposal,
      start: at("other-start"),
      table: at("no-table.csv"),
      folder: at("none"),
    });
    await expect(opening).rejects.toMatchObject({ code: "E_CHECKSUM", facts: { path } });
    writeFileSync(path, right);
  }
});

/** Writes a member's ledger of one private round. */
function writeLedger(folder: string): void {
  const mechanism = {
    name: "dp-sgd",
    sampling: "poisson",
    sampleRate: 0.1,
    noiseMultiplier: 2,
    clip: 1,
    clipping: "flat",
    unit: "example",
    examples: 100,
  } as const;
  const opened = ledgerLine({ kind: "open", run: "1", mechanism, budget: { epsilon: 8, delta: 1e-3 } }, "", sha256Text);
  const charged = ledgerLine({ kind: "charge", run: "1", through: 3 }, opened.head, sha256Text);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "privacy-ledger.jsonl"), opened.text + charged.text);
}

test("a member withdraws whatever its ledger says: what one that holds has spent is stated before, of one that was edited nothing", async () => {
  const which = studyRecipe(privateRecipe(1));
  const proposal = smallProposal();
  const place = await loopback(at("withdrawing"));
  const host = await coordinatorOf(place.folder, proposal, 5);
  await place.server.serve(host, proposal);
  const limits = { ...quick, pollMs: 50 };
  const leave = async (name: string, edited: boolean) => {
    const folder = at("withdrawing", `${name}-private`);
    writeLedger(folder);
    const spent = (await spentPrivacy(folder, which))!;
    const path = join(folder, "privacy-ledger.jsonl");
    if (edited) writeFileSync(path, readFileSync(path, "utf8").replace('"through":3', '"through":1'));
    const refused: ConcordError[] = [];
    const more = { privacy: () => spentPrivacy(folder, which) };
    const member = await memberOf(place.folder, await place.enrol(name), proposal, 5, { limits, refused, more });
    const ended = member.run();
    await expect.poll(() => member.state.consent).toBe("given");
    await member.withdraw("our board said no");
    expect((await ended).end).toBe("withdrawn");
    return { spent, refused: refused.map((e) => e.code) };
  };
  const [whole, edited] = [await leave("hospital", false), await leave("ministry", true)];
  const { gone, privacy } = host.state;
  await host.close();
  await place.close();
  expect([...gone]).toEqual(["hospital", "ministry"].map((name) => [name, "our board said no"]));
  expect([...privacy]).toEqual([["hospital", whole.spent]]);
  expect(whole.spent.epsilon).toBeGreaterThan(0);
  expect([whole.refused, edited.refused]).toEqual([[], ["E_CHECKSUM"]]);
});
