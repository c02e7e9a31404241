// Names of numbered classes that the Hugging Face datasets library keeps in a Parquet file. Pure; the text may be hostile.

/** Names of a column: of its numbers, of the numbers in its lists, or of the fields of its structs. */
export type ClassNames = readonly string[] | { readonly [field: string]: ClassNames };

/**
 * Columns with names.
 * @param metadata the file's keys and values
 * @example hubNames([{ key: "huggingface", value: '{"info":{"features":{"y":{"names":["a","b"],"_type":"ClassLabel"}}}}' }]) // y → ["a", "b"]
 */
export function hubNames(
  metadata: readonly { readonly key: string; readonly value?: string }[],
): Map<string, ClassNames> {
  const text = metadata.find(({ key }) => key === "huggingface")?.value;
  const names = new Map<string, ClassNames>();
  if (text === undefined) return names;
  const features = fieldOf(fieldOf(parsed(text), "info"), "features");
  if (!isObject(features)) return names;
  for (const [column, feature] of Object.entries(features)) {
    const found = namesOf(feature, 0);
    if (found) names.set(column, found);
  }
  return names;
}

const deepest = 16;

function namesOf(feature: unknown, depth: number): ClassNames | undefined {
  if (depth > deepest) return undefined;
  if (Array.isArray(feature)) return namesOf(feature[0], depth + 1); // a list, as older versions write it
  if (!isObject(feature)) return undefined;
  const type = fieldOf(feature, "_type");
  if (type === "ClassLabel") {
    const given = fieldOf(feature, "names");
    const list = Array.isArray(given) ? given : isObject(given) ? Object.values(given) : [];
    return list.length && list.every((name) => typeof name === "string") ? list : undefined;
  }
  if (type === "Sequence" || type === "List" || type === "LargeList" || type === "LargeSequence")
    return namesOf(fieldOf(feature, "feature"), depth + 1);
  if (type !== undefined && typeof type === "string") return undefined;
  const inside = Object.entries(feature).flatMap(([field, child]) => {
    const found = namesOf(child, depth + 1);
    return found ? [[field, found] as const] : [];
  });
  return inside.length ? Object.fromEntries(inside) : undefined;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const fieldOf = (value: unknown, name: string): unknown =>
  isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // a file without names is still a table
  }
}
