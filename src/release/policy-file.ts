// policy.yaml: whom a release has to convince, and of what. Data like a recipe; never runs code.
import { readFile } from "node:fs/promises";
import { dirname, isAbsolute, join } from "node:path";
import { parseDocument } from "yaml";
import { z } from "zod";
import { digestOf } from "../artifacts/index.ts";
import { ConcordError, nearestName } from "../base/index.ts";
import { ioError } from "../formats/node/index.ts";
import type { Gate } from "../passport/index.ts";
import { certificatesIn, readSigner, type Signer } from "../store/index.ts";

const role = z.string().regex(/^[a-z][a-z-]{0,31}$/, "a role such as builder, data-owner or auditor");

/** Policy files of version 1. */
export const policySchema = z.strictObject({
  version: z.literal(1).describe("Version of the policy format."),
  signers: z
    .record(role, z.array(z.string().min(1)).min(1))
    .describe("Trusted signers by role: public key files made by concord keys. Paths start from the policy's folder."),
  require: z.array(role).min(1).describe("Roles that must sign before a release."),
  override: z.array(role).default([]).describe("Roles that may approve a failed gate as an exception, with a reason."),
  witness: z
    .array(role)
    .default([])
    .describe(
      "Roles of which one must have counter-signed the log, by its own clock. Default none: the time is the signers' own.",
    ),
  revoke: z
    .array(role)
    .default([])
    .describe(
      "Roles whose keys may revoke the keys of others in the log. Default none: a key is revoked by itself only.",
    ),
  ledger: z
    .enum(["stated", "logged"])
    .default("stated")
    .describe(
      "What the privacy ledger of a private run rests on. logged: each charge was signed into the log before its steps ran. stated: the builder's word.",
    ),
  log: z
    .strictObject({
      path: z
        .string()
        .min(1)
        .describe("Folder of the log, from the policy's folder. verify and serve read it; without it they refuse."),
      freshDays: z
        .number()
        .positive()
        .max(3660)
        .optional()
        .describe(
          "Age in days that the log's newest head may have: of a witness where witness names roles, else of its signer. An older copy of the log is refused. Default any age.",
        ),
    })
    .optional()
    .describe(
      "The log that a release must be in, with the rotations and revocations of keys. Default only the release's own proof is checked, unless --log names a log.",
    ),
  timestamp: z
    .strictObject({
      authorities: z
        .array(z.string().min(1))
        .min(1)
        .describe("Files of PEM certificates of authorities that count, or of those that issue theirs."),
      required: z.boolean().default(false).describe("Whether each signature of a release must have a time stamp."),
    })
    .optional()
    .describe("Time stamps of signatures (RFC 3161). Default none counts."),
  gates: z
    .array(
      z
        .strictObject({
          value: z.string().min(1).describe("Name of the measured value. * stands for any one part of the name."),
          needs: z
            .array(z.string().min(1))
            .min(1)
            .optional()
            .describe(
              "What the first * of value must stand for at least, such as attributes or groups. Required with *: one that was not measured fails.",
            ),
          atLeast: z.number().optional().describe("Smallest number that passes. Equal passes."),
          atMost: z.number().optional().describe("Largest number that passes. Equal passes."),
          use: z
            .enum(["value", "interval"])
            .default("value")
            .describe(
              "Number that is compared. value: the point estimate; interval: the less favourable end of the 95 % interval.",
            ),
          why: z.string().optional().describe("Reason for the gate, shown where it fails."),
        })
        .refine(({ atLeast, atMost }) => atLeast !== undefined || atMost !== undefined, {
          message: "a gate without a limit: give atLeast or atMost",
        }),
    )
    .min(1)
    .describe("Limits that measured values must meet."),
});

/** Where a log says that a key counts no longer. */
export interface KeyEnd {
  readonly kind: "rotate" | "revoke";
  /** Number of the log's entry. */
  readonly index: number;
  /** ISO 8601: the entry's time. */
  readonly at: string;
  /** ISO 8601: the key may have been in other hands since. */
  readonly from?: string;
  readonly reason?: string;
}

/** A signer with the role that the policy gives it. */
export interface TrustedSigner extends Signer {
  readonly role: string;
  /** Of a key that a rotation in the log brought in: that entry's number. What it signed counts after it. */
  readonly since?: number;
  /** Of such a key: ids of the keys that it follows, the first one first. */
  readonly before?: readonly string[];
  /** Where the log ends the key. */
  readonly ended?: readonly KeyEnd[];
}

export interface Policy {
  readonly path: string;
  /** SHA-256 of the file. */
  readonly digest: string;
  readonly gates: readonly Gate[];
  readonly signers: readonly TrustedSigner[];
  /** Files of the signers, as the policy names them. */
  readonly signerFiles: readonly string[];
  readonly require: readonly string[];
  readonly override: readonly string[];
  readonly witness: readonly string[];
  readonly revoke: readonly string[];
  readonly ledger: "stated" | "logged";
  /** The log that has to be read; its newest head may be so many days old. */
  readonly log?: {
    readonly folder: string /** As the policy names it. */;
    readonly path: string;
    readonly freshDays?: number;
  };
  /** PEM of the authorities whose time stamps count. */
  readonly timestamp?: { readonly authorities: string; readonly required: boolean };
}

/**
 * Reads a policy and the public files of its signers.
 * @throws E_IO, E_FORMAT for a signer's file; E_CONFIG for an unknown key, a role without signers, a key in two roles
 * @example const policy = await readPolicy("policy.yaml");
 */
export async function readPolicy(path: string): Promise<Policy> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw ioError(cause, "read policy", path);
  });
  const fault = (problem: string, facts: { expected?: string; got?: string; hint?: string } = {}) =>
    new ConcordError("E_CONFIG", { operation: "read policy", problem, ...facts, path });
  const document = parseDocument(text, { uniqueKeys: true });
  if (document.errors.length) throw fault(document.errors[0]!.message.split("\n")[0]!);
  const parsed = policySchema.safeParse(document.toJS({ maxAliasCount: 20 }));
  if (!parsed.success) {
    const { issues } = parsed.error;
    const issue = issues.find(({ code }) => code === "unrecognized_keys") ?? issues[0]; // a misspelt key is also a missing one
    const key = issue!.path.join(".");
    if (issue!.code === "unrecognized_keys") {
      const known = issue!.path.length
        ? ["value", "needs", "atLeast", "atMost", "use", "why"]
        : Object.keys(policySchema.shape);
      const near = nearestName(issue!.keys[0]!, known);
      const hint = near && `did you mean ${near}?`;
      throw fault(`${key || "policy"}: there is no such key`, {
        expected: known.join(", "),
        got: issue!.keys[0]!,
        hint,
      });
    }
    throw fault(`${key || "policy"}: the value is wrong`, { expected: issue!.message });
  }
  const { signers, require, override, witness, revoke, ledger, log, timestamp, gates } = parsed.data;
  const absent = [...require, ...override, ...witness, ...revoke].find((name) => !Object.hasOwn(signers, name));
  if (absent)
    throw fault(`the role ${absent} has no signer`, { expected: Object.keys(signers).join(", "), got: absent });
  const trusted: TrustedSigner[] = [];
  for (const [name, files] of Object.entries(signers))
    for (const file of files) {
      const signer = await readSigner(fromPolicy(path, file));
      const other = trusted.find((s) => s.keyId === signer.keyId);
      if (other)
        throw fault("one key has two roles", {
          expected: "a signer for each role",
          got: `${signer.name}: ${other.role}, ${name}`,
          hint: "who builds a model does not audit it: make another key with concord keys",
        });
      trusted.push({ ...signer, role: name });
    }
  return {
    path,
    digest: digestOf(text),
    gates,
    signers: trusted,
    signerFiles: Object.values(signers).flat(),
    require,
    override,
    witness,
    ledger,
    revoke,
    ...(log && { log: { folder: fromPolicy(path, log.path), ...log } }),
    ...(timestamp && { timestamp: { ...timestamp, authorities: await authoritiesIn(timestamp.authorities, path) } }),
  };
}

/** A path that a policy names, from its folder. */
const fromPolicy = (policy: string, path: string): string => (isAbsolute(path) ? path : join(dirname(policy), path));

/** Certificates of the files that a policy names. @throws E_IO; E_SIGNATURE for a file without a certificate */
async function authoritiesIn(files: readonly string[], policy: string): Promise<string> {
  const texts = files.map(async (file) => {
    const path = fromPolicy(policy, file);
    const text = await readFile(path, "utf8").catch((cause: unknown) => {
      throw ioError(cause, "read policy", path);
    });
    certificatesIn(text);
    return text;
  });
  return (await Promise.all(texts)).join("\n");
}

/** JSON Schema of policy files, for editors. */
export const policyJsonSchema = (): unknown => z.toJSONSchema(policySchema, { io: "input", reused: "inline" });
