// A study over TLS between hosts in this process: it ends with the bits of the simulation, and members are who their certificates say.
import { afterAll, expect, test } from "vitest";
import { random } from "../../src/base/index.ts";
import { type Message, simulate } from "../../src/federated/index.ts";
import { coordinatorOf, keeping, loopback, memberOf, temporary } from "../federated/net/loopback.ts";
import { smallProposal, smallStudy } from "../federated/study.ts";

const { folder, remove } = temporary();
afterAll(remove);

test("three members over TLS end with the counts and the transcript that they agreed on, and a model as in one process", async () => {
  const size = 300_000; // words of more than one chunk
  const proposal = smallProposal({ rounds: 2, size, change: { siteValues: true } });
  const place = await loopback(`${folder}/plain`);
  const enrolments = [];
  for (const { name } of proposal.members) enrolments.push(await place.enrol(name));
  const logs = new Map<string, Message[]>([
    ["coordinator", []],
    ...proposal.members.map((m): [string, Message[]] => [m.name, []]),
  ]);
  const host = await coordinatorOf(place.folder, proposal, size, { record: keeping(logs.get("coordinator")!) });
  await place.server.serve(host, proposal);
  const members = await Promise.all(
    enrolments.map((e) =>
      memberOf(place.folder, e, proposal, size, {
        more: { record: keeping(logs.get(e.name)!), siteValues: async (model) => ({ first: model[0]! }) },
      }),
    ),
  );
  const ends = await Promise.all(members.map((m) => m.run()));
  expect(ends.map((e) => e.end)).toEqual(["finished", "finished", "finished"]);
  const { state } = host;
  expect([state.stage, state.results.length, state.failures]).toEqual(["finished", 3, 0]);
  expect(state.results.map((r) => r.examples)).toEqual([60, 60, 60]);
  expect([...state.sites.values()]).toEqual(Array(3).fill({ first: state.model[0] }));
  const same = await simulate(smallStudy({ proposal, size, entropy: random(1) }));
  const far = state.model.reduce((m, w, i) => Math.max(m, Math.abs(w - same.coordinator.model[i]!)), 0);
  expect(far).toBeLessThan(1e-7); // masks and rounding differ, the mean does not
  const results = (who: string) => logs.get(who)!.filter((m) => m.phase === "result");
  for (const { name } of proposal.members) expect(results(name)).toEqual(results("coordinator"));
  await host.close();
  await place.close();
});
