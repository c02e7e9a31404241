// Members and coordinators that lie, each with what it would gain: a lying member is named and left out, an honest one never is; a coordinator that
// shows one member another round reads nothing of it.
import { expect, test } from "vitest";
import {
  type Delivery,
  holdersOf,
  type Message,
  type Phase,
  type Proposal,
  ringOf,
  signedMessage,
  simulate,
} from "../../src/federated/index.ts";
import { exactMean, partyOf, primitives, smallProposal, smallStudy } from "./study.ts";

const coordinator = partyOf("coordinator").identity;
const bodyOf = <P extends Phase>(d: Delivery) => (d.message as Message<P>).body;
const sha256 = (bytes: Uint8Array) => Buffer.from(primitives.sha256(bytes)).toString("hex");
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");

/** The same message with something else in it, signed by who sends it. */
function resigned(d: Delivery, body: object, phase = (d.message as Message).phase): Delivery {
  const { run, round, to } = d.message as Message;
  return {
    ...d,
    tries: 99,
    message: signedMessage(partyOf(d.from).identity, { run, round, to }, phase, body as never),
  };
}

interface Tried {
  readonly carry: (d: Delivery, phase: Phase, round: number) => readonly Delivery[];
  readonly proposal?: Proposal;
}
async function tried({ carry, proposal = smallProposal({ members: 5, threshold: 3 }) }: Tried) {
  const [alarms, failures, sent]: [string[], string[], Delivery[]] = [[], [], []];
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
    },
  });
  const of = <P extends Phase>(phase: P) =>
    sent.filter((d) => (d.message as Message).phase === phase) as (Delivery & { message: Message<P> })[];
  const refused = outcome.refused.map(({ who, error }) => `${who}: ${error.facts.problem}`);
  return { ...outcome, alarms, failures, refused, sentIn: of };
}

const liar = "ministry";
const five = smallProposal({ members: 5, threshold: 3 }).members.map((m) => m.name);
const honest = five.filter((n) => n !== liar);

/** The study is finished with the exact mean of the honest; the liar alone is out, with this reason. */
function expectNamed({ coordinator: c }: Awaited<ReturnType<typeof tried>>, reason: string): void {
  expect([...c.gone]).toEqual([[liar, reason]]);
  expect(c.stage).toBe("finished");
  expect(c.results.map((r) => r.survivors)).toEqual([honest, honest]);
  const places = honest.map((n) => five.indexOf(n));
  const want = exactMean(places, c.results[0]!.round, 5);
  for (const [i, w] of c.model.entries()) expect(Math.abs(w - want[i]!)).toBeLessThan(3e-7);
}

test.each(["box", "pair", "self"] as const)(
  "a dealer that seals a false %s to one member is named by its own key, and whoever complains stays",
  async (part) => {
    const outcome = await tried({
      carry: (d, phase) => {
        if (phase !== "shares" || d.from !== liar) return [d];
        const { boxes } = bodyOf<"shares">(d);
        const other = part === "box" ? base64(new Uint8Array(80).fill(3)) : "0".repeat(64);
        return [resigned(d, { boxes: { ...boxes, archive: { ...boxes.archive, [part]: other } } })];
      },
      proposal: smallProposal({ members: 7, threshold: 4, change: { attempts: 1 } }),
    });
    expect([...outcome.coordinator.gone]).toEqual([
      [liar, "dealt encrypted shares to archive in round 1 that are false"],
    ]);
    expect(outcome.coordinator.results.map((r) => r.survivors.length)).toEqual([6, 6]);
    expect(outcome.sentIn("masked").every(({ message }) => message.round > 1)).toBe(true); // nobody had given words
  },
);

test("where two dealers are false in one round, both are named, and none of those who complain", async () => {
  const liars = ["clinic", liar];
  const { coordinator: state } = await tried({
    carry: (d, phase) => {
      if (phase !== "shares" || !liars.includes(d.from)) return [d];
      const { boxes } = bodyOf<"shares">(d);
      const isFalse = (name: string) => !liars.includes(name);
      const other = Object.entries(boxes).map(([n, box]) => [n, isFalse(n) ? { ...box, pair: "0".repeat(64) } : box]);
      return [resigned(d, { boxes: Object.fromEntries(other) })];
    },
    proposal: smallProposal({ members: 7, threshold: 4, change: { attempts: 1 } }),
  });
  expect([...state.gone.keys()].sort()).toEqual(liars);
  expect(state.results.map((r) => r.survivors.length)).toEqual([5, 5]);
});

test("an honest dealer that has refused the round is not asked for its key: it is not charged for having none", async () => {
  const { coordinator: state } = await tried({
    carry: (d, phase) => {
      const message = d.message as Message;
      if (phase === "shares" && d.from === "clinic") {
        const { boxes } = bodyOf<"shares">(d); // false for hospital, which refuses the round
        return [resigned(d, { boxes: { ...boxes, hospital: { ...boxes.hospital, pair: "0".repeat(64) } } })];
      }
      // ministry says that hospital's box is false, each time
      if (phase === "opened" && d.from === liar) return [resigned(d, { reason: "x", about: "hospital" }, "refuse")];
      return message.phase === "open" && d.from === "clinic" ? [] : [d];
    },
    proposal: smallProposal({ members: 7, threshold: 4, rounds: 3, change: { attempts: 9 } }),
  });
  expect([...state.gone.keys()].sort()).toEqual(["clinic", liar]);
});

test("a member that refuses shares that are right is the one that is named", async () => {
  const outcome = await tried({
    carry: (d, phase, round) =>
      phase === "opened" && d.from === liar && round === 1
        ? [resigned(d, { reason: "cannot be opened", about: "hospital" }, "refuse")]
        : [d],
  });
  expectNamed(outcome, "refused encrypted shares of hospital in round 1 that were right");
});

test.each([
  ["another key", (d: Delivery) => [resigned(d, { seal: base64(new Uint8Array(32).fill(9)) })], 1],
  ["no key, twice", () => [], 2],
] as const)("a false dealer that shows %s is left out, and nobody else is", async (_, answer, times) => {
  const outcome = await tried({
    carry: (d, phase) => {
      if (d.from !== liar) return [d];
      if (phase === "open") return answer(d);
      if (phase !== "shares") return [d];
      const { boxes } = bodyOf<"shares">(d);
      return [resigned(d, { boxes: { ...boxes, hospital: { ...boxes.hospital, pair: "0".repeat(64) } } })];
    },
    proposal: smallProposal({ members: 5, threshold: 3, rounds: 3 }),
  });
  expect([...outcome.coordinator.gone.keys()]).toEqual([liar]);
  expect(outcome.coordinator.results.map((r) => r.survivors.includes(liar))).toEqual([false, false, false, false]);
  expect(outcome.coordinator.results.map((r) => r.survivors.includes("hospital"))).toEqual(
    times === 1 ? [true, true, true, true] : [false, false, true, true],
  );
});

test("a dealer shows its key only for a refusal that its receiver signed, and never once words may have left", async () => {
  const asked = (d: Delivery, refusal: unknown): Delivery => ({
    ...d,
    tries: 99,
    message: signedMessage(
      coordinator,
      { run: (d.message as Message).run, round: (d.message as Message).round, to: d.to },
      "dispute",
      { refusal } as never,
    ),
  });
  const refusal = (from: string, about: string, round = 1) =>
    signedMessage(partyOf(from).identity, { run: "run-of-a-test", round, to: "coordinator" }, "refuse", {
      reason: "x",
      about,
    });
  const early = await tried({
    carry: (d, phase) =>
      phase === "inbox" && d.to === "hospital"
        ? [
            d,
            asked(d, refusal("hospital", "hospital")),
            asked(d, refusal("clinic", "university")),
            asked(d, refusal("clinic", "hospital", 9)),
          ]
        : [d],
  });
  expect(early.sentIn("open")).toEqual([]);
  const late = await tried({
    carry: (d, phase) =>
      phase === "begin" && d.to === "hospital" ? [d, asked(d, refusal("clinic", "hospital"))] : [d],
  });
  expect(late.sentIn("open")).toEqual([]);
  expect(late.refused).toContain("hospital: a dispute after the round began: this participant's words may have left");
  expect(late.coordinator.gone.size).toBe(0);
  const quits = await tried({
    carry: (d, phase, round) =>
      phase === "inbox" && d.to === "hospital" && round === 1 ? [d, asked(d, refusal("clinic", "hospital"))] : [d],
  });
  expect(new Set(quits.sentIn("open").map(({ message }) => message.signature)).size).toBe(1);
  const ofRound1 = quits.sentIn("masked").filter(({ message }) => message.round === 1);
  expect(ofRound1.map((d) => d.from)).not.toContain("hospital"); // its own mask can be worked out: it gives no words
});

test.each(["box", "seal", "pair"] as const)(
  "a key %s of low order is refused on receipt, and its sender left out",
  async (use) => {
    const outcome = await tried({
      carry: (d, phase) =>
        phase === "keys" && d.from === liar
          ? [resigned(d, { ...bodyOf<"keys">(d), [use]: base64(new Uint8Array(32)) })]
          : [d],
    });
    expectNamed(outcome, `its key "${use}" of round 1 is of low order: no secret can be made with it`);
    expect(outcome.failures).toEqual([]);
  },
);

/** The liar adds to its own masked words: masks are sums. */
const adding = (d: Delivery, change: (words: Uint32Array) => void): Delivery => {
  const words = new Uint32Array(d.payload!.slice().buffer);
  change(words);
  const payload = new Uint8Array(words.buffer);
  return {
    ...resigned(d, { ...bodyOf<"masked">(d), words: { sha256: sha256(payload), bytes: payload.length } }),
    payload,
  };
};

test.each<[string, (words: Uint32Array) => void]>([
  ["the end of the grid", (w) => w.fill(w[0]! + 1.6e9, 0, 1)],
  ["fewer rows than there are", (w) => (w[5] = w[5]! - 149)], // the sum of rows becomes 1
  ["rows below none", (w) => (w[5] = w[5]! - 151)],
])("a sum that honest members cannot have counts in no model: %s", async (_, change) => {
  const outcome = await tried({
    carry: (d, phase) => (phase === "masked" && d.from === liar ? [adding(d, change)] : [d]),
    proposal: smallProposal({ members: 5, threshold: 3, change: { attempts: 2 } }),
  });
  expect(outcome.coordinator.stage).toBe("stopped");
  expect(outcome.coordinator.results).toEqual([]);
  expect(outcome.failures[0]).toMatch(/no honest participants have such a sum|is not what the proposal says/);
  expect([...outcome.coordinator.model]).toEqual([0, 0, 0, 0, 0]);
});

test("what a lying member can move is bounded: the mean stays within the bound", async () => {
  const outcome = await tried({
    carry: (d, phase) =>
      phase === "masked" && d.from === liar && (d.message as Message).round === 1
        ? [adding(d, (w) => (w[0] = w[0]! + Math.floor((2 ** 31 - 1) / 5 / 2)))]
        : [d],
  });
  expect(outcome.coordinator.results).toHaveLength(2);
  expect(Math.abs(outcome.coordinator.model[0]!)).toBeLessThanOrEqual(1 + 1e-6);
});

test("a member that is told a shorter list of members, so that its numbers would weigh more, gets no mask taken off", async () => {
  const late = "institute"; // it sends no keys, so that the roster fits both lists
  const outcome = await tried({
    carry: (d, phase) => {
      if (phase === "keys" && d.from === late) return [];
      if (phase !== "round" || d.to !== liar) return [d];
      return [resigned(d, { ...bodyOf<"round">(d), members: five.filter((n) => n !== late) })];
    },
    proposal: smallProposal({ members: 5, threshold: 3, change: { attempts: 1 } }),
  });
  expect(outcome.refused).toContain(`coordinator: ${liar} masked its update for another round than the others`);
  expect(outcome.coordinator.results.map((r) => r.survivors)).toEqual(Array(2).fill(honest.filter((n) => n !== late)));
});

/** A sparse round whose coordinator shows one member another group, and counts its words all the same. */
async function isolating(change: (group: readonly string[], near: ReadonlySet<string>) => readonly string[]) {
  const proposal = smallProposal({ members: 10, threshold: 6, change: { neighbours: 6, attempts: 1 } });
  const names = proposal.members.map((m) => m.name);
  const victim = "clinic";
  let ring: readonly string[] = [];
  let words: Delivery | undefined;
  const outcome = await tried({
    proposal,
    carry: (d, phase, round) => {
      if (round !== 1) return [d];
      if (phase === "roster" && ring.length === 0)
        ring = ringOf(primitives, proposal, d.message as Message, bodyOf<"roster">(d).keys as Message<"keys">[])!;
      if (phase === "masked" && d.from === victim) words = d;
      if (phase === "inbox" && d.to === victim) {
        const near = new Set(holdersOf(proposal, names, { ring }, victim));
        const group = change(bodyOf<"inbox">(d).group!, near);
        const boxes = Object.fromEntries(Object.entries(bodyOf<"inbox">(d).boxes).filter(([n]) => group.includes(n)));
        return [resigned(d, { boxes, group })];
      }
      if (phase !== "survivors" || !words) return [d];
      const { survivors, masked } = bodyOf<"survivors">(d);
      if (survivors.includes(victim)) return [d];
      const more = { survivors: [...survivors, victim].sort(), masked: [...masked, words.message] };
      return [d.to === victim ? d : resigned(d, more)];
    },
  });
  return { ...outcome, words, victim };
}

test("a member that is shown a group without its neighbours gives no words", async () => {
  const outcome = await isolating((group, near) => group.filter((n) => n === "clinic" || !near.has(n)));
  expect(outcome.words).toBeUndefined();
});

test("a member that is shown another group signs another view: its holders see it and show no share of its mask", async () => {
  const outcome = await isolating((group, near) => {
    const away = group.find((n) => n !== "clinic" && near.has(n))!;
    return group.filter((n) => n !== away);
  });
  expect(outcome.words).toBeDefined();
  expect(outcome.alarms.some((a) => a.includes("clinic was shown another round"))).toBe(true);
  for (const { message } of outcome.sentIn("reveal")) expect(Object.keys(message.body.self)).not.toContain("clinic");
});
