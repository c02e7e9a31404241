// Messages of a round: their phases, their bodies, and the signature over their whole content. Knows no transport.
import { z } from "zod";
import { ConcordError, canonicalBytes } from "../../base/index.ts";
import type { Identity, Primitives } from "../../secret-sums/index.ts";
import { base64, hex, unbase64 } from "../../secret-sums/index.ts";

/** Of the protocol; another one is refused by name. */
export const protocolVersion = 2;

const name = z.string().min(1).max(40);
const digest = z.string().regex(/^[0-9a-f]{64}$/);
const key = z.base64().length(44); // 32 bytes
const reason = z.string().min(1).max(500);
const byName = <T extends z.ZodType>(value: T) => z.record(name, value);
const box = z.strictObject({ box: z.base64().length(108), pair: digest, self: digest }); // 64 bytes and a tag
const blob = z.strictObject({
  sha256: digest,
  bytes: z
    .int()
    .min(0)
    .max(2 ** 32),
});
/** A party's message that is shown to the others. */
interface Shown extends Head {
  readonly phase: string;
  readonly body: unknown;
}
const nested = z.lazy(() => messageSchema) as unknown as z.ZodType<Shown>;

const words = z.record(z.string().max(32), z.union([z.string().max(64), z.number()]));
const ledgerLine = z.strictObject({
  kind: z.enum(["open", "charge", "earlier"]),
  run: z.string().max(64),
  mechanism: words.optional(),
  budget: words.optional(),
  through: z.int().min(0).optional(),
});

const bodies = {
  // of the coordinator
  propose: z.strictObject({ proposal: z.json() }),
  // `after`: how the round before it ended, for whoever did not hear it.
  round: z.strictObject({
    task: z.enum(["train", "evaluate"]),
    model: blob,
    members: z.array(name).min(2),
    after: nested.optional(),
  }),
  roster: z.strictObject({ keys: z.array(nested) }),
  // `group` where boxes come from neighbours only: all who dealt.
  inbox: z.strictObject({ boxes: byName(box), group: z.array(name).optional() }),
  dispute: z.strictObject({ refusal: nested }),
  begin: z.strictObject({}),
  // where the proposal has a norm: drawn once all masked words are there
  check: z.strictObject({ seed: digest }),
  survivors: z.strictObject({ survivors: z.array(name), masked: z.array(nested) }),
  unmask: z.strictObject({ agreements: z.array(nested) }),
  // `buckets` where the proposal has robust aggregation, in training: of each the digest of its sum, or why it is left out.
  result: z.strictObject({
    survivors: z.array(name),
    sum: digest,
    model: digest,
    examples: z.int().min(0),
    buckets: z
      .array(z.strictObject({ members: z.array(name), sum: digest.optional(), leftOut: reason.optional() }))
      .optional(),
  }),
  abort: z.strictObject({ reason }),
  finish: z.strictObject({ model: digest, rounds: z.int().min(0) }),
  left: z.strictObject({ member: name, reason }),
  stop: z.strictObject({ reason }),
  // of members
  consent: z.strictObject({ proposal: digest, siteValues: z.boolean() }),
  withdraw: z.strictObject({ reason }),
  keys: z.strictObject({ box: key, seal: key, pair: key, self: digest }),
  shares: z.strictObject({ boxes: byName(box) }),
  opened: z.strictObject({}),
  open: z.strictObject({ seal: key }),
  masked: z.strictObject({ words: blob, view: digest }),
  // what shows how long the update under the masked words is
  checked: z.strictObject({ seed: digest, self: key, pairs: byName(key), turns: key, proof: z.base64().max(40_000) }),
  agree: z.strictObject({ view: digest }),
  reveal: z.strictObject({ self: byName(key), pair: byName(key) }),
  // In a member's transcript only: whose secrets it showed shares of.
  shown: z.strictObject({ view: digest, survivors: z.array(name), self: z.array(name), pair: z.array(name) }),
  refuse: z.strictObject({ reason, about: name.optional() }),
  privacy: z.strictObject({
    epsilon: z.number().min(0),
    delta: z.number().min(0).lt(1),
    ledger: z.array(ledgerLine).max(20_000).optional(),
  }),
  site: z.strictObject({ values: z.record(z.string().max(200), z.number()) }),
} as const;

export type Phase = keyof typeof bodies;
export type Bodies = { [P in Phase]: z.output<(typeof bodies)[P]> };
/** ε as an upper bound at δ over all of a member's rounds; where the study shows ledgers, with its lines: what they mean is not known here. */
export type SpentPrivacy = Bodies["privacy"];
export type Blob = z.output<typeof blob>;

/** What a message says outside its body. `to` is a name, or `*` for every member. Large contents travel beside it and are named by their hash. */
interface Head {
  readonly protocol: "concord-round";
  readonly version: number;
  readonly run: string;
  readonly round: number;
  readonly from: string;
  readonly to: string;
  readonly signature: string;
}

/** A signed message of a phase, or of any. */
export type Message<P extends Phase = Phase> = { [K in P]: Head & { readonly phase: K; readonly body: Bodies[K] } }[P];

const envelope = {
  protocol: z.literal("concord-round"),
  version: z.literal(protocolVersion),
  run: z.string().max(64),
  round: z
    .int()
    .min(0)
    .max(2 ** 31),
  from: name,
  to: name,
  signature: z.base64().length(88),
};
const messageSchema: z.ZodType<Message> = z.discriminatedUnion(
  "phase",
  Object.entries(bodies).map(([phase, body]) =>
    z.strictObject({ ...envelope, phase: z.literal(phase), body }),
  ) as unknown as [z.ZodObject<{ phase: z.ZodLiteral<string> }>],
) as unknown as z.ZodType<Message>;

const signedBytes = ({ signature: _, ...content }: Message): Uint8Array => canonicalBytes(content);

/** A signed message. */
export function signedMessage<P extends Phase>(
  identity: Identity,
  head: { readonly run: string; readonly round: number; readonly to: string },
  phase: P,
  body: Bodies[P],
): Message<P> {
  const message = {
    protocol: "concord-round",
    version: protocolVersion,
    ...head,
    phase,
    from: identity.name,
    body,
  } as const;
  const bytes = canonicalBytes(message);
  return { ...message, signature: base64(identity.sign(bytes)) };
}

/** SHA-256 of a whole message: equal messages are the same message. */
export const messageDigest = (primitives: Primitives, message: Message): string =>
  hex(primitives.sha256(canonicalBytes(message)));

/**
 * A message that arrived: its form, and the signature of who it says it is from.
 * @param keyOf SPKI of a party in base64, or undefined for a stranger
 * @throws E_VERSION for another version of the protocol; E_ROUND for another form; E_SIGNATURE for a stranger or a signature that does not hold
 */
export function readMessage(
  value: unknown,
  primitives: Primitives,
  keyOf: (name: string) => string | undefined,
): Message {
  const version = (value as { version?: unknown } | null)?.version;
  if (typeof version === "number" && version !== protocolVersion)
    throw new ConcordError("E_VERSION", {
      operation: "read message",
      problem: `the other side speaks ${version > protocolVersion ? "a newer" : "an older"} protocol`,
      expected: `version ${protocolVersion}`,
      got: String(version),
      hint: "install the same version of Concord for all parties",
    });
  const { success, data, error } = messageSchema.safeParse(value);
  if (!success) {
    const [issue] = error.issues;
    throw new ConcordError("E_ROUND", {
      operation: "read message",
      problem: "no message of this protocol",
      got: `${issue!.path.join(".") || "$"}: ${issue!.message}`,
    });
  }
  checkSignature(data, primitives, keyOf);
  return data;
}

/** @throws E_SIGNATURE */
export function checkSignature(
  message: Message,
  primitives: Primitives,
  keyOf: (name: string) => string | undefined,
): void {
  const { from, phase, round } = message;
  const spki = keyOf(from);
  const problem =
    spki === undefined
      ? "the sender is no party of this study"
      : primitives.verify(unbase64(spki), signedBytes(message), unbase64(message.signature))
        ? undefined
        : "the signature is not the sender's over this content";
  if (problem)
    throw new ConcordError("E_SIGNATURE", {
      operation: "read message",
      problem,
      got: `${phase} of ${from}, round ${round}`,
    });
}

/** The hash and size of bytes that travel beside a message. */
export const blobOf = (primitives: Primitives, bytes: Uint8Array): Blob => ({
  sha256: hex(primitives.sha256(bytes)),
  bytes: bytes.length,
});

/** @throws E_ROUND where bytes are not what a message names */
export function checkBlob(
  primitives: Primitives,
  { sha256, bytes }: Blob,
  given: Uint8Array | undefined,
  of: string,
): Uint8Array {
  if (given?.length === bytes && hex(primitives.sha256(given)) === sha256) return given;
  throw new ConcordError("E_ROUND", {
    operation: "read message",
    problem: `the content of ${of} is not what the message names`,
    expected: `${bytes} bytes with SHA-256 ${sha256}`,
    got: given ? `${given.length} bytes` : "none",
  });
}
