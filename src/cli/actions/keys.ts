// concord keys: a signer's private and public files, and statements about keys in a log.
import { readFile } from "node:fs/promises";
import { ioError } from "../../formats/node/index.ts";
import { say } from "../../messages/index.ts";
import { revokeKey, rotateKey } from "../../release/index.ts";
import { type InclusionProof, makeCommandKey, makeKey, type Signer } from "../../store/index.ts";
import { argumentError, type CommandContext, needed, writeResult } from "../context.ts";

export interface KeysCommandOptions {
  readonly name?: string;
  readonly expires?: string;
}

export interface DeviceCommandOptions extends KeysCommandOptions {
  readonly publicKey?: string;
  readonly keyCommand?: string;
  readonly modelPublicKey?: string;
  readonly modelCommand?: string;
}

/** @throws E_ARGUMENT for a missing option, or a command that is no list; as `makeCommandKey` */
export async function device(path: string, options: DeviceCommandOptions, context: CommandContext): Promise<void> {
  const { name, expires } = options;
  const option = (value: string | undefined, usage: string) => needed(value, usage.split(" ")[0]!, usage);
  const file = (value: string | undefined, usage: string) => {
    const place = option(value, usage);
    return readFile(place, "utf8").catch((cause: unknown) => {
      throw ioError(cause, "read key", place);
    });
  };
  const signer = await makeCommandKey({
    path,
    name: signerName(name),
    expires,
    publicKey: await file(options.publicKey, "--public-key <file>"),
    modelKey: await file(options.modelPublicKey, "--model-public-key <file>"),
    command: wordsIn(option(options.keyCommand, "--key-command <list>"), "--key-command"),
    modelCommand: wordsIn(option(options.modelCommand, "--model-command <list>"), "--model-command"),
  });
  madeKeys(path, signer, context);
}

/** A program with its arguments. */
function wordsIn(text: string, option: string): string[] {
  try {
    const list: unknown = JSON.parse(text);
    if (Array.isArray(list) && list.length > 0 && list.every((word) => typeof word === "string")) return list;
  } catch {
    // said below
  }
  throw argumentError(option, {
    problem: "a command is no list of words",
    expected: `${option} '["program","argument"]'`,
    got: text,
  });
}

function signerName(name: string | undefined): string {
  if (name?.trim()) return name;
  throw argumentError("--name", { problem: "say who signs", expected: '--name "City Hospital"', got: name });
}

/** @throws E_ARGUMENT without a name; E_IO when a file is there already */
export async function keys(
  path: string,
  { name, expires }: KeysCommandOptions,
  context: CommandContext,
): Promise<void> {
  const passphrase = context.env.CONCORD_PASSPHRASE;
  madeKeys(path, await makeKey({ path, name: signerName(name), expires, passphrase, now: new Date() }), context);
}

function madeKeys(path: string, { name, keyId, expires }: Signer, context: CommandContext): void {
  const { language } = context;
  const files = { private: `${path}.key`, public: `${path}.pub.json`, modelKey: `${path}.model.pem` };
  writeResult(context, { name, keyId, expires, files }, () =>
    [
      say(language, "keys.made", { name, id: keyId.slice(0, 16) }),
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
