// What owners of rows are shown before they agree, and the command that shows it.
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { defaultThreshold, signedMessage } from "../../src/federated/index.ts";
import { readProposalFile, reviewProposal } from "../../src/studies/review.ts";
import { concord } from "../command-line.ts";
import { partyOf, smallProposal } from "../federated/study.ts";

const folder = mkdtempSync(join(tmpdir(), "concord-review-"));
function write(name: string, value: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(value));
  return path;
}
const proposeOf = (proposal = smallProposal(), identity = partyOf("coordinator").identity) =>
  signedMessage(identity, { run: proposal.run, round: 0, to: "*" }, "propose", { proposal });

test("a review says what leaves, how often, how large, and in which form", () => {
  const { leaves } = reviewProposal(smallProposal({ rounds: 4, size: 12 }), true);
  expect(leaves).toEqual([
    { what: "update", parts: ["a", "b"], numbers: 12, bytes: 48, times: 4, bound: 1, form: "masked" },
    { what: "examples", parts: ["examples"], numbers: 1, bytes: 4, times: 5, bound: 100, form: "masked" },
    { what: "counts", parts: ["right"], numbers: 1, bytes: 4, times: 4, bound: 1000, form: "masked" },
    { what: "tests", parts: ["confusion"], numbers: 4, bytes: 16, times: 1, bound: 1000, form: "masked" },
  ]);
});

test.each([
  ["noPrivacy", {}, { change: { recipe: { adapt: { privacy: { epsilon: 8 } } } } }],
  ["twoMembers", { members: 2 }, { members: 3, threshold: 3 }],
  ["lowThreshold", { members: 3, threshold: 2 }, { members: 3, threshold: 3 }],
  ["siteValues", { change: { siteValues: true } }, {}],
  ["manyExamples", { change: { maxExamples: 2_000_000 } }, {}],
  ["singleCounts", { change: { maxExamples: 9 } }, {}],
  ["largeBound", { change: { update: [{ name: "a", size: 1, kind: "real", bound: 1000 }] } }, {}],
] as const)("warning %s stands where it should, and only there", (name, bad, good) => {
  expect(reviewProposal(smallProposal(bad), true).warnings).toContain(name);
  expect(reviewProposal(smallProposal(good), true).warnings).not.toContain(name);
});

test("what the threshold means: who may drop out, and how many a lying coordinator needs", () => {
  const of = (members: number, threshold: number) => {
    const { mayDrop, colluders } = reviewProposal(smallProposal({ members, threshold }), true);
    return [mayDrop, colluders];
  };
  expect(of(3, 2)).toEqual([1, 1]);
  expect(of(3, 3)).toEqual([0, 2]);
  expect(of(5, 4)).toEqual([1, 3]);
  expect(of(6, defaultThreshold(6))).toEqual([1, 4]);
  expect(of(6, 4)).toEqual([2, 2]);
  const change = (neighbours: number) => ({ members: 10, threshold: 8, change: { neighbours } });
  expect(reviewProposal(smallProposal(change(6)), true).colluders).toBe(2); // all of a thin stretch, rather than 6
  expect(reviewProposal(smallProposal(change(10)), true).colluders).toBe(6); // everybody is a neighbour
});

test("a proposal in the coordinator's signed message is known as signed; another's signature is refused", async () => {
  expect((await readProposalFile(write("signed.json", proposeOf()))).signed).toBe(true);
  expect((await readProposalFile(write("plain.json", smallProposal()))).signed).toBe(false);
  const false_ = { ...partyOf("ministry").identity, name: "coordinator" };
  await expect(readProposalFile(write("false.json", proposeOf(smallProposal(), false_)))).rejects.toThrow(
    "E_SIGNATURE",
  );
});

test("concord study review shows every setting of the recipe, the warnings and the digest, in both languages and as JSON", async () => {
  const recipe = { adapt: { epochs: 3, privacy: { epsilon: 2 } }, data: { file: "mine.csv" } };
  const path = write("proposal.json", proposeOf(smallProposal({ change: { recipe, siteValues: true } })));
  const english = await concord(["study", "review", path]);
  expect(english.code).toBe(0);
  for (const text of [
    "adapt.epochs",
    '"mine.csv"',
    "2 of 3 participants stay",
    "ε ≤ 2",
    "two thirds",
    "signed by coordinator",
  ])
    expect(english.out).toContain(text);
  const chinese = await concord(["study", "review", path, "--lang", "zh"]);
  expect(chinese.out).toContain("三分之二");
  const json = JSON.parse((await concord(["study", "review", path, "--json"])).out);
  expect(json).toMatchObject({
    threshold: 2,
    privacy: { epsilon: 2 },
    warnings: ["twoMembers", "lowThreshold", "siteValues"],
  });
  expect(english.out).toContain(json.digest);
});

test("buckets of robust aggregation: who is summed with whom, what it costs, and how many may lie", async () => {
  const robust = { rule: "median", bucketSize: 4 };
  const proposal = smallProposal({ members: 15, threshold: 11, change: { robust } });
  const found = reviewProposal(proposal, true);
  expect(found.buckets).toMatchObject({ rule: "median", least: 4, tolerated: 1 });
  expect(found.buckets!.members.flat().sort()).toEqual(found.members);
  expect(found.colluders).toBe(3); // all others of a sum over four, though eleven must stay in all
  expect(reviewProposal(smallProposal({ members: 15, threshold: 11 }), true)).toMatchObject({
    buckets: null,
    colluders: 7,
  });
  const path = write("buckets.json", proposeOf(proposal));
  const [english, chinese] = await Promise.all(
    ["en", "zh"].map((language) => concord(["study", "review", path, "--lang", language])),
  );
  expect(english!.out).toContain("bucket 1  ");
  expect(english!.out).toContain("with those of your bucket only, 4 participants or more");
  expect(english!.out).toContain(found.buckets!.members[2]!.join(", "));
  expect(chinese!.out).toContain("第 3 桶");
});
