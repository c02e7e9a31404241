// Members and coordinators that deviate at every message, two deviations at a time. A lying member: the study ends with exact sums of those who stayed, or
// stops with a cause, and nobody honest is left out. A lying coordinator: of no honest member are both secrets shown, and shares only for one view of a round.
// CONCORD_ADVERSARIES=all tries every pair, a number so many (of norms at most 40, drawn by the same seed); else a part of them, drawn by a fixed seed.
import { expect, test } from "vitest";
import { random, shuffle } from "../../src/base/index.ts";
import {
  bucketCount,
  type CoordinatorState,
  combineMeans,
  type Delivery,
  type Message,
  type Phase,
  type Proposal,
  type RoundResult,
  signedMessage,
  simulate,
} from "../../src/federated/index.ts";
import { exactMean, partyOf, primitives, smallProposal, smallStudy } from "./study.ts";

const asked = process.env.CONCORD_ADVERSARIES;
const all = asked === "all";
/** One sum over six; and five buckets of three, each of which a liar may cost its sum. */
const studies = {
  "one sum": smallProposal({ members: 6, threshold: 4, rounds: 2, change: { attempts: 3 } }),
  buckets: smallProposal({
    members: 15,
    threshold: 8,
    rounds: 2,
    change: { attempts: 3, maxExamples: 200, robust: { rule: "median", bucketSize: 3 } },
  }),
  norm: smallProposal({
    members: 6,
    threshold: 4,
    change: {
      attempts: 3,
      norm: 2.05,
      update: ["a", "b"].map((name, i) => ({ name, size: 3 - i, kind: "real", bound: 32 * 2.05 })),
    },
  }),
};
const names = studies["one sum"].members.map((m) => m.name);
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");
const sha256 = (bytes: Uint8Array) => Buffer.from(primitives.sha256(bytes)).toString("hex");
const zeros = "0".repeat(64);

type Body = Record<string, unknown>;
interface Deviation {
  readonly what: string;
  readonly phase: Phase;
  /** What arrives instead. `kept` holds what the deviation wants to send later. */
  readonly lie: (d: Delivery, kept: Delivery[]) => readonly Delivery[];
  /** Its words are not its numbers: no sum with them is exact. */
  readonly changesWords?: boolean;
}

function resigned(d: Delivery, body: Body, phase?: Phase): Delivery {
  const message = d.message as Message;
  const { run, round, to } = message;
  const signed = signedMessage(partyOf(d.from).identity, { run, round, to }, phase ?? message.phase, body as never);
  return { ...d, tries: 99, message: signed };
}
const bodyOf = (d: Delivery) => (d.message as Message).body as Body;
const changed = (what: string, phase: Phase, change: (body: Body, d: Delivery) => Body): Deviation => ({
  what: `${phase}: ${what}`,
  phase,
  lie: (d) => [resigned(d, { ...bodyOf(d), ...change(bodyOf(d), d) })],
});

const anyPhase = (phases: readonly Phase[]): Deviation[] =>
  phases.flatMap((phase) => [
    { what: `${phase}: dropped`, phase, lie: () => [] },
    { what: `${phase}: given three times`, phase, lie: (d) => [d, d, d] },
    {
      what: `${phase}: late by one`,
      phase,
      lie: (d, kept) => kept.splice(0, kept.length, d),
    },
    {
      what: `${phase}: also of another round`,
      phase,
      lie: (d) => [{ ...d, message: { ...(d.message as Message), round: 9 } }, d],
    },
  ]);

const boxes = (body: Body) => body.boxes as Record<string, Record<string, string>>;
const words = (what: string, change: (w: Uint32Array) => void): Deviation => ({
  what: `masked: ${what}`,
  phase: "masked",
  changesWords: true,
  lie: (d) => {
    const numbers = new Uint32Array(d.payload!.slice().buffer);
    change(numbers);
    const payload = new Uint8Array(numbers.buffer);
    return [{ ...resigned(d, { ...bodyOf(d), words: { sha256: sha256(payload), bytes: payload.length } }), payload }];
  },
});

const ofMembers: Deviation[] = [
  ...anyPhase(["keys", "shares", "opened", "masked", "agree", "reveal"]),
  ...["box", "seal", "pair"].map((use) =>
    changed(`${use} of low order`, "keys", () => ({ [use]: base64(new Uint8Array(32)) })),
  ),
  changed("another commitment", "keys", () => ({ self: zeros })),
  changed("another pair key", "keys", () => ({ pair: base64(primitives.publicKey(new Uint8Array(32).fill(5))) })),
  changed("a garbled box", "shares", (body) => {
    const [first] = Object.keys(boxes(body));
    return { boxes: { ...boxes(body), [first!]: { ...boxes(body)[first!], box: base64(new Uint8Array(80).fill(1)) } } };
  }),
  changed("false commitments for all", "shares", (body) => ({
    boxes: Object.fromEntries(Object.entries(boxes(body)).map(([n, box]) => [n, { ...box, pair: zeros }])),
  })),
  {
    what: "opened: refuses a true box",
    phase: "opened",
    lie: (d) => [resigned(d, { reason: "no", about: names.find((n) => n !== d.from) }, "refuse")],
  },
  { what: "opened: refuses without a reason", phase: "opened", lie: (d) => [resigned(d, { reason: "no" }, "refuse")] },
  { what: "open: no answer", phase: "open", lie: () => [] },
  changed("another key", "open", () => ({ seal: base64(new Uint8Array(32).fill(3)) })),
  changed("another view", "masked", () => ({ view: zeros })),
  words("a huge number", (w) => (w[0] = w[0]! + 1.9e9)),
  words("fewer rows", (w) => (w[5] = w[5]! - 200)),
  words("noise", (w) => w.set(w.map((x) => x ^ 0x55555555))),
  changed("another view", "agree", () => ({ view: zeros })),
  changed("shares of zeros", "reveal", (body) => ({
    self: Object.fromEntries(Object.keys(body.self as Body).map((n) => [n, base64(new Uint8Array(32))])),
  })),
  changed("no shares", "reveal", () => ({ self: {}, pair: {} })),
];

const commitments = (body: Body) => body.pairs as Record<string, string>;
const point = "4vKuCmq7Tnjf7tyTtjxBpYUTC3Gjr1PNK6DwI9ZN/lI="; // one of the group
/** Of the check of norms. */
const ofChecked: Deviation[] = [
  ...anyPhase(["checked"]),
  words("a huge number", (w) => (w[0] = w[0]! + 0x1fff_ffff)),
  words("noise", (w) => w.set(w.subarray(0, 5).map((x) => x ^ 0x55555555))),
  changed("another seed", "checked", () => ({ seed: zeros })),
  changed("another own mask", "checked", () => ({ self: point })),
  changed("no point", "checked", () => ({ self: base64(new Uint8Array(32).fill(255)) })),
  changed("another mask of a pair", "checked", (body) => ({
    pairs: { ...commitments(body), [Object.keys(commitments(body))[0]!]: point },
  })),
  changed("other masks of all pairs", "checked", (body) => ({
    pairs: Object.fromEntries(Object.keys(commitments(body)).map((n) => [n, point])),
  })),
  changed("a pair less", "checked", (body) => ({
    pairs: Object.fromEntries(Object.entries(commitments(body)).slice(1)),
  })),
  changed("other turns", "checked", () => ({ turns: point })),
  changed("no proof", "checked", () => ({ proof: "" })),
  changed("zeros for a proof", "checked", (body) => ({
    proof: base64(new Uint8Array(Buffer.from(body.proof as string, "base64").length)),
  })),
];

/** The pairs of two lists, or a part of them. */
function pairsOf(
  one: readonly Deviation[],
  other: readonly Deviation[],
  { part, most }: { readonly part: number; readonly most: number },
): (readonly [Deviation, Deviation])[] {
  const pairs = one.flatMap((a) => other.map((b) => [a, b] as const));
  if (all) return shuffle(pairs, random("adversaries")).slice(0, most);
  return shuffle(pairs, random("adversaries")).slice(0, Math.min(most, Number(asked ?? part)));
}

/** Exact means of a round: of each bucket that has a sum, or of all who stayed. */
function exactMeans({ members }: Proposal, { round, survivors, buckets }: RoundResult, without: ReadonlySet<string>) {
  const places = members.map((m) => m.name);
  const summed = (buckets ?? [{ members: survivors, sum: "" }]).filter((b) => b.sum !== undefined);
  const honest = summed.filter((b) => !b.members.some((n) => without.has(n)));
  return honest.map((b) =>
    Float64Array.from(
      exactMean(
        b.members.map((n) => places.indexOf(n)),
        round,
        5,
      ),
    ),
  );
}

/** What the model must be where all words are true; with false words, what no weight may lie beyond. */
function expectHonest(proposal: Proposal, state: CoordinatorState, liars: ReadonlySet<string>, isExact: boolean): void {
  for (const name of state.gone.keys()) expect(liars, `${name} is innocent: ${state.gone.get(name)}`).toContain(name);
  expect(["finished", "stopped"]).toContain(state.stage);
  for (const w of state.model) expect(Math.abs(w)).toBeLessThanOrEqual(proposal.rounds + 1e-6); // each step within the bound
  if (!isExact && !proposal.robust) return;
  const [low, high] = [new Float64Array(5), new Float64Array(5)];
  for (const result of state.results.filter((r) => r.task === "train")) {
    const means = exactMeans(proposal, result, isExact ? new Set() : liars);
    const exact = proposal.robust ? combineMeans(proposal.robust, means, bucketCount(proposal)) : means[0]!;
    for (let i = 0; i < 5; i++) {
      const values = isExact ? [exact[i]!] : means.map((m) => m[i]!);
      low[i] = low[i]! + Math.min(...values);
      high[i] = high[i]! + Math.max(...values);
    }
  }
  for (const [i, w] of state.model.entries()) {
    expect(w).toBeGreaterThan(low[i]! - 1e-6);
    expect(w).toBeLessThan(high[i]! + 1e-6);
  }
}

/** Of lies of members, and of coordinators, beside all others: how many pairs are tried, and at most. A proof takes a third of a second. */
const parts = {
  "one sum": { part: 30, most: Number.POSITIVE_INFINITY },
  buckets: { part: 12, most: Number.POSITIVE_INFINITY },
  norm: { part: 2, most: 40 },
};

test.each(["one sum", "buckets", "norm"] as const)(
  "pairs of lying members, %s: exact sums, or an end with a cause, and nobody honest is left out",
  async (kind) => {
    const proposal = studies[kind];
    const pairs = pairsOf(kind === "norm" ? ofChecked : ofMembers, ofMembers, parts[kind]);
    const seen = { finished: 0, stopped: 0, named: 0 };
    for (const [a, b] of pairs) {
      const by = new Map([
        ["hospital", [a]],
        ["ministry", [b]],
      ]);
      const kept = new Map<string, Delivery[]>();
      const failures: string[] = [];
      const { coordinator } = await simulate({
        ...smallStudy({ proposal }),
        network: {
          carry: (d) => {
            const { phase } = d.message as Message;
            const lies = by.get(d.from);
            if (!lies) return [d];
            const own = kept.get(d.from) ?? [];
            kept.set(d.from, own);
            const lie = lies.find((l) => l.phase === phase);
            return lie ? lie.lie(d, own) : [d];
          },
        },
        onEffect: (_, e) => e.kind === "failed" && failures.push(e.reason),
      });
      const what = `${a.what} · ${b.what}`;
      // words that hide a long update are noticed
      const isExact = !((a.changesWords && kind !== "norm") || b.changesWords);
      try {
        expectHonest(proposal, coordinator, new Set(by.keys()), isExact);
      } catch (cause) {
        throw new Error(what, { cause });
      }
      if (coordinator.stage === "stopped")
        expect(
          failures.every((reason) => reason.length > 0),
          what,
        ).toBe(true);
      seen[coordinator.stage as "finished" | "stopped"]++;
      if (coordinator.gone.size > 0) seen.named++;
    }
    console.log(kind, JSON.stringify(seen));
    expect(seen.finished).toBeGreaterThan(pairs.length / 2);
    if (pairs.length > 5) expect(seen.named).toBeGreaterThan(pairs.length / 6);
  },
  3_600_000,
);

const list = (body: Body, key: string) => body[key] as readonly unknown[];
const less = (key: string) => (body: Body) => ({ [key]: list(body, key).slice(1) });
const ofCoordinators: Deviation[] = [
  ...anyPhase(["round", "roster", "inbox", "begin", "survivors", "unmask", "result", "abort"]),
  changed("fewer members", "round", less("members")),
  changed("the other task", "round", (body) => ({ task: body.task === "train" ? "evaluate" : "train" })),
  {
    what: "round: another model",
    phase: "round",
    lie: (d) => {
      const payload = d.payload!.map((x) => x ^ 1);
      return [{ ...resigned(d, { ...bodyOf(d), model: { sha256: sha256(payload), bytes: payload.length } }), payload }];
    },
  },
  changed("fewer keys", "roster", less("keys")),
  changed("a box less", "inbox", (body) => ({ boxes: Object.fromEntries(Object.entries(boxes(body)).slice(1)) })),
  changed("a garbled box", "inbox", (body) => {
    const [first] = Object.keys(boxes(body));
    return { boxes: { ...boxes(body), [first!]: { ...boxes(body)[first!], box: base64(new Uint8Array(80).fill(1)) } } };
  }),
  changed("a survivor less", "survivors", less("survivors")),
  changed("no signed updates", "survivors", () => ({ masked: [] })),
  changed("an agreement less", "unmask", less("agreements")),
  changed("one agreement for all", "unmask", (body) => ({
    agreements: list(body, "agreements").map(() => list(body, "agreements")[0]),
  })),
  changed("other survivors", "result", less("survivors")),
  changed("another model", "result", () => ({ model: zeros })),
];
/** Of the check of norms. */
const ofChecking: Deviation[] = [...anyPhase(["check"]), changed("another seed", "check", () => ({ seed: zeros }))];

test.each(["one sum", "buckets", "norm"] as const)(
  "pairs of lies of a coordinator to two members, %s: of nobody both secrets are shown, and shares for one view only",
  async (kind) => {
    const proposal = studies[kind];
    const lies = pairsOf(kind === "norm" ? ofChecking : ofCoordinators, ofCoordinators, parts[kind]);
    let shown = 0;
    for (const [a, b] of lies) {
      const to = new Map([
        ["hospital", a],
        ["university", b],
      ]);
      const kept: Delivery[] = [];
      const reveals: Message<"reveal">[] = [];
      const views = new Map<number, Set<string>>();
      await simulate({
        ...smallStudy({ proposal }),
        network: {
          carry: (d) => {
            const message = d.message as Message;
            if (message.phase === "reveal") reveals.push(message);
            const lie = d.from === "coordinator" ? to.get(d.to) : undefined;
            return lie?.phase === message.phase ? lie.lie(d, kept) : [d];
          },
        },
        onEffect: (_, e) => {
          if (e.kind !== "record" || e.entry.phase !== "shown") return;
          const { round, body } = e.entry;
          views.set(round, (views.get(round) ?? new Set()).add(`${body.view} ${body.survivors}`));
          shown++;
        },
      });
      const what = `${a.what} · ${b.what}`;
      for (const [round, of] of views) expect(of.size, `${what}: views of round ${round}`).toBe(1);
      for (const { name } of proposal.members)
        for (const round of views.keys()) {
          const of = (kind: "self" | "pair") =>
            reveals.some((m) => m.round === round && Object.hasOwn(m.body[kind], name));
          expect(of("self") && of("pair"), `${what}: both secrets of ${name}`).toBe(false);
        }
    }
    expect(shown).toBeGreaterThan(lies.length);
  },
  3_600_000,
);
