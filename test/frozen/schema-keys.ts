// What a JSON Schema of recipes says one may write: a line for each key, each named value and each key that must be there.

interface Node {
  readonly properties?: Readonly<Record<string, Node>>;
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly items?: Node;
  readonly additionalProperties?: Node | boolean;
  readonly anyOf?: readonly Node[];
  readonly oneOf?: readonly Node[];
  readonly allOf?: readonly Node[];
}

/** @example schemaKeys(schema).allowed // ["adapt", "adapt.base", "adapt.base = float32", …] */
export function schemaKeys(schema: Node): { readonly allowed: string[]; readonly required: string[] } {
  const [allowed, required] = [new Set<string>(), new Set<string>()];
  const walk = (node: Node, path: string) => {
    for (const inner of [...(node.anyOf ?? []), ...(node.oneOf ?? []), ...(node.allOf ?? [])]) walk(inner, path);
    for (const value of node.enum ?? (node.const === undefined ? [] : [node.const])) allowed.add(`${path} = ${value}`);
    for (const [key, inner] of Object.entries(node.properties ?? {})) {
      const below = path ? `${path}.${key}` : key;
      allowed.add(below);
      walk(inner, below);
    }
    for (const key of node.required ?? []) required.add(path ? `${path}.${key}` : key);
    if (node.items) walk(node.items, `${path}[]`);
    if (typeof node.additionalProperties === "object") walk(node.additionalProperties, `${path}.*`);
  };
  walk(schema, "");
  return { allowed: [...allowed].sort(), required: [...required].sort() };
}
