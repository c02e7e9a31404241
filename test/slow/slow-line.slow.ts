// A member on a line of 1 KB a second: its part of a study takes long, and is done.
import { afterAll, expect, test } from "vitest";
import type { Enrolment } from "../../src/network/index.ts";
import { faultProxy } from "../federated/net/fault-proxy.ts";
import { coordinatorOf, loopback, memberOf, temporary } from "../federated/net/loopback.ts";
import { smallProposal } from "../federated/study.ts";

const { folder, remove } = temporary();
afterAll(remove);

test("a study ends with a member whose line carries 1 KB a second", async () => {
  const size = 20;
  const proposal = smallProposal({ size, members: 2, change: { tests: [] } });
  const place = await loopback(folder);
  const enrolments: Enrolment[] = [];
  for (const m of proposal.members) enrolments.push(await place.enrol(m.name));
  const line = await faultProxy(place.port, { rate: 1000 });
  const host = await coordinatorOf(place.folder, proposal, size);
  await place.server.serve(host, proposal);
  const started = performance.now();
  const address = `127.0.0.1:${line.port}`;
  const members = await Promise.all(
    enrolments.map((e, i) => memberOf(place.folder, e, proposal, size, i === 0 ? { address } : {})),
  );
  const ends = await Promise.all(members.map((m) => m.run()));
  const seconds = (performance.now() - started) / 1000;
  const { up, down } = line.bytes();
  console.log(`${up} bytes up and ${down} down over ${line.connections()} connections in ${seconds.toFixed(0)} s`);
  expect(ends.map((e) => e.end)).toEqual(["finished", "finished"]);
  expect(host.state.results.map((r) => r.survivors)).toEqual([["hospital", "ministry"]]);
  expect(seconds).toBeGreaterThan(Math.max(up, down) / 1000 / line.connections()); // it was the line that took the time
  await host.close();
  await place.close();
  await line.close();
});
