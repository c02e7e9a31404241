// Answers that go on after those that are kept: inputs that were answered before are not answered again.
import type { Given } from "../../modalities/index.ts";
import type { Answered } from "../answerer.ts";
import type { KeptAnswers } from "./kept-answers.ts";

/** Answers kept together: a stopped run loses fewer than this. */
const keptAtOnce = 256;

/**
 * Answers in order: the kept ones, then new ones, each of which is kept before it is given.
 * @param answer makes new answers
 * @example for await (const one of resumed(rows, kept, (rest) => answering.answer(rest))) write(one);
 */
export async function* resumed(
  given: AsyncIterable<Given> | Iterable<Given>,
  kept: KeptAnswers,
  answer: (rest: AsyncIterable<Given>) => AsyncIterable<Answered>,
): AsyncGenerator<Answered> {
  const inputs = inputsOf(given);
  for await (const before of kept.earlier()) {
    const { value, done } = await inputs.next();
    if (done) return;
    yield { given: value, ...(before && { answer: before }) };
  }
  let fresh: Answered[] = [];
  const keep = async () => {
    await kept.append(fresh.map((one) => one.answer ?? null));
    const ready = fresh;
    fresh = [];
    return ready;
  };
  for await (const one of answer(inputs)) {
    fresh.push(one);
    if (fresh.length >= keptAtOnce) yield* await keep();
  }
  if (fresh.length) yield* await keep();
}

async function* inputsOf(given: AsyncIterable<Given> | Iterable<Given>): AsyncGenerator<Given> {
  yield* given;
}
