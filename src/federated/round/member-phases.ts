// What a member answers in each phase of a round. Messages were read and their signatures checked before.
import { random } from "../../base/index.ts";
import {
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
} from "../secret-sums/index.ts";
import { holdersOf, ringOf, shareThreshold, thinStretch } from "./graph.ts";
import { bytesOf, examplesSegment, layoutOf, modelSize, viewDigest } from "./layout.ts";
import {
  alarm,
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
import { memberKey } from "./proposal.ts";

const contextOf = (state: ParticipantState): MaskContext => ({ run: state.proposal!.run, round: state.round!.id });
const keyOf = (state: ParticipantState) => (name: string) => memberKey(state.proposal!, name);
const inAll = (names: readonly string[], all: readonly string[]) => {
  const known = new Set(all);
  return names.every((n) => known.has(n));
};

/** Who this member shares masks and shares with: it and its neighbours. */
const nearOf = ({ identity }: ParticipantSetup, { proposal }: ParticipantState, { keys, ring }: MemberRound) =>
  holdersOf(
    proposal!,
    keys.map((k) => k.from),
    ring,
    identity.name,
  );

const isSorted = (names: readonly string[]) => names.every((n, i) => i === 0 || names[i - 1]! < n);

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
  if (!isSorted(members) || members.some((m) => !keyOf(state)(m)) || members.length < proposal.threshold)
    throw refused("a round of other participants than the proposal's, or too few", members.join(", "));
  if (!members.includes(identity.name)) return { state, effects: [] };
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
    keys: [],
    group: [],
    shares: new Map(),
    survivors: [],
    taken: new Map(),
  };
  const keys = {
    box: base64(primitives.publicKey(secrets.box)),
    pair: base64(primitives.publicKey(secrets.pair)),
    self: commitment(primitives, context, "self", secrets.self),
  };
  return {
    state: { ...state, lastRound: message.round, round },
    effects: [send(setup, state, message.round, "keys", keys)],
  };
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
  if (!isSorted(names) || !inAll(names, round.members) || names.length < state.proposal!.threshold)
    throw refused("a roster of other participants than the round's, or too few", names.join(", "));
  const mine = keys.find((k) => k.from === identity.name);
  if (!mine) return { state, effects: [] }; // its keys came too late
  if (mine.body.pair !== base64(primitives.publicKey(round.secrets.pair)))
    return alarm(setup, state, round.id, "the roster holds other keys of this member than it sent");
  const ring = ringOf(primitives, state.proposal!, contextOf(state), keys);
  const kept = { ...round, keys, ring };
  const boxKeys = new Map(keys.map((k) => [k.from, k.body.box]));
  const receivers = new Map(nearOf(setup, state, kept).map((n) => [n, unbase64(boxKeys.get(n)!)]));
  const threshold = shareThreshold(state.proposal!, ring);
  const dealer = { name: identity.name, secrets: round.secrets, threshold };
  const boxes = dealShares(primitives, contextOf(state), dealer, receivers);
  return {
    state: { ...state, round: kept },
    effects: [send(setup, state, round.id, "shares", { boxes })],
  };
}

/** Opens the others' boxes; then the work begins. */
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
    group.length < state.proposal!.threshold ||
    !near.includes(identity.name)
  )
    throw refused(
      "encrypted shares of other participants than the roster's, or too few",
      Object.keys(boxes).join(", "),
    );
  const shares = new Map<string, { pair: Uint8Array; self: Uint8Array }>();
  for (const { from, body } of round.keys) {
    if (!Object.hasOwn(boxes, from)) continue;
    const ends = { from, to: identity.name, secret: round.secrets.box, senderKey: unbase64(body.box) };
    const opened = openBox(primitives, contextOf(state), ends, boxes[from]!);
    if (!opened) return alarm(setup, state, round.id, `the encrypted shares of ${from} cannot be opened`, from);
    shares.set(from, opened);
  }
  return {
    state: { ...state, round: { ...round, group, shares } },
    effects: [{ kind: "work", round: round.id, task: round.task, model: round.content }],
  };
}

/** Masks what was learned or counted. */
export function onTrained(
  setup: ParticipantSetup,
  state: ParticipantState,
  { round: id, examples, values }: ParticipantEvent & { kind: "trained" },
): ParticipantStep {
  const { round, proposal } = state;
  if (state.consent !== "given" || round?.id !== id) return { state, effects: [] }; // the round is over
  if (round.group.length === 0) throw refused("values before the round asked for them", `round ${id}`);
  if (round.sent) return { state, effects: [] };
  const { primitives, identity } = setup;
  const context = contextOf(state);
  const layout = layoutOf(proposal!, round.task);
  const counted = Math.min(examples, proposal!.maxExamples);
  const seed = new Uint32Array(round.rounding.slice().buffer);
  const rounding = random([seed[0]!, seed[1]!, seed[2]!, seed[3]!]);
  const all = { ...values, [examplesSegment]: [counted] };
  const { words, clipped } = encode(layout, all, round.members.length, rounding, counted / proposal!.maxExamples);
  const group = new Set(round.group);
  const near = new Set(nearOf(setup, state, round).filter((n) => n !== identity.name && group.has(n)));
  const pairs = new Map(
    round.keys
      .filter(({ from }) => near.has(from))
      .map(({ from, body }): [string, Uint8Array] => [
        from,
        pairSecret(primitives, context, round.secrets.pair, unbase64(body.pair), [identity.name, from]),
      ]),
  );
  maskWords(primitives, words, layout, context, { name: identity.name, self: round.secrets.self, pairs });
  const payload = bytesOf(words);
  const effects: ParticipantEffect[] = [
    ...(Object.keys(clipped).length ? [{ kind: "clipped", round: id, parts: clipped } as const] : []),
    send(setup, state, id, "masked", { words: blobOf(primitives, payload) }, payload),
  ];
  const inbox = { digest: round.taken.get("inbox")!.digest, answer: effects }; // asked again, it answers with the same words
  return {
    state: { ...state, round: { ...round, sent: true, taken: new Map(round.taken).set("inbox", inbox) } },
    effects,
  };
}

/** Signs the list of who stayed, with all else that was seen of the round. */
export function onSurvivors(
  setup: ParticipantSetup,
  state: ParticipantState,
  message: Message<"survivors">,
): ParticipantStep {
  const round = state.round!;
  const { survivors } = message.body;
  if (!survivors.includes(setup.identity.name)) return { state, effects: [] }; // it was too late
  if (!isSorted(survivors) || !inAll(survivors, round.group) || survivors.length < state.proposal!.threshold)
    throw refused("a list of survivors that the round cannot have", survivors.join(", "));
  const thin = thinStretch(state.proposal!, round.ring, survivors);
  if (thin) throw refused("a list of survivors that falls into parts", thin);
  const kept = { ...round, survivors };
  return {
    state: { ...state, round: kept },
    effects: [send(setup, state, round.id, "agree", { view: viewOf(setup, state, kept) })],
  };
}

const viewOf = ({ primitives }: ParticipantSetup, { proposal, digest }: ParticipantState, round: MemberRound) =>
  viewDigest(primitives, {
    proposal: digest!,
    run: proposal!.run,
    round: round.id,
    task: round.task,
    model: round.model,
    keys: round.keys,
    group: round.group,
    survivors: round.survivors,
  });

/** Shows shares when enough others signed the same view: of the own mask of who stayed, of the pair masks of who did not. */
export function onUnmask(
  setup: ParticipantSetup,
  state: ParticipantState,
  message: Message<"unmask">,
): ParticipantStep {
  const { primitives, identity } = setup;
  const round = state.round!;
  if (!round.survivors.includes(identity.name)) return { state, effects: [] }; // it is not asked
  const view = viewOf(setup, state, round);
  const agreements = message.body.agreements as Message<"agree">[];
  for (const one of agreements) {
    checkSignature(one, primitives, keyOf(state));
    if (one.phase !== "agree" || one.run !== state.proposal!.run || one.round !== round.id)
      throw refused("an agreement of another round", `${one.phase} of ${one.from}, round ${one.round}`);
    if (one.body.view !== view)
      return alarm(
        setup,
        state,
        round.id,
        `${one.from} was shown another round: other keys, model or list of survivors`,
      );
  }
  const names = agreements.map((a) => a.from);
  if (!isSorted(names) || !inAll(names, round.survivors) || names.length < state.proposal!.threshold)
    throw refused("agreements of others than the survivors, or too few", names.join(", "));
  const shown = (kind: "pair" | "self", of: readonly string[]) =>
    Object.fromEntries(of.map((n) => [n, base64(round.shares.get(n)![kind])]));
  const stayed = new Set(round.survivors);
  const near = [...round.shares.keys()]; // who dealt to this member
  const self = shown(
    "self",
    near.filter((n) => stayed.has(n)),
  );
  const pair = shown(
    "pair",
    near.filter((n) => !stayed.has(n)),
  );
  return { state, effects: [send(setup, state, round.id, "reveal", { self, pair })] };
}
