// Robust aggregation: the rules against numpy and scipy, the division into buckets against an implementation of its own, and studies with members
// that lie or leave.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { random } from "../../src/base/index.ts";
import {
  bucketsOf,
  checkTranscript,
  combineMeans,
  type Delivery,
  type Message,
  newParticipant,
  type Phase,
  type Proposal,
  proposalDigest,
  type Robust,
  signedMessage,
  simulate,
  toleratedBuckets,
} from "../../src/federated/index.ts";
import { areTooFew } from "../../src/federated/round/member.ts";
import { exactMean, partyOf, primitives, smallProposal, smallStudy } from "./study.ts";

interface Golden {
  readonly cases: readonly {
    readonly means: readonly (readonly number[])[];
    readonly median: readonly number[];
    readonly trimmed: readonly { readonly trim: number; readonly mean: readonly number[] }[];
  }[];
  readonly divisions: readonly {
    readonly digest: string;
    readonly names: readonly string[];
    readonly bucketSize: number;
    readonly buckets: readonly (readonly string[])[];
  }[];
}
const golden = JSON.parse(readFileSync("test/golden/federated/robust.json", "utf8")) as Golden;
const median: Robust = { rule: "median", bucketSize: 3 };
const trimmed = (trim: number): Robust => ({ rule: "trimmed-mean", bucketSize: 3, trim });
const closeTo = (got: ArrayLike<number>, want: readonly number[], within: number) => {
  expect(got.length).toBe(want.length);
  for (let i = 0; i < want.length; i++) expect(Math.abs(got[i]! - want[i]!)).toBeLessThanOrEqual(within);
};

describe("the rules", () => {
  test.each(golden.cases.map((c) => [c.means.length, c] as const))("of %i buckets are numpy's and scipy's", (_, c) => {
    const means = c.means.map((m) => Float64Array.from(m));
    closeTo(combineMeans(median, means), c.median, 1e-12);
    for (const { trim, mean } of c.trimmed) closeTo(combineMeans(trimmed(trim), means), mean, 1e-12);
  });

  test("whatever the false means are, each coordinate lies between those of two true ones, up to the tolerated number and no further", () => {
    const draws = random(3);
    for (let round = 0; round < 300; round++) {
      const count = 3 + Math.floor(draws.float() * 9);
      const robust = [median, trimmed(0.25), trimmed(0.4)][round % 3]!;
      const tolerated = toleratedBuckets(robust, count);
      const honest = Array.from({ length: count }, () => Float64Array.from({ length: 3 }, () => draws.normal()));
      const lies = (many: number, lie: () => number) =>
        honest.map((m, b) => (b < many ? Float64Array.from({ length: 3 }, lie) : m));
      const wild = combineMeans(
        robust,
        lies(tolerated, () => draws.normal() * 1e9),
      );
      const true_ = honest.slice(tolerated);
      for (let i = 0; i < 3; i++) {
        const values = true_.map((m) => m[i]!);
        expect(wild[i]).toBeGreaterThanOrEqual(Math.min(...values));
        expect(wild[i]).toBeLessThanOrEqual(Math.max(...values));
      }
      expect(
        combineMeans(
          robust,
          lies(tolerated + 1, () => 1e9),
        )[0],
      ).toBeGreaterThan(1e6);
    }
  });

  test("a bucket that is left out takes nobody's protection away: as many are cut as the proposal's buckets allow", () => {
    const means = [0, 1, 1e9].map((x) => Float64Array.of(x));
    expect([...combineMeans(trimmed(0.25), means, 4)]).toEqual([1]);
    expect(combineMeans(trimmed(0.25), means, 3)[0]).toBeGreaterThan(1e8); // of three, a quarter cuts none
  });
});

const fifteen = (robust: unknown, change = {}) =>
  smallProposal({
    members: 15,
    threshold: 8,
    change: { ...(robust !== undefined && { robust }), maxExamples: 200, tests: [], ...change },
  });
const divisionOf = (proposal: Proposal) => bucketsOf(primitives, proposal, proposalDigest(primitives, proposal))!;

describe("the division", () => {
  test.each(golden.divisions.map((d) => [d.bucketSize, d] as const))(
    "into buckets of %i is that of the vectors",
    (_, d) => {
      const proposal = { members: d.names.map((name) => ({ name })), robust: { ...median, bucketSize: d.bucketSize } };
      expect(bucketsOf(primitives, proposal as unknown as Proposal, d.digest)).toEqual(d.buckets);
    },
  );

  test("puts everybody into one bucket, none smaller than was asked for, and is another one for another proposal", () => {
    const one = divisionOf(fifteen({ ...median, bucketSize: 4 }));
    expect(one.map((b) => b.length)).toEqual([5, 5, 5]);
    const names = fifteen(median).members.map((m) => m.name);
    expect(one.flat().sort()).toEqual(names);
    expect(divisionOf(fifteen({ ...median, bucketSize: 4 }, { rounds: 9 }))).not.toEqual(one);
    expect(bucketsOf(primitives, smallProposal({ members: 9 }), "")).toBeUndefined();
  });
});

test.each<[string, number, object, RegExp]>([
  ["two buckets", 8, { robust: { rule: "median", bucketSize: 4 } }, /three buckets or more/],
  ["buckets of two", 12, { robust: { rule: "median", bucketSize: 2 } }, /robust.bucketSize/],
  ["a trim that cuts none", 9, { robust: { rule: "trimmed-mean", bucketSize: 3, trim: 0.3 } }, /cuts no bucket/],
  ["a trim of half", 9, { robust: { rule: "trimmed-mean", bucketSize: 3, trim: 0.5 } }, /robust.trim/],
  ["a trim of the median", 9, { robust: { rule: "median", bucketSize: 3, trim: 0.4 } }, /trimmed-mean only/],
  ["another rule", 9, { robust: { rule: "krum", bucketSize: 3 } }, /robust.rule/],
  ["sparse rounds", 12, { robust: { rule: "median", bucketSize: 3 }, neighbours: 4 }, /all share masks/],
])("a proposal with %s is refused", (_, members, change, problem) => {
  expect(() => smallProposal({ members, change })).toThrow(problem);
});

test("an owner's least survivors are asked of its own bucket, whose sum its numbers are in", () => {
  const proposal = fifteen({ ...median, bucketSize: 5 });
  const buckets = divisionOf(proposal);
  const names = proposal.members.map((m) => m.name);
  const [own, other] = [buckets[0]![0]!, buckets[1]![0]!];
  const without = (name: string) => names.filter((n) => n !== name);
  const ask = (minimumSurvivors: number, stayed: readonly string[]) => {
    const setup = {
      primitives,
      identity: partyOf(own).identity,
      coordinator: proposal.coordinator,
      policy: { minimumSurvivors },
    };
    return areTooFew(setup, { ...newParticipant, proposal }, { buckets }, stayed);
  };
  expect([ask(5, names), ask(5, without(other)), ask(5, without(buckets[0]![1]!)), ask(6, names)]).toEqual([
    false,
    false,
    true,
    true,
  ]);
});

type Carry = (d: Delivery, phase: Phase, round: number) => readonly Delivery[];
async function tried(proposal: Proposal, carry: Carry = (d) => [d]) {
  const [alarms, failures, sent, records]: [string[], string[], Delivery[], Message[]] = [[], [], [], []];
  const outcome = await simulate({
    ...smallStudy({ proposal }),
    network: {
      carry: (d) => {
        const { phase, round } = d.message as Message;
        if (d.from !== "coordinator") sent.push(d);
        return carry(d, phase, round);
      },
    },
    onEffect: (who, e) => {
      if (e.kind === "alarm") alarms.push(`${who}: ${e.reason}`);
      if (e.kind === "failed") failures.push(e.reason);
      if (e.kind === "record" && who === "coordinator") records.push(e.entry);
    },
  });
  const refused = outcome.refused.map(({ who, error }) => `${who}: ${error.facts.problem}`);
  return { ...outcome, alarms, failures, refused, sent, records };
}
const sha256 = (bytes: Uint8Array) => Buffer.from(primitives.sha256(bytes)).toString("hex");
function resigned(d: Delivery, body: object, phase = (d.message as Message).phase): Delivery {
  const { run, round, to } = d.message as Message;
  return {
    ...d,
    tries: 99,
    message: signedMessage(partyOf(d.from).identity, { run, round, to }, phase, body as never),
  };
}
/** The liar adds to its own masked words: masks are sums. */
function adding(d: Delivery, change: (words: Uint32Array) => void): Delivery {
  const words = new Uint32Array(d.payload!.slice().buffer);
  change(words);
  const payload = new Uint8Array(words.buffer);
  const body = (d.message as Message<"masked">).body;
  return { ...resigned(d, { ...body, words: { sha256: sha256(payload), bytes: payload.length } }), payload };
}

const meansOf = (proposal: Proposal, buckets: readonly (readonly string[])[], round = 1) => {
  const names = proposal.members.map((m) => m.name);
  return buckets.map((b) =>
    Float64Array.from(
      exactMean(
        b.map((n) => names.indexOf(n)),
        round,
        5,
      ),
    ),
  );
};

test.each([median, trimmed(0.2)])(
  "a study in buckets gives the rule over the exact means of the buckets: $rule",
  async (robust) => {
    const { tests: evaluated } = smallProposal();
    const proposal = fifteen(robust, { tests: evaluated });
    const { coordinator, refused, alarms, sent } = await tried(proposal);
    expect([coordinator.stage, refused, alarms]).toEqual(["finished", [], []]);
    const [first, tests] = coordinator.results;
    const buckets = divisionOf(proposal);
    expect(first!.buckets!.map((b) => b.members)).toEqual(buckets);
    closeTo(coordinator.model, [...combineMeans(robust, meansOf(proposal, buckets))], 1e-6);
    expect(first!.counts.right).toEqual([(15 * 16) / 2]);
    expect(first!.examples).toBe((10 * 15 * 16) / 2);
    expect([tests!.task, tests!.buckets, tests!.counts.confusion![1]]).toEqual(["evaluate", undefined, 15]);
    for (const { from, message } of sent) {
      const { phase, round, body } = message as Message<"shares">;
      if (phase === "shares" && round === 1)
        expect(Object.keys(body.boxes).sort()).toEqual(buckets.find((b) => b.includes(from)));
    }
  },
);

test.each(["keys", "shares", "masked"] as const)(
  "in buckets, a member that leaves in phase %s costs its bucket of three its sum, one of five only its own part",
  async (phase) => {
    for (const bucketSize of [3, 5]) {
      const proposal = fifteen({ ...median, bucketSize });
      const buckets = divisionOf(proposal);
      const [gone] = buckets[1]!;
      const { coordinator } = await tried(proposal, (d, p, round) =>
        p === phase && round === 1 && d.from === gone ? [] : [d],
      );
      const [first] = coordinator.results;
      const stayed = buckets.map((b, i) => (i !== 1 ? b : bucketSize === 3 ? [] : b.slice(1)));
      expect(first!.buckets!.map((b) => b.members)).toEqual(stayed);
      expect(first!.buckets![1]!.leftOut).toBe(bucketSize === 3 ? "too few of its participants stayed" : undefined);
      const means = meansOf(
        proposal,
        stayed.filter((b) => b.length > 0),
      );
      closeTo(coordinator.model, [...combineMeans(median, means, buckets.length)], 1e-6);
      expect(coordinator.gone.size).toBe(0);
    }
  },
);

test("in buckets, shares of masks that too few show leave one bucket out: the round counts", async () => {
  const proposal = fifteen(median);
  const [first] = divisionOf(proposal);
  const { coordinator } = await tried(proposal, (d, phase, round) =>
    phase === "reveal" && round === 1 && d.from === first![0] ? [] : [d],
  );
  expect(coordinator.results[0]!.buckets![0]!.leftOut).toContain("cannot be rebuilt");
  expect(coordinator.results[0]!.buckets!.slice(1).every((b) => b.sum !== undefined)).toBe(true);
});

/** The sums of a bucket of three as their words: of the first weight, and of the rows. */
function sumsOf(proposal: Proposal, bucket: readonly string[], round: number) {
  const rows = bucket.reduce((n, name) => n + 10 * (proposal.members.findIndex((m) => m.name === name) + 1), 0);
  const steps = Math.floor((2 ** 31 - 1) / 3) - 1;
  return { rows, weight: Math.round(meansOf(proposal, [bucket], round)[0]![0]! * (rows / 200) * steps) };
}

test.each<[string, (words: Uint32Array, sums: ReturnType<typeof sumsOf>) => void]>([
  ["the end of the grid", (w, { weight }) => w.fill(w[0]! + 2e9 - weight, 0, 1)],
  ["hardly any rows", (w, { rows }) => (w[5] = w[5]! - rows + 1)],
  ["no rows", (w, { rows }) => (w[5] = w[5]! - rows)],
  ["rows below none", (w, { rows }) => (w[5] = w[5]! - rows - 1)],
])("in buckets, a member that sends impossible words stops nothing, and nobody is named: %s", async (_, change) => {
  const proposal = fifteen(median, { attempts: 1, rounds: 2 });
  const buckets = divisionOf(proposal);
  const { coordinator, failures, records } = await tried(proposal, (d, phase, round) =>
    phase === "masked" && d.from === buckets[2]![0] && round <= 2
      ? [adding(d, (w) => change(w, sumsOf(proposal, buckets[2]!, round)))]
      : [d],
  );
  expect([coordinator.stage, failures, coordinator.gone.size]).toEqual(["finished", [], 0]);
  const others = buckets.filter((_, i) => i !== 2);
  const want = [1, 2].map((round) => combineMeans(median, meansOf(proposal, others, round), 5));
  closeTo(
    coordinator.model,
    [...want[0]!].map((x, i) => x + want[1]![i]!),
    2e-6,
  );
  const result = records.find((m) => m.phase === "result") as Message<"result">;
  expect(result.body.buckets![2]).toMatchObject({ members: buckets[2] });
  expect(result.body.buckets![2]!.leftOut).toMatch(/no honest participants|is not what the proposal says|have no rows/);
});

test("members that lie at the bound in fewer than half of the buckets move no weight beyond what honest buckets say; in one sum they do", async () => {
  const proposal = fifteen(median);
  const buckets = divisionOf(proposal);
  const liars = [buckets[0]![0]!, buckets[3]![1]!];
  /** Its own numbers away, the bound with all the rows that it may claim instead: words as of a member that is not lying. */
  const lie =
    (parties: number): Carry =>
    (d, phase, round) => {
      if (phase !== "masked" || round !== 1 || !liars.includes(d.from)) return [d];
      const place = proposal.members.findIndex((m) => m.name === d.from);
      const rows = 10 * (place + 1);
      const steps = Math.floor((2 ** 31 - 1) / parties) - 1;
      return [
        adding(d, (w) => {
          for (let i = 0; i < 5; i++) {
            const own = Math.round(Math.sin(1 + place * 7 + 3 + i) * 0.9 * (rows / 200) * steps);
            w[i] = w[i]! - own + steps - 10;
          }
          w[5] = w[5]! - rows + 200;
        }),
      ];
    };
  const { coordinator } = await tried(proposal, lie(3));
  expect(coordinator.results[0]!.buckets!.every((b) => b.sum !== undefined)).toBe(true);
  const honest = meansOf(
    proposal,
    buckets.filter((b) => !liars.some((n) => b.includes(n))),
  );
  const range = (i: number) => honest.map((m) => m[i]!);
  for (const [i, w] of coordinator.model.entries()) {
    expect(w).toBeLessThanOrEqual(Math.max(...range(i)) + 1e-6);
    expect(w).toBeGreaterThanOrEqual(Math.min(...range(i)) - 1e-6);
  }
  const single = await tried(fifteen(undefined), lie(15));
  const all = exactMean(
    Array.from({ length: 15 }, (_, i) => i),
    1,
    5,
  );
  const moved = [...single.coordinator.model].map((w, i) => w - all[i]!);
  expect(Math.min(...moved)).toBeGreaterThan(0.05); // every weight towards the bound
});

test("half of the buckets without a possible sum fail the round", async () => {
  const proposal = fifteen(median, { attempts: 1 });
  const liars = divisionOf(proposal)
    .slice(0, 3)
    .map((b) => b[0]!);
  const { coordinator, failures } = await tried(proposal, (d, phase) =>
    phase === "masked" && liars.includes(d.from) ? [adding(d, (w) => (w[5] = w[5]! - 600))] : [d],
  );
  expect(coordinator.stage).toBe("stopped");
  expect(failures[0]).toMatch(/^half of the result's buckets or more have no sum: /);
});

describe("a coordinator that lies to members in buckets", () => {
  const proposal = fifteen({ ...median, bucketSize: 5 }, { attempts: 1 });
  const buckets = divisionOf(proposal);
  const [victim, second, third] = buckets[0]! as [string, string, string];
  const body = (d: Delivery) => (d.message as Message).body as Record<string, unknown>;

  test("a list of survivors with too few of a bucket is refused by all, and nobody shows a share", async () => {
    const { sent, refused } = await tried(proposal, (d, phase) => {
      if (phase !== "survivors") return [d];
      const out = buckets[0]!.slice(2); // two of five stay in one bucket: twelve of fifteen in all
      return [resigned(d, { ...body(d), survivors: (body(d).survivors as string[]).filter((n) => !out.includes(n)) })];
    });
    expect(sent.some((d) => (d.message as Message).phase === "reveal")).toBe(false);
    expect(refused).toContain(`${victim}: a list of survivors that the round cannot have`);
  });

  test("a group with too few of a bucket is refused before words leave", async () => {
    const { sent } = await tried(proposal, (d, phase, round) => {
      if (phase !== "inbox" || d.to !== victim || round !== 1) return [d];
      const keep = (name: string) => !buckets[0]!.includes(name) || [victim, second].includes(name);
      const boxes = Object.entries(body(d).boxes as object).filter(([n]) => keep(n));
      return [resigned(d, { boxes: Object.fromEntries(boxes), group: (body(d).group as string[]).filter(keep) })];
    });
    expect(
      sent.some(
        (d) =>
          (d.message as Message<"masked">).phase === "masked" &&
          d.from === victim &&
          (d.message as Message).round === 1,
      ),
    ).toBe(false);
  });

  test("a member that is shown another group signs another view: its words are not taken, its mask is not taken off", async () => {
    const { sent, refused } = await tried(proposal, (d, phase, round) => {
      if (phase !== "inbox" || d.to !== victim || round !== 1) return [d];
      const boxes = Object.entries(body(d).boxes as object).filter(([n]) => n !== third);
      const group = (body(d).group as string[]).filter((n) => n !== third);
      return [resigned(d, { boxes: Object.fromEntries(boxes), group })];
    });
    expect(refused).toContain(`coordinator: ${victim} masked its update for another round than the others`);
    const reveals = sent.filter((d) => (d.message as Message).phase === "reveal" && (d.message as Message).round === 1);
    for (const { message } of reveals)
      expect(Object.keys((message as Message<"reveal">).body.self)).not.toContain(victim);
  });

  test.each<[string, (b: Message<"result">["body"]) => object, RegExp]>([
    ["others in a bucket", (b) => ({ buckets: [...b.buckets!].reverse() }), /other buckets than the proposal does/],
    ["no buckets", () => ({ buckets: undefined }), /does not name the proposal's buckets/],
    [
      "no sums",
      (b) => ({ buckets: b.buckets!.map(({ members }) => ({ members, leftOut: "x" })) }),
      /half of the result's buckets/,
    ],
    [
      "a sum and a reason",
      (b) => ({ buckets: b.buckets!.map((x) => ({ ...x, leftOut: "x" })) }),
      /neither a sum nor a reason/,
    ],
  ])("a result with %s raises an alarm, and no transcript with it holds", async (_, change, problem) => {
    const { alarms, records } = await tried(proposal, (d, phase, round) =>
      phase === "result" && d.to === victim && round === 1
        ? [resigned(d, { ...body(d), ...change((d.message as Message<"result">).body) })]
        : [d],
    );
    expect(alarms).toHaveLength(1);
    expect(alarms[0]).toMatch(problem);
    expect(checkTranscript(primitives, records, "coordinator").rounds[0]!.buckets).toHaveLength(3);
    const lied = records.map((m) => {
      if (m.phase !== "result") return m;
      const { run, round, to, body: said } = m;
      const other = JSON.parse(JSON.stringify({ ...said, ...change(said) })) as typeof said;
      return signedMessage(partyOf("coordinator").identity, { run, round, to }, "result", other);
    });
    expect(() => checkTranscript(primitives, lied, "coordinator")).toThrow(problem);
  });
});
