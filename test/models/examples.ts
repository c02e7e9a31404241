// A reference batch as this library's examples.
import type { HostArray } from "../../src/base/index.ts";
import type { Example } from "../../src/train/index.ts";

/** The reference batch as examples: right padding cut off. */
export function examplesOf(io: ReadonlyMap<string, HostArray>, task: string): Example[] {
  if (io.has("pixel_values")) return imageExamples(io);
  const [batch, longest] = io.get("input_ids")!.shape as [number, number];
  const numbers = (key: string) =>
    io.has(key) ? Array.from(io.get(key)!.data as unknown as ArrayLike<bigint | number>, Number) : undefined;
  const [ids, mask, types, labels] = [
    numbers("input_ids")!,
    numbers("attention_mask")!,
    numbers("token_type_ids"),
    numbers("labels")!,
  ];
  return Array.from({ length: batch }, (_, b) => {
    const length = mask.slice(b * longest, (b + 1) * longest).reduce((n, m) => n + m, 0);
    const row = (x: number[]) => Int32Array.from(x.slice(b * longest, b * longest + length));
    const wide = labels.length / batch;
    const label =
      task === "single-label"
        ? labels[b]!
        : task === "multi-label" || task === "regression"
          ? Float32Array.from(labels.slice(b * wide, (b + 1) * wide))
          : row(labels);
    return { ids: row(ids), types: types && row(types), label };
  });
}

function imageExamples(io: ReadonlyMap<string, HostArray>): Example[] {
  const { data, shape } = io.get("pixel_values")!;
  const size = shape.slice(1).reduce((a, b) => a * b, 1);
  const labels = Array.from(io.get("labels")!.data as unknown as ArrayLike<bigint>, Number);
  return labels.map((label, b) => ({
    ids: new Int32Array(0),
    pixels: (data as Float32Array).slice(b * size, (b + 1) * size),
    label,
  }));
}
