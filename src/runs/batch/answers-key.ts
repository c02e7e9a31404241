// What answers of a table belong to: the table's bytes, the model's files, and how both are read.
import { createHash } from "node:crypto";
import { join } from "node:path";
import { artifacts, isRunFolder } from "../../artifacts/index.ts";
import { canonicalJson } from "../../base/index.ts";
import { fileDigest } from "../../formats/node/index.ts";
import { folderDigests } from "../../store/index.ts";

/**
 * A digest of everything that determines the answers to a table.
 * @param folder run or model folder
 * @param how settings that change answers: columns, group, abstention, temperature
 * @throws E_IO
 */
export async function answersKey(
  folder: string,
  table: string,
  how: Readonly<Record<string, string | number | undefined>>,
): Promise<string> {
  const model = isRunFolder(folder) ? join(folder, artifacts.model.path) : folder;
  const files = (await folderDigests(model)).map(({ name, digest }) => [name, digest]);
  const facts = { table: await fileDigest(table), files, how };
  return createHash("sha256").update(canonicalJson(facts)).digest("hex");
}
