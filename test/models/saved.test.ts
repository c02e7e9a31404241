// Models that this library saved, as real Python Transformers read them (fixtures/transformers-logits.json, written by
// tools/transformers-logits.py): the same bytes on disk, equal logits.
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadModel, saveModel } from "../../src/models/node/index.ts";
import { cpuRuntime } from "../../src/runtime/node/ort.ts";
import { evaluationProgram, predictLogits } from "../../src/train/index.ts";
import { relativeError } from "./golden.ts";
import { savedCases, savedIds } from "./saved.ts";

interface Seen {
  readonly versions: string;
  readonly cases: Readonly<
    Record<
      string,
      {
        readonly sha256: string;
        readonly logits: number[][];
        readonly unexpected: string[];
        readonly missing: string[];
      }
    >
  >;
}
const seen = JSON.parse(readFileSync(new URL("./fixtures/transformers-logits.json", import.meta.url), "utf8")) as Seen;

test.each(savedCases())("$name: Transformers read our folder and got our logits", async ({ name, model, weights }) => {
  const folder = mkdtempSync(join(tmpdir(), "concord-saved-"));
  await saveModel(folder, model, weights);
  const theirs = seen.cases[name]!;
  expect([theirs.missing, theirs.unexpected]).toEqual([[], []]);
  expect(
    createHash("sha256")
      .update(readFileSync(join(folder, "model.safetensors")))
      .digest("hex"),
  ).toBe(theirs.sha256);
  const loaded = await loadModel(folder);
  const exe = await cpuRuntime.compile(evaluationProgram(loaded.model));
  const ours = await predictLogits(
    exe,
    loaded.model,
    Object.fromEntries(loaded.weights),
    savedIds.map((ids) => ({ ids: Int32Array.from(ids) })),
    2,
  );
  ours.forEach(({ data }, i) => {
    expect(relativeError(data, theirs.logits[i]!), `row ${i}`).toBeLessThan(2e-6);
  });
  expect(
    relativeError(
      ours[0]!.data,
      theirs.logits[0]!.map((x) => x * 1.0001),
    ),
  ).toBeGreaterThan(5e-5); // the check can fail
  await exe.dispose();
  rmSync(folder, { recursive: true });
});
