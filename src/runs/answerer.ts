// From inputs as they were given to answers: groups, batches, calibration, decoding. One way for the command line, a script and a server.

import { ConcordError } from "../base/index.ts";
import { noValue } from "../fairness/index.ts";
import type { Given } from "../modalities/index.ts";
import type { Answer, Predictor } from "../predict/index.ts";
import type { OpenAnyModel } from "../stages/index.ts";

/** An input with its answer; none for an input that cannot be used. */
export interface Answered<I = unknown> {
  readonly given: Given<I>;
  readonly answer?: Answer;
}

export interface AnswererOptions {
  /** Labels and entities below this probability are not given. Default 0. */
  readonly abstain?: number;
  /** Group of all inputs, for a model with thresholds by group. Default each input's own. */
  readonly group?: string;
  /** Inputs answered together. Default 256. */
  readonly atOnce?: number;
}

/** Answers inputs of one model. */
export interface Answerer<I = unknown> {
  /** Answers in order. @throws E_ARGUMENT for an input whose group is needed and not told; as the predictor */
  answer(given: Iterable<Given<I>> | AsyncIterable<Given<I>>): AsyncGenerator<Answered<I>>;
  /** Inputs so far whose group is none that the model's thresholds were fitted for. */
  readonly unknownGroups: number;
}

/**
 * Makes an answerer of an opened model.
 * @throws E_ARGUMENT for a group where the model does not decide by group
 * @example
 * const model = await openAnyModel("runs/disease");
 * for await (const { answer } of answerer(model).answer([givenText("a sore throat", textShape(model))])) console.log(answer);
 */
export function answerer<I>(
  { predictor, temperature, temperatures }: Pick<OpenAnyModel<I>, "predictor" | "temperature" | "temperatures">,
  { abstain, group, atOnce = 256 }: AnswererOptions = {},
): Answerer<I> {
  const unknown = { groups: 0 };
  const groupOf = groupsFor(predictor, group, unknown);
  async function* together(batch: readonly Given<I>[]): AsyncGenerator<Answered<I>> {
    const usable = batch.flatMap((given) =>
      "content" in given.input ? [{ given, content: given.input.content }] : [],
    );
    const groups = groupOf && usable.map(({ given }) => groupOf(given));
    const contents = usable.map(({ content }) => content);
    const answers = contents.length
      ? await predictor.answers(contents, { temperature, temperatures, abstain, groups })
      : [];
    let next = 0;
    for (const given of batch) yield "content" in given.input ? { given, answer: answers[next++]! } : { given };
  }
  return {
    get unknownGroups() {
      return unknown.groups;
    },
    async *answer(given) {
      let batch: Given<I>[] = [];
      for await (const one of given) {
        batch.push(one);
        if (batch.length < atOnce) continue;
        yield* together(batch);
        batch = [];
      }
      yield* together(batch);
    },
  };
}

/**
 * The group of an input, for a model with thresholds by group: that of all, or its own. Undefined where none is needed, or where nothing
 * tells it: the predictor then refuses.
 */
function groupsFor(
  { decisions }: Pick<Predictor<never>, "decisions">,
  all: string | undefined,
  unknown: { groups: number },
): ((given: Given) => string | undefined) | undefined {
  if (decisions?.kind !== "group-thresholds") {
    if (all === undefined) return undefined;
    throw fault({
      problem: "the model does not decide by group",
      expected: "a run with adapt.mitigation.decisions: group-thresholds",
      got: all,
    });
  }
  return ({ group = all }) => {
    if (group === undefined)
      throw fault({
        problem: `this model has thresholds by ${decisions.attribute}: it must know each text's`,
        expected: `--group VALUE (${decisions.groups.slice(0, 8).join(", ")}), or --file with a column ${decisions.attribute}`,
        got: "texts alone",
        hint: "adapt.mitigation.decisions: linear-post makes a rule that needs no group when predicting",
      });
    if (!decisions.groups.includes(group || noValue)) unknown.groups++;
    return group || noValue;
  };
}

const fault = (facts: { problem: string; expected: string; got: string; hint?: string }): ConcordError =>
  new ConcordError("E_ARGUMENT", { operation: "predict", path: "--group", ...facts });
