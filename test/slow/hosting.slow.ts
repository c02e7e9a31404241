// Parties of a study as they run between organisations, with real training: a member whose budget is spent goes, and so does one whose owner
// withdraws; the others go on.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ConcordError } from "../../src/base/index.ts";
import { proposalDigest } from "../../src/federated/index.ts";
import { nodePrimitives } from "../../src/federated/node/index.ts";
import { makeKey } from "../../src/store/index.ts";
import { type CoordinatorNews, coordinate } from "../../src/studies/hosting/coordinate.ts";
import {
  initCoordinator,
  openCoordinatorFolder,
  proposeInFolder,
  storedStudy,
  writeAnswer,
} from "../../src/studies/hosting/folders.ts";
import { enrolMember, type TakePartOptions, takePart } from "../../src/studies/hosting/take-part.ts";
import { openMemberWork } from "../../src/studies/member-work.ts";
import { freePort } from "../federated/net/loopback.ts";
import { names, prepareStudy, recipe } from "../together/rows.ts";

const home = mkdtempSync(join(tmpdir(), "concord-hosting-"));
beforeAll(() => prepareStudy(home, [30, 30, 30]));
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** Spends the budget of a study at a member: rounds of other models, as failed attempts would. @returns what says that it is spent */
async function spend(study: string, member: string, table: string): Promise<ConcordError> {
  const { proposal, model, start } = (await storedStudy(study))!;
  const { work, close } = await openMemberWork({
    proposal,
    start,
    table,
    folder: join(member, "private"),
  });
  try {
    for (let round = 1; round < 100; round++) {
      model[0]! += 1e-3;
      await work("train", round, model);
    }
  } catch (fault) {
    return fault as ConcordError;
  } finally {
    await close();
  }
  throw new Error("a budget without an end");
}

/** A study that is proposed to its members and served. */
async function proposed(folder: string, ...settings: string[]) {
  const place = (...parts: string[]) => join(home, folder, ...parts);
  mkdirSync(place());
  const now = new Date();
  for (const name of ["center", ...names]) await makeKey({ path: place(`${name}-key`), name, now });
  const port = await freePort();
  const address = `127.0.0.1:${port}`;
  const study = place("study");
  await initCoordinator({ folder: study, name: "center", keyFile: place("center-key.key"), address, now });
  const news: CoordinatorNews[] = [];
  const onNews = (n: CoordinatorNews) => void news.push(n);
  const coordinated = coordinate({ folder: study, listen: { host: "127.0.0.1", port }, onNews });
  await expect.poll(() => news.some((n) => n.kind === "listening")).toBe(true);
  const opened = await openCoordinatorFolder(study);
  for (const name of names) {
    const code = await opened.members.invite(name, new Date(Date.now() + 60_000));
    await enrolMember({ code, keyFile: place(`${name}-key.key`), folder: place(name) });
  }
  const proposal = await proposeInFolder(opened, {
    recipe: recipe(...settings),
    start: join(home, "start"),
    run: `study-${folder}`,
  });
  const consent = proposalDigest(nodePrimitives, proposal);
  const takes = (name: string, more: Partial<TakePartOptions> = {}) =>
    takePart({ folder: place(name), table: join(home, `${name}.csv`), consent, ...more });
  return { place, news, coordinated, takes };
}

const parties = ["center", ...names].sort();

test("a member whose privacy budget is spent withdraws with that reason, and the run goes on without it", async () => {
  const settings = ["adapt.privacy.epsilon=8", "adapt.privacy.delta=1e-3", "together.rounds=1"];
  const { place, news, coordinated, takes } = await proposed("private", ...settings);
  const spent = await spend(place("study"), place("hospital"), join(home, "hospital.csv"));
  expect(spent.facts.path).toBe("adapt.privacy.epsilon");
  expect(await Promise.all(names.map((name) => takes(name)))).toEqual(["withdrawn", "finished", "finished"]);
  expect(await coordinated).toBe("finished");
  const together = JSON.parse(readFileSync(place("study", "result", "together.json"), "utf8"));
  expect(together.members).toMatchObject([
    { name: "hospital", rounds: 0, left: spent.facts.problem },
    { name: "ministry", rounds: 1 },
    { name: "university", rounds: 1 },
  ]);
  expect(news.filter((n) => n.kind === "missing" || n.kind === "fault")).toEqual([]);
  expect(readdirSync(place("study", "result", "transcripts")).sort()).toEqual(parties);
  expect(readdirSync(place("hospital"))).not.toContain("model");
  expect(await takes("ministry")).toBe("finished"); // started again, it knows that it is over, with nobody there to ask
  const endPath = place("ministry", "end.json"); // as after a kill between its end and the giving of its transcript
  writeFileSync(endPath, JSON.stringify({ end: "finished", given: false }));
  const said: string[] = [];
  const onNews: TakePartOptions["onNews"] = (n) => n.kind === "refused" && said.push(n.problem);
  expect(await takes("ministry", { submitTimeoutMs: 1000, onNews })).toBe("finished");
  expect(said).toEqual([expect.stringMatching(/coordinator is not reached[\s\S]*log\.jsonl/)]);
  expect(JSON.parse(readFileSync(endPath, "utf8"))).toEqual({ end: "finished", given: false }); // tried again the next time
});

test("an owner withdraws while its member takes part: the reason is recorded, and the others end the study", async () => {
  const { place, coordinated, takes } = await proposed("withdrawn", "together.rounds=12");
  let rounds = 0;
  const onNews: TakePartOptions["onNews"] = (news) => {
    if (news.kind === "round" && ++rounds === 2)
      void writeAnswer(place("university"), "withdraw", { reason: "our board decided against it" });
  };
  const ends = await Promise.all(names.map((name) => takes(name, name === "university" ? { onNews } : {})));
  expect(ends).toEqual(["finished", "finished", "withdrawn"]);
  expect(await coordinated).toBe("finished");
  const together = JSON.parse(readFileSync(place("study", "result", "together.json"), "utf8"));
  expect(together.members[2]).toMatchObject({ name: "university", left: "our board decided against it" });
  expect(together.members[2].rounds).toBeGreaterThan(0);
  expect(together.members[2].rounds).toBeLessThan(12);
  expect(together.members[0].rounds).toBe(12);
  expect(readdirSync(place("study", "result", "transcripts")).sort()).toEqual(parties);
});
