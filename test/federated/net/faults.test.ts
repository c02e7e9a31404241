// Broken networks and broken machines: rounds end as if nothing had been.
import { createHash } from "node:crypto";
import { afterAll, expect, test } from "vitest";
import { random } from "../../../src/base/index.ts";
import type { Message } from "../../../src/federated/index.ts";
import type { CoordinatorHost, Enrolment, ParticipantHost } from "../../../src/network/index.ts";
import { smallProposal } from "../study.ts";
import { type Faults, faultProxy } from "./fault-proxy.ts";
import { coordinatorOf, loopback, memberOf, quick, temporary } from "./loopback.ts";

const { folder, remove } = temporary();
afterAll(remove);

const sha256 = (text: string) => new Uint8Array(createHash("sha256").update(text).digest());

async function studyThrough(name: string, faults: Faults, { size = 50, rounds = 1, limits = quick } = {}) {
  const proposal = smallProposal({ rounds, size });
  const place = await loopback(`${folder}/${name}`, { limits });
  const enrolments: Enrolment[] = [];
  for (const m of proposal.members) enrolments.push(await place.enrol(m.name));
  const proxy = await faultProxy(place.port, faults);
  const host = await coordinatorOf(place.folder, proposal, size);
  await place.server.serve(host, proposal);
  const members = await Promise.all(
    enrolments.map((e) => memberOf(place.folder, e, proposal, size, { address: `127.0.0.1:${proxy.port}`, limits })),
  );
  const ends = await Promise.all(members.map((m) => m.run()));
  expect(ends.map((e) => e.end)).toEqual(["finished", "finished", "finished"]);
  const { state } = host;
  await host.close();
  await proxy.close();
  await place.close();
  expect([state.stage, state.failures, state.results.length]).toEqual(["finished", 0, rounds + 1]);
  expect(state.results.every((r) => r.examples === 60)).toBe(true);
  return proxy.connections();
}

test("connections that are cut, end early or have a bit changed are dialled again, and the round counts once", async () => {
  const sometimes = (every: number, bytes: number) => (n: number) =>
    n % every === 0 ? bytes + 977 * (n % 7) : undefined;
  expect(await studyThrough("cut", { cutAfter: sometimes(2, 4000) })).toBeGreaterThan(6);
  expect(await studyThrough("short", { truncateAfter: sometimes(2, 3500) })).toBeGreaterThan(6);
  expect(await studyThrough("changed", { corruptAt: sometimes(2, 2500) })).toBeGreaterThan(6);
});

test("a slow and distant line is only slow", async () => {
  await studyThrough("far", { latencyMs: 10, rate: 100_000 });
});

/**
 * A study whose parties are stopped at random moments, with what was in memory lost, and opened again from their folders.
 * @param kills none is the undisturbed run
 */
async function disturbed(name: string, kills: number, seed: number) {
  const size = 50;
  const rounds = 10;
  const proposal = smallProposal({ rounds, size });
  const random01 = random(seed);
  const counted = new Map<number, number>();
  const place = await loopback(`${folder}/${name}`);
  const enrolments: Enrolment[] = [];
  for (const m of proposal.members) enrolments.push(await place.enrol(m.name));
  let server = place;
  const open = async (): Promise<CoordinatorHost> => {
    const host = await coordinatorOf(place.folder, proposal, size, {
      onEffect: (e) => e.kind === "counted" && counted.set(e.result.round, (counted.get(e.result.round) ?? 0) + 1),
    });
    await server.server.serve(host, proposal);
    return host;
  };
  let host = await open();
  const stops = new Map<string, AbortController>();
  const finished = new Set<string>();
  const running = new Map<string, Promise<void>>();
  const start = async (enrolment: Enrolment): Promise<void> => {
    const stop = new AbortController();
    stops.set(enrolment.name, stop);
    const member: ParticipantHost = await memberOf(place.folder, enrolment, proposal, size, {
      signal: stop.signal,
      more: { entropy: (message) => sha256(`${enrolment.name} ${(message as Message).round}`) },
    });
    running.set(
      enrolment.name,
      member.run().then(
        () => void finished.add(enrolment.name),
        () => {}, // stopped
      ),
    );
  };
  const killMember = async (enrolment: Enrolment) => {
    stops.get(enrolment.name)!.abort();
    await running.get(enrolment.name);
    if (!finished.has(enrolment.name)) await start(enrolment);
  };
  const killCoordinator = async () => {
    const { authority, credentials, port } = server;
    await server.close();
    await host.close();
    server = await loopback(place.folder, { authority, credentials, port });
    host = await open();
  };
  for (const e of enrolments) await start(e);
  for (let k = 0; k < kills && host.state.stage !== "finished"; k++) {
    await new Promise((r) => setTimeout(r, random01.float() * 60));
    const who = random01.int(4);
    if (who === 3) await killCoordinator();
    else await killMember(enrolments[who]!);
  }
  while (finished.size < 3) await new Promise((r) => setTimeout(r, 10));
  const { state } = host;
  await host.close();
  await server.close();
  return { state, counted };
}

test("parties that are stopped at random moments of ten rounds end with the bits of the undisturbed run, and no round counts twice", async () => {
  const whole = await disturbed("whole", 0, 0);
  const { state, counted } = await disturbed("stopped", Number(process.env.CONCORD_STOPS ?? 12), 3);
  expect([state.stage, state.failures, state.results.length]).toEqual(["finished", 0, 11]);
  expect(state.results).toEqual(whole.state.results); // rounds, who stayed, counts, and the SHA-256 of every model
  expect([...counted.keys()]).toEqual(state.results.map((r) => r.round));
  expect([...counted.values()].every((times) => times === 1)).toBe(true);
  expect(Buffer.from(state.model.buffer)).toEqual(Buffer.from(whole.state.model.buffer));
});
