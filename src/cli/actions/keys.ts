// concord keys: a signer's private and public files, and statements about keys in a log.
import { say } from "../../messages/index.ts";
import { revokeKey, rotateKey } from "../../release/index.ts";
import { type InclusionProof, makeKey } from "../../store/index.ts";
import { argumentError, type CommandContext, needed, writeResult } from "../context.ts";

export interface KeysCommandOptions {
  readonly name?: string;
  readonly expires?: string;
}

/** @throws E_ARGUMENT without a name; E_IO when a file is there already */
export async function keys(
  path: string,
  { name, expires }: KeysCommandOptions,
  context: CommandContext,
): Promise<void> {
  if (!name?.trim())
    throw argumentError("--name", { problem: "say who signs", expected: '--name "City Hospital"', got: name });
  const { env, language } = context;
  const signer = await makeKey({ path, name, expires, passphrase: env.CONCORD_PASSPHRASE, now: new Date() });
  const files = { private: `${path}.key`, public: `${path}.pub.json`, modelKey: `${path}.model.pem` };
  writeResult(context, { name, keyId: signer.keyId, expires, files }, () =>
    [
      say(language, "keys.made", { name, id: signer.keyId.slice(0, 16) }),
      say(language, "keys.private", { path: files.private }),
      say(language, "keys.public", { path: files.public }),
    ].join("\n"),
  );
}

export interface StatementCommandOptions {
  readonly key?: string;
  readonly log?: string;
  readonly policy?: string;
}

const common = ({ key, log, policy }: StatementCommandOptions, { env }: CommandContext) => ({
  key: needed(key, "--key", "--key with a private key file"),
  log: needed(log, "--log", "--log with the folder of the log"),
  policy: needed(policy, "--policy", "--policy with the file that lists whose signatures count"),
  passphrase: env.CONCORD_PASSPHRASE,
});

/** @throws E_ARGUMENT for a missing option; as `rotateKey` */
export async function rotate(
  { to, ...options }: StatementCommandOptions & { readonly to?: string },
  context: CommandContext,
): Promise<void> {
  const next = needed(to, "--to", "--to with the private key file of the new key");
  const proof = await rotateKey({ ...common(options, context), to: next });
  stated(proof, "keys.rotated", context);
}

/** @throws E_ARGUMENT for a missing option; as `revokeKey` */
export async function revoke(
  {
    signer,
    from,
    reason,
    ...options
  }: StatementCommandOptions & { readonly signer?: string; readonly from?: string; readonly reason?: string },
  context: CommandContext,
): Promise<void> {
  const why = needed(reason, "--reason", "--reason with the text that is signed and logged");
  const proof = await revokeKey({ ...common(options, context), signer, from, reason: why });
  stated(proof, "keys.revoked", context);
}

const stated = (proof: InclusionProof, key: "keys.rotated" | "keys.revoked", context: CommandContext): void =>
  writeResult(context, proof, () => say(context.language, key, { index: proof.index, at: String(proof.entry.at) }));
