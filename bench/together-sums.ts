// Secret sums: what one member's masking costs, beside Flower's SecAgg+ functions with as many neighbours, and beside sending plain float32; and
// what the coordinator's unmasking costs. One member and one coordinator are measured, not all parties: the others do the same at the same time.
import { random } from "../src/base/index.ts";
import * as federated from "../src/federated/index.ts";
import { nodePrimitives } from "../src/federated/node/index.ts";
import { peer, runForJson } from "./peers.ts";

/** What a secret sum is made with, of this version or of another. */
export type SumLibrary = Pick<
  typeof federated,
  "applyMask" | "base64" | "dealShares" | "encode" | "maskWords" | "pairSecret" | "roundSecrets"
> & { readonly random: typeof random; readonly primitives: typeof nodePrimitives };

const context = { run: "bench-of-sums", round: 1 };
const sizes = [1_000_000, 22_000_000];
const counts = [3, 10, 100];
const mib = (bytes: number) => (bytes / 2 ** 20).toFixed(2);
const seconds = (work: () => void): number => {
  const start = performance.now();
  work();
  return (performance.now() - start) / 1000;
};

export async function togetherSumsBench(): Promise<Record<string, string | number>[]> {
  const rows: Record<string, string | number>[] = [];
  for (const size of sizes)
    for (const parties of counts) {
      const our = sumCost({ ...federated, random, primitives: nodePrimitives }, size, parties);
      const theirs = peer.python
        ? runForJson<{ seconds: number; bytes: number }>(peer.python, [
            "bench/together-sums.py",
            `${size}`,
            `${parties}`,
          ])
        : undefined;
      rows.push({
        parameters: size,
        parties,
        "member s": our.member.toFixed(2),
        "of it rounding s": our.rounding.toFixed(2),
        "SecAgg+ member s": theirs?.seconds.toFixed(2) ?? "–",
        "ours / SecAgg+": theirs ? (our.member / theirs.seconds).toFixed(2) : "–",
        "member MiB": mib(our.bytes),
        "SecAgg+ MiB": theirs ? mib(theirs.bytes) : "–",
        "plain MiB": mib(4 * size),
        "coordinator adds one s": our.adding.toFixed(3),
        "coordinator unmasks s": our.unmasking.toFixed(2),
        "plain averaging s": our.plain.toFixed(2),
      });
    }
  return rows;
}

/** @returns seconds of one member (keys, shares, rounding, masks), of adding one member's words, of unmasking when all stay */
export function sumCost(library: SumLibrary, size: number, parties: number) {
  const { applyMask, base64, dealShares, encode, maskWords, pairSecret, random, roundSecrets, primitives } = library;
  const names = Array.from({ length: parties }, (_, i) => `p${String(i).padStart(3, "0")}`);
  const entropy = (i: number) => Uint8Array.from({ length: 32 }, (_, k) => (i * 7 + k * 13) & 255);
  const secrets = names.map((_, i) => roundSecrets(primitives, entropy(i), context));
  const boxes = new Map(names.map((name, i) => [name, primitives.publicKey(secrets[i]!.box)]));
  const pairKeys = names.map((_, i) => primitives.publicKey(secrets[i]!.pair));
  const layout: federated.Segment[] = [{ name: "w", size, kind: "real", bound: 1 }];
  const chance = random(1);
  const w = Float32Array.from({ length: size }, () => chance.float() - 0.5);
  let words: Uint32Array = new Uint32Array(0);
  let dealt = 0;
  let rounding = 0;
  const threshold = Math.floor((2 * parties) / 3) + 1;
  const member = seconds(() => {
    const dealer = { name: names[0]!, secrets: secrets[0]!, threshold };
    dealt = JSON.stringify(dealShares(primitives, context, dealer, boxes)).length + base64(entropy(0)).length;
    rounding = seconds(() => {
      ({ words } = encode(layout, { w }, parties, random(2)));
    });
    const pairs = new Map(
      names
        .slice(1)
        .map((other, i) => [
          other,
          pairSecret(primitives, context, secrets[0]!.pair, pairKeys[i + 1]!, [names[0]!, other]),
        ]),
    );
    maskWords(primitives, words, layout, context, { name: names[0]!, self: secrets[0]!.self, pairs });
  });
  const sum = new Uint32Array(size);
  const adding = seconds(() => {
    for (let i = 0; i < size; i++) sum[i] = sum[i]! + words[i]!;
  });
  const unmasking = seconds(() => {
    for (const { self } of secrets) applyMask(primitives, sum, layout, self, context, -1);
  });
  const total = new Float64Array(size);
  const plain = seconds(() => {
    for (let p = 0; p < parties; p++) for (let i = 0; i < size; i++) total[i] = total[i]! + w[i]!;
  });
  return { member, rounding, bytes: words.byteLength + dealt, adding, unmasking, plain };
}
