// What the check of an update's norm costs a member and the coordinator, beside masking the same words: seconds of one core, medians, and ratios
// in one run.
import { random } from "../src/base/index.ts";
import {
  answerNorm,
  gridBoundOf,
  isShort,
  maskWords,
  type NormContext,
  type Segment,
  squaresBound,
} from "../src/federated/index.ts";
import { nodePrimitives as primitives } from "../src/federated/node/index.ts";

const repeats = Number(process.env.CONCORD_BENCH_REPEATS ?? 5);
const cpu = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};
function median(run: () => unknown): number {
  const times = Array.from({ length: repeats }, () => {
    const before = cpu();
    run();
    return cpu() - before;
  });
  return times.sort((a, b) => a - b)[repeats >> 1]!;
}
const secret = (i: number) => primitives.sha256(Uint8Array.of(i, i >> 8));

function measure(size: number, members: number) {
  const norm = 1;
  const update: Segment[] = [{ name: "w", size, kind: "real", bound: gridBoundOf(norm) }];
  const context: NormContext = {
    run: "bench",
    round: 1,
    name: "member-000",
    view: "view",
    seed: secret(9999),
    update,
    bound: squaresBound(update, norm, members),
  };
  const draw = random(1);
  const words = Uint32Array.from({ length: size }, () => Math.round(draw.normal() * 1000)); // far below the bound
  const pairs = new Map(Array.from({ length: members - 1 }, (_, i) => [`other-${i}`, secret(i + 1)]));
  const party = { name: context.name, self: secret(0), pairs };
  const masking = median(() => maskWords(primitives, words.slice(), update, context, party));
  const masked = words.slice();
  maskWords(primitives, masked, update, context, party);
  const answer = answerNorm(primitives, context, { ...party, words: masked, entropy: secret(500) })!;
  const member = median(() => answerNorm(primitives, context, { ...party, words: masked, entropy: secret(500) }));
  const coordinator = median(() => {
    if (!isShort(primitives, context, masked, answer)) throw new Error("a proof that does not hold");
  });
  return {
    parameters: size,
    members,
    "masking s": masking.toFixed(3),
    "member's proof s": member.toFixed(2),
    "coordinator, a member, s": coordinator.toFixed(2),
    "proof kB": (JSON.stringify(answer).length / 1000).toFixed(1),
    "masked words kB": (4 * size) / 1000,
  };
}

/** Everybody is everybody's neighbour. */
const sizes = [
  [74_000, 3],
  [74_000, 10],
  [74_000, 60],
  [600_000, 3],
  [600_000, 10],
  [600_000, 60],
] as const;

/** Processor seconds of one process, medians of several repeats. */
export function normBench() {
  measure(1000, 3); // generators are made once in a process
  return sizes.map(([size, members]) => measure(size, members));
}
