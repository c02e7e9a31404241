// The check of how long a member's update is: who sends longer ones is named and left out, whatever it commits to; honest members pass, and
// what they show tells nothing that the sum does not.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { random } from "../../src/base/index.ts";
import {
  type Delivery,
  derive,
  isShort,
  type Message,
  maskCommitment,
  type NormContext,
  newParticipant,
  type ParticipantEffect,
  type ParticipantEvent,
  type ParticipantState,
  type Phase,
  type Primitives,
  type Proposal,
  pairSecret,
  type Segment,
  signedMessage,
  simulate,
  squaresBound,
  stepParticipant,
  unbase64,
} from "../../src/federated/index.ts";
import { project, projectionCount } from "../../src/secret-sums/norm/projections.ts";
import { generators, prove, type Statement, verifyProof, type Witness } from "../../src/secret-sums/norm/proof.ts";
import { differenceOf, exactMean, examplesOf, partyOf, primitives, smallProposal, smallStudy } from "./study.ts";

const norm = 2.05; // no difference of the small study is longer
const withNorm = (members: number, change: object = {}): Proposal => {
  const part = (name: string, size: number) => ({ name, size, kind: "real", bound: 32 * norm });
  const update = [part("a", 3), part("b", 2)];
  return smallProposal({
    members,
    threshold: Math.floor(members / 2) + 1,
    rounds: 1,
    change: { norm, update, ...change },
  });
};
const sha256 = (bytes: Uint8Array) => Buffer.from(primitives.sha256(bytes)).toString("hex");
const headOf = ({ run, round, to }: Message) => ({ run, round, to });
const phaseOf = (d: Delivery) => (d.message as Message).phase;

interface Tried {
  readonly proposal?: Proposal;
  readonly carry?: (d: Delivery, phase: Phase, round: number) => readonly Delivery[];
}
async function tried({ proposal = withNorm(5), carry = (d) => [d] }: Tried) {
  const [alarms, failures, clipped]: [string[], string[], number[]] = [[], [], []];
  const outcome = await simulate({
    ...smallStudy({ proposal }),
    network: { carry: (d) => carry(d, phaseOf(d), (d.message as Message).round) },
    onEffect: (who, e) => {
      if (e.kind === "alarm") alarms.push(`${who}: ${e.reason}`);
      if (e.kind === "failed") failures.push(e.reason);
      if (e.kind === "clipped" && e.norm !== undefined) clipped.push(e.norm);
    },
  });
  const refused = outcome.refused.map(({ who, error }) => `${who}: ${error.facts.problem}`);
  return { ...outcome, alarms, failures, refused, clipped };
}

/** A message of another party's in its place, signed by it. */
function resigned(d: Delivery, body: object): Delivery {
  const message = signedMessage(partyOf(d.from).identity, headOf(d.message as Message), phaseOf(d), body as never);
  return { ...d, tries: 99, message };
}

/** What a liar's words have more, in steps of the grid, in their first number. */
const excess = 0x1fff_ffff;

/**
 * A member whose words have {@link excess} and which then commits to masks that explain it: masks of `about` are said to have it in
 * them, one own or one of a pair. Its proof holds for what it says.
 */
function lyingMember(name: string, proposal: Proposal, about: readonly string[]) {
  const { identity } = partyOf(name);
  let state: ParticipantState = newParticipant;
  let isAsked = false;
  const context = () => ({ run: proposal.run, round: state.round!.id });
  const falseKeys = () => {
    const { secrets, keys } = state.round!;
    const keyOf = (other: string) => unbase64(keys.find((k) => k.from === other)!.body.pair);
    return about.map((of) => {
      const secret =
        of === name ? secrets.self : pairSecret(primitives, context(), secrets.pair, keyOf(of), [name, of]);
      const isAdded = of === name || name < of;
      return { key: sha256(derive(primitives, secret, context(), "mask", "a")), add: isAdded ? excess : -excess };
    });
  };
  const lying: Primitives = {
    ...primitives,
    *keystream(key, words) {
      const found = isAsked && falseKeys().find((k) => k.key === sha256(key));
      for (const piece of primitives.keystream(key, words)) {
        const own = piece.slice();
        if (found) own[0] = own[0]! + Math.trunc(found.add / about.length);
        yield own;
      }
    },
  };
  const setup = { primitives: lying, identity, coordinator: proposal.coordinator };
  const step = (event: ParticipantEvent): ParticipantEffect[] => {
    const before = state;
    const done = stepParticipant(setup, state, event);
    state = done.state;
    return done.effects.flatMap((e): ParticipantEffect[] => {
      if (e.kind === "ask") return step({ kind: "consent", digest: e.digest, siteValues: true });
      if (e.kind === "work") {
        const place = proposal.members.findIndex((m) => m.name === name);
        const all = differenceOf(place, e.round, 5);
        const learned = { a: all.subarray(0, 3), b: all.subarray(3), right: [place + 1] };
        const values = e.task === "train" ? learned : { confusion: [place, 1, 2, 3] };
        return step({ kind: "trained", round: e.round, examples: examplesOf(place), values });
      }
      if (e.kind !== "send" || e.message.phase !== "masked" || before.round?.task !== "train") return [e];
      const words = new Uint32Array(e.payload!.slice().buffer);
      words[0] = words[0]! + excess;
      const payload = new Uint8Array(words.buffer);
      const body = {
        ...(e.message as Message<"masked">).body,
        words: { sha256: sha256(payload), bytes: payload.length },
      };
      const sent = { ...e, message: signedMessage(identity, headOf(e.message), "masked", body) as Message, payload };
      if (about.length > 0) state = { ...state, round: { ...state.round!, words: [sent] } };
      return [sent];
    });
  };
  return (d: Delivery): Delivery[] => {
    isAsked = phaseOf(d) === "check";
    const entropy = primitives.sha256(new TextEncoder().encode(JSON.stringify(d.message)));
    try {
      return step({ kind: "message", message: d.message, payload: d.payload, entropy }).flatMap((e) =>
        e.kind === "send" ? [{ message: e.message, payload: e.payload, from: name, to: e.message.to, tries: 0 }] : [],
      );
    } catch {
      return []; // it does not answer
    }
  };
}

const liar = "ministry";
const five = withNorm(5).members.map((m) => m.name);
const honest = five.filter((n) => n !== liar);
async function lied(about: readonly string[], proposal = withNorm(5)) {
  const member = lyingMember(liar, proposal, about);
  return await tried({ proposal, carry: (d) => (d.to === liar ? member(d) : [d]) });
}
function expectMean(model: Float32Array, rounds: readonly (readonly string[])[], members = five): void {
  for (let i = 0; i < model.length; i++) {
    const want = rounds.reduce((sum, names, r) => {
      const places = names.map((n) => members.indexOf(n));
      return sum + exactMean(places, r + 1, 5)[i]!;
    }, 0);
    expect(Math.abs(model[i]! - want)).toBeLessThan(1e-5);
  }
}

test("honest members pass, and the model is their exact mean", async () => {
  const { coordinator, alarms, failures, refused, clipped } = await tried({});
  expect([coordinator.stage, alarms, failures, refused, clipped]).toEqual(["finished", [], [], [], []]);
  expect(coordinator.results.map((r) => r.survivors)).toEqual([five, five]);
  expectMean(coordinator.model, [five]);
});

test("a longer update is scaled down by its own member, which is told how long it was", async () => {
  const part = (name: string, size: number) => ({ name, size, kind: "real", bound: 32 * 0.5 });
  const { coordinator, alarms, clipped } = await tried({
    proposal: withNorm(5, { norm: 0.5, update: [part("a", 3), part("b", 2)] }),
  });
  expect([coordinator.stage, alarms]).toEqual(["finished", []]);
  expect(clipped.length).toBe(5);
  for (const length of clipped) expect(length).toBeGreaterThan(0.5);
  expect(coordinator.results[0]!.step).toBeLessThanOrEqual(0.5);
});

describe("a member whose words are longer than it may send", () => {
  test("and that answers for those that it should have sent: its proof does not hold, and it is named", async () => {
    const { coordinator, failures } = await lied([]);
    expect([...coordinator.gone]).toEqual([
      [liar, `its proof in round 1 does not show an update of norm ${norm} or less`],
    ]);
    expect(failures).toEqual([]); // the round goes on without it
    expect(coordinator.results.map((r) => r.survivors)).toEqual([honest, honest]);
    expectMean(coordinator.model, [honest]);
  });

  test("and that commits to another mask of its own is named when that mask is taken off; the round is done again", async () => {
    const { coordinator, failures } = await lied([liar]);
    expect([...coordinator.gone]).toEqual([[liar, "committed in round 1 to another mask than it used"]]);
    expect(failures).toHaveLength(1);
    expect(coordinator.results.map((r) => r.survivors)).toEqual([honest, honest]);
  });

  test("and that commits to another mask of a pair: both ends are left out of that sum, which tells who lied", async () => {
    const { coordinator, failures } = await lied(["clinic"]);
    expect([...coordinator.gone]).toEqual([[liar, "committed in round 1 to another mask than it used"]]);
    expect(failures).toEqual([]);
    const first = honest.filter((n) => n !== "clinic");
    expect(coordinator.results.map((r) => r.survivors)).toEqual([first, honest]);
    expectMean(coordinator.model, [first]);
  });

  test("and that commits to other masks of several pairs is left out alone", async () => {
    const { coordinator, failures } = await lied(["clinic", "hospital"]);
    expect([...coordinator.gone.keys()]).toEqual([liar]);
    expect(failures).toEqual([]);
    expect(coordinator.results.map((r) => r.survivors)).toEqual([honest, honest]);
  });

  test("where too few are left without the two ends of a pair, the round fails before anything is unmasked", async () => {
    const { coordinator, failures } = await lied(["hospital"], withNorm(3, { attempts: 1 }));
    expect(coordinator.stage).toBe("stopped");
    expect([...coordinator.gone]).toEqual([]); // one of two lied, and nobody can say which
    expect(failures[0]).toMatch(/hospital and ministry contradict each other about their common mask/);
    expect([...coordinator.model]).toEqual([0, 0, 0, 0, 0]);
  });
});

test("who says nothing is left out of the sum, and not named", async () => {
  const { coordinator, failures } = await tried({
    carry: (d, phase, round) => (phase === "checked" && d.from === liar && round === 1 ? [] : [d]),
  });
  expect([...coordinator.gone, ...failures]).toEqual([]);
  expect(coordinator.results.map((r) => r.survivors)).toEqual([honest, five]);
});

test("an answer about other projections than were asked for is refused", async () => {
  const { refused, coordinator } = await tried({
    carry: (d, phase) => (phase === "check" && d.to === liar ? [resigned(d, { seed: "0".repeat(64) })] : [d]),
  });
  expect(refused).toContain(`coordinator: the proof of ${liar} is about other projections`);
  expect(coordinator.results[0]!.survivors).toEqual(honest);
});

test("a coordinator that asks twice with two seeds gets one answer and an alarm", async () => {
  let answers = 0;
  const { alarms } = await tried({
    carry: (d, phase, round) => {
      if (phase === "checked" && d.from === liar && round === 1) answers++;
      return phase === "check" && d.to === liar && round === 1 ? [d, resigned(d, { seed: "0".repeat(64) })] : [d];
    },
  });
  expect(answers).toBe(1);
  expect(alarms).toEqual([`${liar}: two different messages of phase check in one round`]);
});

test("a study without a norm asks for no proof, and its members give none", async () => {
  const phases = new Set<string>();
  const { refused, coordinator } = await tried({
    proposal: smallProposal({ members: 5, threshold: 3, rounds: 2 }),
    carry: (d, phase) => {
      phases.add(phase);
      return [d];
    },
  });
  expect([phases.has("check"), phases.has("checked"), refused.length, coordinator.stage]).toEqual([
    false,
    false,
    0,
    "finished",
  ]);
});

test.each([
  ["sparse rounds", { neighbours: 6, threshold: 6 }, 10],
  ["buckets", { robust: { rule: "median", bucketSize: 3 } }, 9],
] as const)("%s: a liar is named, and the others' rounds count", async (_, change, members) => {
  const proposal = withNorm(members, { ...change, rounds: 1 });
  const member = lyingMember(liar, proposal, []);
  const { coordinator, failures } = await tried({ proposal, carry: (d) => (d.to === liar ? member(d) : [d]) });
  expect([[...coordinator.gone.keys()], failures, coordinator.stage]).toEqual([[liar], [], "finished"]);
});

test("the grid of a proposal with a norm must leave room for the check", () => {
  expect(() => smallProposal({ change: { norm: 1 } })).toThrow(/32 times the norm/);
});

describe("projections", () => {
  const seedOf = (i: number) => primitives.sha256(Uint8Array.of(i, i >> 8));
  const squares = (words: Uint32Array, i: number) =>
    project(primitives, seedOf(i), [words])[0]!.reduce((s, w) => s + ((w | 0) / 1e4) ** 2, 0);
  const draw = random(5);
  /** Of length 10⁴. */
  const spread = (n: number): Uint32Array => {
    const x = Array.from({ length: n }, () => draw.normal());
    const length = Math.sqrt(x.reduce((s, v) => s + v * v, 0));
    return Uint32Array.from(x, (v) => Math.round((v / length) * 1e4));
  };
  const one = (n: number): Uint32Array => Uint32Array.from({ length: n }, (_, i) => (i === 3 ? 1e4 : 0));

  test("are sums of words with coefficients 0, 1 and −1 in the shares ½, ¼, ¼, whatever else is projected", () => {
    const n = 400;
    const unit = (i: number) => Uint32Array.from({ length: n }, (_, k) => (k === i ? 1 : 0));
    const columns = project(
      primitives,
      seedOf(1),
      Array.from({ length: n }, (_, i) => unit(i)),
    );
    const all = columns.flatMap((c) => [...c].map((w) => w | 0));
    const share = (v: number) => all.filter((x) => x === v).length / all.length;
    expect(share(0) + share(1) + share(-1)).toBe(1);
    for (const [v, p] of [
      [0, 0.5],
      [1, 0.25],
      [-1, 0.25],
    ] as const)
      expect(Math.abs(share(v) - p)).toBeLessThan(0.01);
    const words = Uint32Array.from({ length: n }, () => draw.uint32());
    const want = Array.from({ length: projectionCount }, (_, k) =>
      columns.reduce((s, c, i) => (s + Math.imul(c[k]!, words[i]!)) >>> 0, 0),
    );
    expect([...project(primitives, seedOf(1), [words])[0]!]).toEqual(want);
  });

  test("of an honest update stay below the bound, and of one four times as long above it", () => {
    for (const words of [spread(37), spread(1000), one(37)])
      for (let i = 0; i < 200; i++) {
        const found = squares(words, i);
        expect(found).toBeLessThan(148);
        expect(16 * found).toBeGreaterThan(148);
      }
  });
});

describe("the proof", () => {
  const p = Array.from({ length: projectionCount }, (_, i) => BigInt((i * 7919) % 1000) - 500n);
  const t = p.map((_, i) => BigInt(i % 3) - 1n);
  const witness: Witness = { p, t, rho: 5n, tau: 7n };
  const bound = p.reduce((s, x) => s + x * x, 0n);
  const { commit } = generators();
  const statement: Statement = { context: sha(1), bound, P: commit(p, 5n), T: commit(t, 7n) };
  const proof = prove(primitives, statement, witness, sha(2))!;
  function sha(i: number): Uint8Array {
    return primitives.sha256(Uint8Array.of(i));
  }

  test("holds at the bound, and there is none above it", () => {
    expect(verifyProof(primitives, statement, proof)).toBe(true);
    expect(prove(primitives, { ...statement, bound: bound - 1n }, witness, sha(2))).toBeUndefined();
  });

  test("does not hold for another statement", () => {
    const others = [
      { ...statement, context: sha(3) },
      { ...statement, bound: bound + 1n },
      { ...statement, bound: bound - 1n },
      { ...statement, P: commit(p, 6n) },
      { ...statement, P: commit([...p.slice(1), p[0]!], 5n) },
      { ...statement, T: commit(p, 7n) },
    ];
    for (const other of others) expect(verifyProof(primitives, other, proof)).toBe(false);
  });

  test("does not hold of a witness that is not what is committed to, whatever the prover does with it", () => {
    const short = p.map(() => 0n);
    const big = [1n << 40n, ...short.slice(1)];
    const cheats: Statement[] = [
      { ...statement, P: commit(big, 5n) },
      { ...statement, T: commit(big, 7n) },
    ];
    for (const cheat of cheats) {
      const made = prove(primitives, cheat, { ...witness, p: short }, sha(2))!;
      expect(verifyProof(primitives, cheat, made)).toBe(false);
    }
  });

  test("does not hold for a number near the group's order that stands for a small one divided", () => {
    // (2⁻¹ modulo the order)·2 = 1: small where the group is looked at, and no whole number
    const half = (2n ** 252n + 27742317777372353535851937790883648493n + 1n) / 2n;
    const odd = [half, ...p.slice(1)];
    const cheat = { ...statement, bound: (1n << 70n) - 1n, P: commit(odd, 5n) };
    for (const said of [odd, [1n, ...p.slice(1)], [0n, ...p.slice(1)]]) {
      const made = prove(primitives, cheat, { ...witness, p: said }, sha(2));
      expect(made !== undefined && verifyProof(primitives, cheat, made)).toBe(false);
    }
  });

  test("does not hold with any byte changed, cut or added", () => {
    for (let i = 0; i < proof.length; i += 1033) {
      const other = proof.slice();
      other[i] = other[i]! ^ (1 << (i & 7));
      expect(verifyProof(primitives, statement, other)).toBe(false);
    }
    expect(verifyProof(primitives, statement, proof.subarray(1))).toBe(false);
    expect(verifyProof(primitives, statement, new Uint8Array(proof.length + 1))).toBe(false);
    expect(verifyProof(primitives, statement, new Uint8Array(proof.length))).toBe(false);
  });

  test("shows other numbers each time, and none of the witness's", () => {
    const again = prove(primitives, statement, witness, sha(4))!;
    const same = again.filter((b, i) => b === proof[i]).length;
    expect(same / proof.length).toBeLessThan(0.05);
  });
});

describe("vectors of another implementation (tools/norm-vectors.py)", () => {
  const v = JSON.parse(readFileSync("test/golden/federated/norm.json", "utf8"));
  const hex = (text: string) => new Uint8Array(Buffer.from(text, "hex"));
  const update: readonly Segment[] = [v.part];
  const words = Uint32Array.from(v.words as number[]);
  const bound = squaresBound(update, v.norm, v.parties);
  const { run, round, name, view } = v;
  const context: NormContext = { run, round, name, view, seed: hex(v.seed), update, bound };

  test("have our generators, projections, commitments and bound", () => {
    const { G, F, H, E } = generators();
    const made = { "G 0": G[0]!, "F 199": F[199]!, H, E };
    for (const [label, point] of Object.entries(made))
      expect(Buffer.from(point.toBytes()).toString("hex")).toBe(v.generators[label]);
    expect([...project(primitives, context.seed, [words])[0]!]).toEqual(v.projections.words);
    expect(String(bound)).toBe(v.bound);
    expect(maskCommitment(primitives, context, hex(v.secrets.self))).toBe(v.answer.self);
    for (const other of ["hospital", "university"])
      expect(maskCommitment(primitives, context, hex(v.secrets[other]))).toBe(v.answer.pairs[other]);
  });

  test("their proof holds here, and not for other words", () => {
    expect(isShort(primitives, context, words, v.answer)).toBe(true);
    const other = words.slice();
    other[5] = other[5]! + 1;
    expect(isShort(primitives, context, other, v.answer)).toBe(false);
    expect(isShort(primitives, { ...context, name: "hospital" }, words, v.answer)).toBe(false);
  });
});
