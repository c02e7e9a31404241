// What the owner of rows asks of every round, beyond the proposal that it consented to: a small YAML file of its own.
import { readFile } from "node:fs/promises";
import { parseDocument } from "yaml";
import { z } from "zod";
import { ConcordError } from "../../base/index.ts";
import type { OwnersPolicy } from "../../federated/index.ts";
import { ioError } from "../../formats/node/index.ts";

const ownersPolicySchema = z.strictObject({
  version: z.literal(1),
  minimumSurvivors: z.int().min(2).max(65_535).optional(),
});

/**
 * Reads an owner's policy: `version: 1` and `minimumSurvivors`, the least participants of a round and of each sum.
 * @throws E_IO; E_CONFIG naming the first entry that is wrong
 * @example const policy = await readOwnersPolicy("own-policy.yaml"); // version: 1, minimumSurvivors: 4
 */
export async function readOwnersPolicy(path: string): Promise<OwnersPolicy> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw ioError(cause, "read policy", path);
  });
  const fault = (problem: string, expected?: string) =>
    new ConcordError("E_CONFIG", { operation: "read policy", problem, expected, path });
  const document = parseDocument(text, { uniqueKeys: true });
  if (document.errors.length) throw fault(document.errors[0]!.message.split("\n")[0]!);
  const { success, data, error } = ownersPolicySchema.safeParse(document.toJS({ maxAliasCount: 20 }));
  if (success) return data;
  const [issue] = error.issues;
  throw fault(
    `${issue!.path.join(".") || "policy"}: ${issue!.message}`,
    "version: 1 and minimumSurvivors, a whole number",
  );
}
