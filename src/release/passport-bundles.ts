// The passport's signatures as Sigstore bundles, one each, beside the passport: made from its envelope and time stamps alone, and compared when verifying.
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { ConcordError } from "../base/index.ts";
import { makeFolder, writeFileAtomically } from "../formats/node/index.ts";
import { type Envelope, sigstoreBundle } from "../store/index.ts";
import { bundlesName } from "./names.ts";
import { readStamps } from "./timestamps.ts";

/** Name in the folder → text. */
async function bundlesOf(folder: string, envelope: Envelope): Promise<Map<string, string>> {
  const stamps = await readStamps(folder);
  return new Map(
    envelope.signatures.map((signature) => {
      const token = stamps.find(({ keyid }) => keyid === signature.keyid)?.token;
      const text = sigstoreBundle({ ...envelope, signatures: [signature] }, signature.keyid, token);
      return [`${signature.keyid.slice(0, 16)}.sigstore.json`, text];
    }),
  );
}

/** Writes the bundles of a release whose passport and time stamps are there. */
export async function writeBundles(folder: string, envelope: Envelope): Promise<void> {
  await makeFolder(join(folder, bundlesName));
  for (const [name, text] of await bundlesOf(folder, envelope))
    await writeFileAtomically(join(folder, bundlesName, name), [new TextEncoder().encode(text)]);
}

/**
 * Bundles are those of the passport's signatures; releases made before 2026-12-01 have none.
 * @throws E_CHECKSUM for one that is missing, was changed or added
 */
export async function checkBundles(folder: string, envelope: Envelope): Promise<void> {
  const home = join(folder, bundlesName);
  if (!existsSync(home)) return;
  const fault = (problem: string, path: string) =>
    new ConcordError("E_CHECKSUM", { operation: "verify", problem, path });
  const [there, wanted] = [new Set(await readdir(home)), await bundlesOf(folder, envelope)];
  for (const [name, text] of wanted) {
    const path = join(home, name);
    if (!there.delete(name)) throw fault(`${name} is missing`, path);
    if ((await readFile(path, "utf8")) !== text) throw fault(`${name} has changed`, path);
  }
  const [added] = there;
  if (added !== undefined) throw fault(`${added} is not in the record`, join(home, added));
}
