// concord keys: a signer's private and public files.
import { say } from "../../messages/index.ts";
import { makeKey } from "../../store/index.ts";
import { argumentError, type CommandContext, writeResult } from "../context.ts";

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
