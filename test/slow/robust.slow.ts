// A study in buckets over TLS with a member that lies: in the first round at the bound, with all the rows that it may claim, in the second with words
// that no honest members' sum has. Neither stops the study, and no weight goes beyond what honest buckets say.
import { afterAll, expect, test } from "vitest";
import {
  bucketsOf,
  checkTranscript,
  combineMeans,
  type Message,
  proposalDigest,
  signedMessage,
} from "../../src/federated/index.ts";
import { type Enrolment, openLink } from "../../src/network/index.ts";
import { coordinatorOf, keeping, loopback, memberOf, quick, temporary } from "../federated/net/loopback.ts";
import { exactMean, partyOf, primitives, smallProposal } from "../federated/study.ts";

const { folder, remove } = temporary();
afterAll(remove);

test("a lying member over TLS moves no weight beyond the honest buckets, and stops nothing", async () => {
  const robust = { rule: "median", bucketSize: 3 } as const;
  const proposal = smallProposal({ members: 9, threshold: 5, rounds: 2, change: { robust, attempts: 1, tests: [] } });
  const names = proposal.members.map((m) => m.name);
  const buckets = bucketsOf(primitives, proposal, proposalDigest(primitives, proposal))!;
  const liar = buckets[0]![0]!;
  const place = await loopback(`${folder}/lying`);
  const enrolments: Enrolment[] = [];
  for (const { name } of proposal.members) enrolments.push(await place.enrol(name));
  const logs = new Map(["coordinator", ...names].map((n): [string, Message[]] => [n, []]));
  const host = await coordinatorOf(place.folder, proposal, 5, { record: keeping(logs.get("coordinator")!) });
  await place.server.serve(host, proposal);

  /** What the liar's own program sends: in the second round no rows, below zero with those of the others. */
  const lyingLink = (enrolment: (typeof enrolments)[number]) => {
    const { address, authority } = enrolment;
    const link = openLink({ address, authority, credentials: enrolment, limits: quick });
    return {
      ...link,
      deliver: async (message: unknown, payload?: Uint8Array) => {
        const { phase, round, run, to, body } = message as Message<"masked">;
        if (phase !== "masked" || round !== 2) return await link.deliver(message, payload);
        const words = new Uint32Array(payload!.slice().buffer);
        words[5] = words[5]! - 500;
        const bytes = new Uint8Array(words.buffer);
        const sha256 = Buffer.from(primitives.sha256(bytes)).toString("hex");
        const lie = { ...body, words: { sha256, bytes: bytes.length } };
        await link.deliver(signedMessage(partyOf(liar).identity, { run, round, to }, phase, lie), bytes);
      },
    };
  };
  const members = await Promise.all(
    enrolments.map((e) => {
      const record = keeping(logs.get(e.name)!);
      if (e.name !== liar) return memberOf(place.folder, e, proposal, 5, { more: { record } });
      const values = { a: new Float32Array(3).fill(1), b: new Float32Array(2).fill(1), right: [0] };
      const more = { record, link: lyingLink(e), work: async () => ({ examples: proposal.maxExamples, values }) };
      return memberOf(place.folder, e, proposal, 5, { more });
    }),
  );
  const ends = await Promise.all(members.map((m) => m.run()));
  expect(new Set(ends.map((e) => e.end))).toEqual(new Set(["finished"]));
  const { state } = host;
  expect([state.stage, state.failures, state.gone.size, state.results.length]).toEqual(["finished", 0, 0, 2]);

  const means = (round: number) =>
    buckets.slice(1).map((b) =>
      Float64Array.from(
        exactMean(
          b.map((n) => names.indexOf(n)),
          round,
          5,
        ),
      ),
    );
  const second = combineMeans(robust, means(2)); // the liar's bucket is left out
  for (const [i, w] of state.model.entries()) {
    const first = w - second[i]!;
    const honest = means(1).map((m) => m[i]!);
    expect(first).toBeGreaterThan(Math.min(...honest) - 1e-6);
    expect(first).toBeLessThan(Math.max(...honest) + 1e-6);
  }
  for (const [holder, entries] of logs) {
    const { rounds } = checkTranscript(primitives, entries, holder);
    expect(rounds.map((r) => r.buckets!.map((b) => b.members))).toEqual([buckets, buckets]);
    expect(rounds[0]!.buckets!.every((b) => b.sum !== undefined)).toBe(true);
    expect(rounds[1]!.buckets!.map((b) => b.sum !== undefined)).toEqual([false, true, true]);
    expect(rounds[1]!.buckets![0]!.leftOut).toContain("is not what the proposal says");
  }
  await host.close();
  await place.close();
});
