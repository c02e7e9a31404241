// Studies in which something ends too early: a transfer in the middle of a content, and a membership in the middle of a round.
import { afterAll, expect, test } from "vitest";
import type { Enrolment, ParticipantHost } from "../../src/network/index.ts";
import { type Faults, faultProxy } from "../federated/net/fault-proxy.ts";
import {
  coordinatorOf,
  loopback,
  type MemberOptions,
  memberOf,
  patient,
  quick,
  temporary,
} from "../federated/net/loopback.ts";
import { smallProposal } from "../federated/study.ts";

const { folder, remove } = temporary();
afterAll(remove);

/** One round of a model of 400 kB, in ten chunks; one member's line is broken. @returns what went over it */
async function transferred(name: string, faults: Faults) {
  const size = 100_000;
  const limits = { ...quick, chunkBytes: 40_000 };
  const proposal = smallProposal({ size, change: { tests: [] } });
  const place = await loopback(`${folder}/${name}`, { limits });
  const enrolments: Enrolment[] = [];
  for (const m of proposal.members) enrolments.push(await place.enrol(m.name));
  const proxy = await faultProxy(place.port, faults);
  const model = Float32Array.from({ length: size }, (_, i) => Math.cos(i)); // no two chunks are alike
  const host = await coordinatorOf(place.folder, proposal, size, { chunkBytes: limits.chunkBytes, model });
  await place.server.serve(host, proposal);
  const address = `127.0.0.1:${proxy.port}`;
  const members = await Promise.all(
    enrolments.map((e, i) => memberOf(place.folder, e, proposal, size, { limits, ...(i === 0 && { address }) })),
  );
  const ends = await Promise.all(members.map((m) => m.run()));
  expect(ends.map((e) => e.end)).toEqual(["finished", "finished", "finished"]);
  expect(host.state.results.map((r) => r.survivors.length)).toEqual([3]);
  expect(ends.every((e) => Buffer.from(e.model!.buffer).equals(Buffer.from(host.state.model.buffer)))).toBe(true);
  await host.close();
  await place.close();
  await proxy.close();
  return { ...proxy.bytes(), connections: proxy.connections() };
}

test("a content that is cut off in the middle goes on with the chunks that are missing, either way", async () => {
  const whole = await transferred("whole", {});
  const [once, twice] = [400_000, 800_000]; // the words go up once; the model comes down at the round, and at the end
  expect(whole.up).toBeGreaterThan(once);
  expect(whole.down).toBeGreaterThan(twice);
  const first = (connections: number) => (n: number) => (n < connections ? 150_000 : undefined); // three chunks, and some
  const up = await transferred("up", { cutAfter: first(6) });
  expect(up.connections).toBeGreaterThan(whole.connections);
  // each cut loses less than two chunks; anew each time would be 150 kB more a connection
  expect(up.up).toBeLessThan(whole.up + 2 * 80_000);
  const down = await transferred("down", { truncateAfter: first(8) });
  expect(down.connections).toBeGreaterThan(whole.connections + 2);
  expect(down.down).toBeLessThan(whole.down + 4 * 80_000);
});

/** Three members; one is revoked, or withdraws, while it works in the second round. */
async function leavesInside(name: string, threshold: number, how: "revoked" | "withdraws") {
  const [size, rounds] = [50, 3];
  const proposal = smallProposal({ rounds, size, threshold });
  const place = await loopback(`${folder}/${name}`);
  const enrolments: Enrolment[] = [];
  for (const m of proposal.members) enrolments.push(await place.enrol(m.name));
  const host = await coordinatorOf(place.folder, proposal, size);
  await place.server.serve(host, proposal);
  const work = async (round: number, who: string) => {
    if (who !== "university" || round !== 2) return;
    if (how === "revoked") await place.members.revoke(who, "left the consortium");
    else await members[2]!.withdraw("left the consortium");
    await expect.poll(() => host.state.gone.get(who)).toBe("left the consortium");
  };
  const members: ParticipantHost[] = [];
  for (const e of enrolments) members.push(await memberOf(place.folder, e, proposal, size, { work }));
  const ends = members.map((m) =>
    m.run().then(
      ({ end }) => end,
      (error: Error) => error.message,
    ),
  );
  await expect.poll(() => ["finished", "stopped"].includes(host.state.stage), { timeout: 20_000 }).toBe(true);
  const said = await Promise.all(ends); // each ends by itself
  const { state } = host;
  await host.close();
  await place.close();
  return { said, state };
}

test("a member that is revoked in a round is refused from then on, and the others end the study", async () => {
  const { said, state } = await leavesInside("goes-on", 2, "revoked");
  expect(said[0]).toBe("finished");
  expect(said[1]).toBe("finished");
  expect(said[2]).toMatch(/E_SIGNATURE[\s\S]*revoked: left the consortium/);
  expect(state.results.map((r) => [r.round, r.survivors.includes("university")])).toEqual([
    [1, true],
    ...state.results.slice(1).map((r) => [r.round, false]),
  ]);
  expect(state.results).toHaveLength(4);
});

test("where too few are left after a withdrawal in a round, nothing is opened any more and the study stops", async () => {
  const { said, state } = await leavesInside("stops", 3, "withdraws");
  expect(state.stage).toBe("stopped");
  expect(state.results.map((r) => r.round)).toEqual([1]);
  expect(said[2]).toBe("withdrawn");
  expect(said.slice(0, 2)).toEqual(["stopped", "stopped"]);
});

test("a study that too few agree to stops, and owners who still think it over are told", async () => {
  const size = 20;
  const proposal = smallProposal({ size });
  const place = await loopback(`${folder}/undecided`);
  const enrolments: Enrolment[] = [];
  for (const m of proposal.members) enrolments.push(await place.enrol(m.name));
  const waits = { ...patient, consentMs: 300 };
  const host = await coordinatorOf(place.folder, proposal, size, { waits });
  await place.server.serve(host, proposal);
  const reasons: string[] = [];
  const undecided: MemberOptions["more"] = {
    consent: () => new Promise(() => {}),
    onEffect: (effect) => effect.kind === "stopped" && reasons.push(effect.reason),
  };
  const members = await Promise.all(
    enrolments.map((e, i) => memberOf(place.folder, e, proposal, size, i === 0 ? {} : { more: undecided })),
  );
  const ends = await Promise.all(members.map((m) => m.run()));
  expect(ends.map(({ end }) => end)).toEqual(["stopped", "stopped", "stopped"]);
  expect(reasons).toEqual(Array(2).fill("1 of 3 members agreed, 2 are needed"));
  expect(host.state.stage).toBe("stopped");
  await host.close();
  await place.close();
});

test("a member that was revoked before rounds were open has no part in them", async () => {
  const proposal = smallProposal({ size: 50 });
  const place = await loopback(`${folder}/before`);
  for (const m of proposal.members) await place.enrol(m.name);
  await place.members.revoke("university", "left early");
  await new Promise((resolve) => setTimeout(resolve, 100)); // the server has looked
  const host = await coordinatorOf(place.folder, proposal, 50);
  await place.server.serve(host, proposal);
  expect([...host.state.gone]).toEqual([["university", "left early"]]);
  await host.close();
  await place.close();
});
