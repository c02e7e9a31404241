// What a member answers in each phase of a round. Messages were read and their signatures checked before.
import { random } from "../../base/index.ts";
import {
  answerNorm,
  base64,
  commitment,
  dealShares,
  derive,
  encode,
  type MaskContext,
  maskWords,
  openBox,
  pairSecret,
  roundSecrets,
  unbase64,
} from "../../secret-sums/index.ts";
import { graphOf, holdersOf, partsOf, ringOf, shareThreshold, thinStretch } from "./graph.ts";
import { bytesOf, examplesSegment, layoutOf, modelSize, viewDigest, wordsIn } from "./layout.ts";
import { openingProblem, withEnd, withOpened } from "./ledger.ts";
import {
  alarm,
  areTooFew,
  areTooFewToSum,
  inAll,
  isSorted,
  keyOf,
  type MemberRound,
  type ParticipantEffect,
  type ParticipantEvent,
  type ParticipantSetup,
  type ParticipantState,
  type ParticipantStep,
  refused,
  send,
} from "./member.ts";
import { blobOf, checkBlob, checkSignature, type Message } from "./messages.ts";
import { checksNorm, normContext } from "./norm-phase.ts";
import { shortened } from "./shortened.ts";

const contextOf = (state: ParticipantState): MaskContext => ({ run: state.proposal!.run, round: state.round!.id });

/** Who this member shares masks and shares with: it and its neighbours. */
const nearOf = ({ identity }: ParticipantSetup, { proposal }: ParticipantState, { keys, graph }: MemberRound) =>
  holdersOf(
    proposal!,
    keys.map((k) => k.from),
    graph,
    identity.name,
  );

const ownKeys = ["box", "seal", "pair"] as const;

/** What this member shares with each of its neighbours whose masks are in its words. */
function pairSecretsOf(setup: ParticipantSetup, state: ParticipantState): ReadonlyMap<string, Uint8Array> {
  const { primitives, identity } = setup;
  const round = state.round!;
  const group = new Set(round.group);
  const near = new Set(nearOf(setup, state, round).filter((n) => n !== identity.name && group.has(n)));
  return new Map(
    round.keys
      .filter(({ from }) => near.has(from))
      .map(({ from, body }): [string, Uint8Array] => [
        from,
        pairSecret(primitives, contextOf(state), round.secrets.pair, unbase64(body.pair), [identity.name, from]),
      ]),
  );
}

/** Keys of this round, made from fresh entropy. */
export function onRound(
  setup: ParticipantSetup,
  state: ParticipantState,
  message: Message<"round">,
  { payload, entropy }: ParticipantEvent & { kind: "message" },
): ParticipantStep {
  const { primitives, identity } = setup;
  const { task, model, members } = message.body;
  const proposal = state.proposal!;
  const graph = graphOf(primitives, proposal, state.digest!, task);
  if (!isSorted(members) || members.some((m) => !keyOf(state)(m)) || areTooFew(setup, state, graph, members))
    throw refused("a round of other participants than the proposal's, or too few", members.join(", "));
  if (!members.includes(identity.name)) return { state, effects: [] };
  const { ledger, told } = caughtUp(setup, state, message);
  const wrong = openingProblem(proposal, ledger, message, state.left?.size ?? 0);
  if (wrong) throw refused(wrong.problem, wrong.got, wrong.expected);
  if (model.bytes !== 4 * modelSize(proposal))
    throw refused("a model of another size", `${model.bytes} bytes`, `${4 * modelSize(proposal)} bytes`);
  const content = checkBlob(primitives, model, payload, "the round's model");
  if (entropy.length !== 32) throw new RangeError("entropy of a round is 32 bytes");
  const context = { run: proposal.run, round: message.round };
  const secrets = roundSecrets(primitives, entropy, context);
  const round: MemberRound = {
    id: message.round,
    task,
    model: model.sha256,
    content,
    members,
    secrets,
    rounding: derive(primitives, entropy, context, "rounding"),
    entropy: derive(primitives, entropy, context, "check"),
    keys: [],
    graph,
    group: [],
    shares: new Map(),
    survivors: [],
    taken: new Map(),
  };
  const keys = {
    box: base64(primitives.publicKey(secrets.box)),
    seal: base64(primitives.publicKey(secrets.seal)),
    pair: base64(primitives.publicKey(secrets.pair)),
    self: commitment(primitives, context, "self", secrets.self),
  };
  return {
    state: { ...state, lastRound: message.round, round, ledger: withOpened(ledger, message) },
    effects: [...told, { kind: "record", entry: message }, send(setup, state, message.round, "keys", keys)],
  };
}

/** The ledger after the end of the round before, which this member may not have heard of. */
function caughtUp(
  { primitives, coordinator }: ParticipantSetup,
  state: ParticipantState,
  { round, body }: Message<"round">,
) {
  const after = body.after as Message | undefined;
  if (!after) return { ledger: state.ledger, told: [] };
  checkSignature(after, primitives, (name) => (name === coordinator.name ? coordinator.key : undefined));
  const isEnd = after.phase === "result" || after.phase === "abort";
  if (!isEnd || after.run !== state.proposal!.run || after.round >= round)
    throw refused("a round after something else than the end of another", `${after.phase} of round ${after.round}`);
  const ledger = withEnd(state.proposal!, state.ledger, after);
  return { ledger, told: ledger === state.ledger ? [] : [{ kind: "record", entry: after } as const] };
}

/** Shares of both secrets for everybody whose signed keys arrived. */
export function onRoster(
  setup: ParticipantSetup,
  state: ParticipantState,
  message: Message<"roster">,
): ParticipantStep {
  const { primitives, identity } = setup;
  const round = state.round!;
  const keys = message.body.keys as Message<"keys">[];
  for (const one of keys) {
    checkSignature(one, primitives, keyOf(state));
    if (one.phase !== "keys" || one.run !== state.proposal!.run || one.round !== round.id)
      throw refused("keys of another round", `${one.phase} of ${one.from}, round ${one.round}`);
  }
  const names = keys.map((k) => k.from);
  if (!isSorted(names) || !inAll(names, round.members) || areTooFewToSum(setup, state, round.graph, names))
    throw refused("a roster of other participants than the round's, or too few", names.join(", "));
  const mine = keys.find((k) => k.from === identity.name);
  if (!mine) return { state, effects: [] }; // its keys came too late
  if (ownKeys.some((use) => mine.body[use] !== base64(primitives.publicKey(round.secrets[use]))))
    return alarm(setup, state, round.id, "the roster holds other keys of this member than it sent");
  const ring = ringOf(primitives, state.proposal!, contextOf(state), keys);
  const graph = { ...round.graph, ring };
  const kept = { ...round, keys, graph };
  const boxKeys = new Map(keys.map((k) => [k.from, k.body.box]));
  const receivers = new Map(nearOf(setup, state, kept).map((n) => [n, unbase64(boxKeys.get(n)!)]));
  const threshold = shareThreshold(state.proposal!, graph, identity.name);
  const dealer = { name: identity.name, secrets: round.secrets, threshold };
  const boxes = dealShares(primitives, contextOf(state), dealer, receivers);
  return {
    state: { ...state, round: kept },
    effects: [send(setup, state, round.id, "shares", { boxes })],
  };
}

/** Opens the others' boxes and checks what they committed to, and that no view isolates anybody; then the work begins. */
export function onInbox(setup: ParticipantSetup, state: ParticipantState, message: Message<"inbox">): ParticipantStep {
  const { primitives, identity } = setup;
  const round = state.round!;
  const { boxes } = message.body;
  const roster = round.keys.map((k) => k.from);
  const group = message.body.group ?? roster.filter((n) => Object.hasOwn(boxes, n));
  const dealt = new Set(group);
  const near = nearOf(setup, state, round).filter((n) => dealt.has(n));
  if (
    !isSorted(group) ||
    !inAll(group, roster) ||
    near.length !== Object.keys(boxes).length ||
    near.some((n) => !Object.hasOwn(boxes, n)) ||
    areTooFewToSum(setup, state, round.graph, group) ||
    !near.includes(identity.name)
  )
    throw refused(
      "encrypted shares of other participants than the roster's, or too few",
      Object.keys(boxes).join(", "),
    );
  const thin = thinStretch(state.proposal!, round.graph, group);
  if (thin) throw refused("a group that falls into parts", thin);
  const shares = new Map<string, { pair: Uint8Array; self: Uint8Array }>();
  for (const { from, body } of round.keys) {
    if (!Object.hasOwn(boxes, from)) continue;
    const ends = { from, to: identity.name, secret: round.secrets.box, key: unbase64(body.seal) };
    const opened = openBox(primitives, contextOf(state), ends, boxes[from]!);
    if (!opened)
      return alarm(
        setup,
        state,
        round.id,
        `the encrypted shares of ${from} cannot be opened, or are not what it committed to`,
        from,
      );
    shares.set(from, opened);
  }
  const { proposal, digest } = state;
  const { id, task, model, members, keys } = round;
  const view = { proposal: digest!, run: proposal!.run, round: id, task, model, members, keys, group };
  return {
    state: { ...state, round: { ...round, group, shares, view: viewDigest(primitives, view) } },
    effects: [
      send(setup, state, round.id, "opened", {}),
      { kind: "work", round: round.id, task: round.task, model: round.content },
    ],
  };
}

/** No box is in dispute: masked words may leave. */
export function onBegin(state: ParticipantState): ParticipantStep {
  const round = state.round!;
  if (round.view === undefined) throw refused("a round that begins before its encrypted shares were given");
  return { state: { ...state, round: { ...round, begun: true } }, effects: round.words ?? [] };
}

/** Masks what was learned or counted; the words leave once the round has begun. */
export function onTrained(
  setup: ParticipantSetup,
  state: ParticipantState,
  { round: id, examples, values }: ParticipantEvent & { kind: "trained" },
): ParticipantStep {
  const { round, proposal } = state;
  if (state.consent !== "given" || round?.id !== id) return { state, effects: [] }; // the round is over
  if (round.group.length === 0) throw refused("values before the round asked for them", `round ${id}`);
  if (round.words) return { state, effects: [] };
  const { primitives, identity } = setup;
  const context = contextOf(state);
  const layout = layoutOf(proposal!, round.task);
  const counted = Math.min(examples, proposal!.maxExamples);
  const seed = new Uint32Array(round.rounding.slice().buffer);
  const rounding = random([seed[0]!, seed[1]!, seed[2]!, seed[3]!]);
  const { norm, given } = round.task === "train" ? shortened(proposal!, values) : { norm: undefined, given: values };
  const all = { ...given, [examplesSegment]: [counted] };
  const part = partsOf(round.graph, round.members).find((p) => p.includes(identity.name))!;
  const { words, clipped } = encode(layout, all, part.length, rounding, counted / proposal!.maxExamples);
  const pairs = pairSecretsOf(setup, state);
  maskWords(primitives, words, layout, context, { name: identity.name, self: round.secrets.self, pairs });
  const payload = bytesOf(words);
  const effects: ParticipantEffect[] = [
    ...(Object.keys(clipped).length || norm !== undefined
      ? [{ kind: "clipped", round: id, parts: clipped, ...(norm !== undefined && { norm }) } as const]
      : []),
    send(setup, state, id, "masked", { words: blobOf(primitives, payload), view: round.view! }, payload),
  ];
  const taken = new Map(round.taken); // asked again, it answers with the same words, and works no second time
  const inbox = taken.get("inbox")!;
  taken.set("inbox", { ...inbox, answer: inbox.answer.filter((e) => e.kind !== "work") });
  if (round.begun) taken.set("begin", { ...taken.get("begin")!, answer: effects });
  return { state: { ...state, round: { ...round, words: effects, taken } }, effects: round.begun ? effects : [] };
}

/** Shows how long the update under its masked words is, once all words are there. It is asked once in a round. */
export function onCheck(setup: ParticipantSetup, state: ParticipantState, message: Message<"check">): ParticipantStep {
  const { primitives, identity } = setup;
  const round = state.round!;
  const proposal = state.proposal!;
  const sent = round.words?.find((e) => e.kind === "send");
  if (!checksNorm(proposal, round.task) || !round.begun || !sent?.payload)
    throw refused("a check of an update that was not given, or not agreed to", round.task);
  const { seed } = message.body;
  const party = {
    words: wordsIn(sent.payload),
    self: round.secrets.self,
    pairs: pairSecretsOf(setup, state),
    entropy: round.entropy,
  };
  const answer = answerNorm(primitives, normContext(proposal, round, identity.name, seed), party);
  if (!answer) return alarm(setup, state, round.id, "the projections asked for make its update look too long");
  return { state, effects: [send(setup, state, round.id, "checked", { seed, ...answer })] };
}
