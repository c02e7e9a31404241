// Sharded models: `model.safetensors.index.json` says which file holds which tensor. Opens no file.
import { ConcordError, type HostArray } from "../base/index.ts";
import { isJsonRecord, parseJson } from "./json.ts";
import { compareCodePoints, type NamedTensors } from "./safetensors-write.ts";
import { shown } from "./source.ts";

/** Most bytes of an index that are read: 64 MiB. */
const maxIndexBytes = 2 ** 26;

/** What an index says. */
export interface ShardIndex {
  /** Shard file names (plain names in the index's own folder), sorted. */
  readonly shards: readonly string[];
  /** The shard of each tensor. */
  readonly shardOf: ReadonlyMap<string, string>;
}

/**
 * Reads an index.
 * @param bytes the JSON file
 * @param source what errors call it
 * @throws E_FORMAT for another structure, or a shard name that is not a plain `*.safetensors` name (`../x`, `/x`, `a/b`)
 */
export function parseShardIndex(bytes: Uint8Array, source: string): ShardIndex {
  const json = parseJson(bytes, source, { maxBytes: maxIndexBytes, maxDepth: 8 });
  const map = isJsonRecord(json) ? json.weight_map : undefined;
  if (!isJsonRecord(map))
    throw broken(source, "no weight_map", "an object of tensor name → file name", shown(map ?? json));
  const shardOf = new Map<string, string>();
  for (const [name, shard] of Object.entries(map)) {
    if (typeof shard !== "string" || !isPlainName(shard))
      throw broken(source, `unsafe shard name for ${shown(name)}`, "a plain name ending in .safetensors", shown(shard));
    shardOf.set(name, shard);
  }
  return { shards: [...new Set(shardOf.values())].sort(compareCodePoints), shardOf };
}

const isPlainName = (name: string) => /^[\w][\w.+@=-]{0,200}\.safetensors$/.test(name);

/**
 * Checks that every tensor lies in exactly the shard told and in no other.
 * @param index the index
 * @param namesOf the tensor names in each shard's header
 * @param source what errors call the index
 * @throws E_FORMAT naming the tensor and the shard
 */
export function checkShards(index: ShardIndex, namesOf: ReadonlyMap<string, Iterable<string>>, source: string): void {
  const missing = new Set(index.shardOf.keys());
  for (const [shard, names] of namesOf)
    for (const name of names) {
      const listedShard = index.shardOf.get(name);
      if (listedShard !== shard)
        throw broken(
          source,
          `tensor ${shown(name)} is in another shard than the index says`,
          listedShard ?? "no shard",
          shard,
        );
      missing.delete(name);
    }
  for (const name of missing)
    throw broken(source, `tensor ${shown(name)} is not in its shard`, index.shardOf.get(name)!, "absent");
}

/**
 * Distributes tensors over shards of at most `maxShardBytes` (a larger tensor has its own), named as Transformers does.
 * @returns one shard `model.safetensors` and no index when everything fits, else the shards and the index to write
 * @example planShards(tensors, 5e9).shards.map((shard) => shard.file) // ["model.safetensors"]
 */
export function planShards(
  tensors: NamedTensors,
  maxShardBytes: number,
): { shards: { file: string; tensors: NamedTensors }[]; index?: object } {
  const groups: (readonly [string, HostArray])[][] = [[]];
  const sizes = [0];
  for (const [name, tensor] of tensors) {
    const bytes = tensor.data.byteLength;
    if (sizes.at(-1)! > 0 && sizes.at(-1)! + bytes > maxShardBytes) {
      groups.push([]);
      sizes.push(0);
    }
    groups.at(-1)!.push([name, tensor]);
    sizes[sizes.length - 1]! += bytes;
  }
  if (groups.length === 1) return { shards: [{ file: "model.safetensors", tensors: groups[0]! }] };
  const count = (i: number) => String(i).padStart(5, "0");
  const files = groups.map((_, i) => `model-${count(i + 1)}-of-${count(groups.length)}.safetensors`);
  const placed = groups.flatMap((group, i) => group.map(([name]) => [name, files[i]!] as const));
  return {
    shards: groups.map((group, i) => ({ file: files[i]!, tensors: group })),
    index: {
      metadata: { total_size: sizes.reduce((a, b) => a + b, 0) },
      weight_map: Object.fromEntries(placed.sort(([a], [b]) => compareCodePoints(a, b))),
    },
  };
}

function broken(source: string, problem: string, expected: string, got: string): ConcordError {
  return new ConcordError("E_FORMAT", { operation: "read shard index", problem, expected, got, path: source });
}
