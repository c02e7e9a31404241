// Parties of a study as they run between organisations, with real private training: a member whose budget is spent goes, the others go on.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ConcordError } from "../../src/base/index.ts";
import { proposalDigest } from "../../src/federated/index.ts";
import { nodePrimitives } from "../../src/federated/node/index.ts";
import {
  type CoordinatorNews,
  coordinate,
  enrolMember,
  initCoordinator,
  openCoordinatorFolder,
  openMemberWork,
  proposeInFolder,
  storedStudy,
  takePart,
} from "../../src/pipeline/index.ts";
import { makeKey } from "../../src/store/index.ts";
import { freePort } from "../federated/net/loopback.ts";
import { names, prepareStudy, recipe } from "../together/rows.ts";

const home = mkdtempSync(join(tmpdir(), "concord-hosting-"));
const at = (...parts: string[]) => join(home, ...parts);
beforeAll(() => prepareStudy(home, [30, 30, 30]));
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** Spends the budget of a study at a member: rounds of other models, as failed attempts would. @returns what says that it is spent */
async function spend(name: string): Promise<ConcordError> {
  const { proposal, model, start } = (await storedStudy(at("study")))!;
  const { work, close } = await openMemberWork({
    proposal,
    start,
    table: at(`${name}.csv`),
    folder: at(name, "private"),
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

test("a member whose privacy budget is spent withdraws with that reason, and the run goes on without it", async () => {
  const now = new Date();
  for (const name of ["center", ...names]) await makeKey({ path: at(`${name}-key`), name, now });
  const address = `127.0.0.1:${await freePort()}`;
  await initCoordinator({ folder: at("study"), name: "center", keyFile: at("center-key.key"), address, now });
  const news: CoordinatorNews[] = [];
  let listens = () => {};
  const listening = new Promise<void>((resolve) => {
    listens = resolve;
  });
  const onNews = (n: CoordinatorNews) => {
    news.push(n);
    if (n.kind === "listening") listens();
  };
  const listen = { host: "127.0.0.1", port: Number(address.split(":")[1]) };
  const coordinated = coordinate({ folder: at("study"), listen, onNews });
  await listening;
  const study = await openCoordinatorFolder(at("study"));
  for (const name of names) {
    const code = await study.members.invite(name, new Date(Date.now() + 60_000));
    await enrolMember({ code, keyFile: at(`${name}-key.key`), folder: at(name) });
  }
  const which = recipe("adapt.privacy.epsilon=8", "adapt.privacy.delta=1e-3", "together.rounds=1");
  const proposal = await proposeInFolder(study, { recipe: which, start: at("start"), run: "study-private" });
  const spent = await spend("hospital");
  expect(spent.facts.path).toBe("adapt.privacy.epsilon");
  const digest = proposalDigest(nodePrimitives, proposal);
  const ends = await Promise.all(
    names.map((name) => takePart({ folder: at(name), table: at(`${name}.csv`), consent: digest })),
  );
  expect(ends).toEqual(["withdrawn", "finished", "finished"]);
  expect(await coordinated).toBe("finished");
  const together = JSON.parse(readFileSync(at("study", "result", "together.json"), "utf8"));
  expect(together.members).toMatchObject([
    { name: "hospital", rounds: 0, left: spent.facts.problem },
    { name: "ministry", rounds: 1 },
    { name: "university", rounds: 1 },
  ]);
  expect(news.filter((n) => n.kind === "missing" || n.kind === "fault")).toEqual([]);
  expect(readdirSync(at("study", "result", "transcripts")).sort()).toEqual(["center", ...names].sort());
  expect(readdirSync(at("hospital"))).not.toContain("model");
  // started again, all know that it is over, with nobody there to ask
  expect(await takePart({ folder: at("ministry"), table: at("ministry.csv") })).toBe("finished");
});
