// The log that charges of private training are signed into before their steps run: the one that a release will be put into.
import { ConcordError } from "../base/index.ts";
import { type ChargeLog, chargesIn } from "../privacy/index.ts";
import type { Recipe } from "../recipe/index.ts";
import { appendToLog, openReleaseLog, readSigningKey } from "../store/index.ts";

/** Where charges are logged, and who signs. */
export interface ChargeLogOptions {
  /** Folder of the append-only log: the one that the release will be put into. */
  readonly folder: string;
  readonly key: string;
  readonly passphrase?: string;
}

/** @throws E_ARGUMENT for a recipe without private training: there is nothing to log; as reading a key does */
export async function openChargeLog(
  { adapt }: Recipe,
  { folder, key: file, passphrase }: ChargeLogOptions,
): Promise<ChargeLog> {
  if (!adapt.privacy)
    throw new ConcordError("E_ARGUMENT", {
      operation: "run",
      problem: "the recipe asks for no private training: no charge is logged",
      expected: "adapt.privacy in the recipe, or no log",
      path: "--log",
    });
  const { key, keyId } = await readSigningKey(file, passphrase);
  return {
    add: async (charge) => void (await appendToLog(folder, { ...charge, by: keyId }, key, new Date())),
    charges: async () => chargesIn((await openReleaseLog(folder)).entries),
  };
}
