// Fuzzing of parsers with fast-check: whatever comes in, only a ConcordError comes out, in bounded time and memory.
// CONCORD_FUZZ is the number of cases of each test (default 500; 100,000 in CI), CONCORD_FUZZ_SEED repeats a run.
import fc from "fast-check";
import { expect, test } from "vitest";
import { isConcordError } from "../src/base/index.ts";

export const fuzzRuns = Number(process.env.CONCORD_FUZZ ?? 500);
export const fuzzSeed = Number(process.env.CONCORD_FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31));
const maxCaseMs = 5_000; // far above any case; a garbage collection on a busy machine must not fail the test
const maxGrowthBytes = 2 ** 29;

/**
 * A test that feeds arbitrary input to a parser. It prints its seed and how often the input was accepted or refused.
 * @param name the test's name
 * @param input what to feed
 * @param attempt calls the parser; what it throws must be a ConcordError; it may check what was accepted with `expect`
 * @param runs share of the cases of a run, default 1
 */
export function fuzz<T>(name: string, input: fc.Arbitrary<T>, attempt: (input: T) => unknown, runs: number = 1): void {
  test(name, { timeout: 600_000 }, async () => {
    const outcomes = new Map<string, number>();
    const startBytes = memoryBytes();
    let [slowestMs, peakBytes, cases] = [0, startBytes, 0];
    const property = fc.asyncProperty(input, async (value) => {
      const startMs = performance.now();
      const outcome = await outcomeOf(() => attempt(value));
      slowestMs = Math.max(slowestMs, performance.now() - startMs);
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      if (cases++ % 64 === 0) peakBytes = Math.max(peakBytes, memoryBytes());
    });
    const numRuns = Math.ceil(fuzzRuns * runs);
    await fc.assert(property, { numRuns, seed: fuzzSeed });
    const counts = [...outcomes].sort(([, a], [, b]) => b - a).map(([outcome, count]) => `${outcome} ${count}`);
    const growth = `+${Math.round((peakBytes - startBytes) / 2 ** 20)} MiB`;
    console.log(
      `seed ${fuzzSeed}, ${cases} cases: ${counts.join(", ")}; slowest ${slowestMs.toFixed(0)} ms, ${growth}`,
    );
    expect(slowestMs).toBeLessThan(maxCaseMs);
    expect(peakBytes - startBytes).toBeLessThan(maxGrowthBytes);
  });
}

async function outcomeOf(action: () => unknown): Promise<string> {
  try {
    await action();
    return "accepted";
  } catch (error) {
    if (!isConcordError(error)) throw error;
    JSON.stringify(error); // an error is data, whatever it shows
    expect(error.message.length).toBeLessThan(2_000);
    return error.code;
  }
}

function memoryBytes(): number {
  const { heapUsed, external } = process.memoryUsage(); // external holds array buffers, touched or not
  return heapUsed + external;
}

/** A change of some bytes: flipped, cut, doubled or replaced. */
export type ByteMutation = (bytes: Uint8Array) => Uint8Array;

/** Arbitrary {@link ByteMutation}s, many of them near the front where headers are. */
export const byteMutation: fc.Arbitrary<ByteMutation> = (() => {
  const place = fc.oneof(
    { weight: 2, arbitrary: fc.nat(400) },
    { weight: 3, arbitrary: fc.nat(2 ** 20) }, // anywhere: taken modulo the length
    fc.constantFrom(0, 1, 7, 8, 9),
  );
  const values = fc.uint8Array({ minLength: 1, maxLength: 9 });
  const splice = (cut: number) => (at: number, put: Uint8Array) => (bytes: Uint8Array) => {
    const start = at % (bytes.length + 1);
    const end = Math.min(bytes.length, start + (cut < 0 ? put.length : cut));
    return Uint8Array.from([...bytes.subarray(0, start), ...put, ...bytes.subarray(end)]);
  };
  return fc.oneof(
    { weight: 4, arbitrary: fc.tuple(place, fc.nat(7)).map(([at, bit]) => flipped(at, bit)) },
    { weight: 3, arbitrary: fc.tuple(place, values).map(([at, put]) => splice(-1)(at, put)) },
    fc.tuple(place, values).map(([at, put]) => splice(0)(at, put)),
    fc.tuple(place, fc.integer({ min: 1, max: 40 })).map(([at, cut]) => splice(cut)(at, new Uint8Array(0))),
    fc.nat(2 ** 16).map((length) => (bytes: Uint8Array) => bytes.slice(0, length % (bytes.length + 1))),
    fc.nat(64).map((length) => (bytes: Uint8Array) => Uint8Array.from([...bytes, ...new Uint8Array(length)])),
  );
})();

function flipped(at: number, bit: number): ByteMutation {
  return (bytes) => {
    const copy = bytes.slice();
    if (copy.length) copy[at % copy.length]! ^= 1 << bit;
    return copy;
  };
}

/** The bytes after some changes. */
export const mutated = (bytes: Uint8Array, changes: readonly ByteMutation[]): Uint8Array =>
  changes.reduce((changed, change) => change(changed), bytes);

/** Numbers that parsers trip over. */
export const hostileNumber: fc.Arbitrary<number> = fc.constantFrom(
  ...[
    0,
    -0,
    1,
    -1,
    0.5,
    2,
    3,
    255,
    2 ** 31 - 1,
    2 ** 31,
    2 ** 32,
    2 ** 40,
    2 ** 53 - 1,
    2 ** 53,
    1e21,
    1e300,
    -1e300,
    5e-324,
  ],
);

/** JSON values that settings never hold. */
export const hostileJson: fc.Arbitrary<unknown> = fc.oneof(
  hostileNumber,
  fc.constantFrom<unknown>(
    null,
    true,
    false,
    "",
    "0",
    "__proto__",
    "constructor",
    "\ud800",
    "../x",
    [],
    {},
    [[]],
    [null],
  ),
  fc.constantFrom<unknown>(
    { length: 2 ** 31 },
    { toString: 1 },
    { toJSON: null },
    "x".repeat(10_000),
    Array(1000).fill(0),
  ),
  fc.jsonValue({ maxDepth: 3 }),
);
