// Texts as a batch: token rows packed one after the other, no padding.
import { type HostArray, hostArray } from "../../base/index.ts";
import type { Model } from "../../models/index.ts";
import { packedLayout, packedSpecs, packLayout } from "../../nn/index.ts";
import { type Batching, type ModelInput, refuseInput, type TokenInput } from "../modality.ts";

/** The tokens of an input. @param at its number, for errors @throws E_DATA for an input of another modality */
export function tokensOf(input: ModelInput, at: number): TokenInput {
  if ("ids" in input) return input;
  return refuseInput(at, "it has no tokens", "an example of a text", "another modality's");
}

/** Place of the last token that is not the padding token; 0 where all are, as Transformers has it. */
function lastToken(ids: Int32Array, skips: number | undefined): number {
  let at = ids.length - 1;
  while (at > 0 && ids[at] === skips) at--;
  return at;
}

function checkTokens(model: Model, { ids }: TokenInput, at: number): void {
  const { maxLength, vocabulary } = model.tokens!;
  if (ids.length === 0 || ids.length > maxLength)
    refuseInput(at, "its length does not fit the model", `1 … ${maxLength} tokens`, ids.length);
  const wrong = ids.find((id) => id < 0 || id >= vocabulary);
  if (wrong !== undefined) refuseInput(at, "a token id is outside the vocabulary", `0 … ${vocabulary - 1}`, wrong);
}

function feeds(model: Model, given: readonly ModelInput[]): Record<string, HostArray> {
  const inputs = given.map(tokensOf);
  const { firstPosition, lastSkips, types: segments } = model.tokens!;
  const lengths = inputs.map(({ ids }) => ids.length);
  const total = lengths.reduce((a, b) => a + b, 0);
  const [ids, positions, types] = [new Int32Array(total), new Int32Array(total), new Int32Array(total)];
  let at = 0;
  for (const [i, input] of inputs.entries()) {
    checkTokens(model, input, i);
    ids.set(input.ids, at);
    if (input.types) types.set(input.types, at);
    for (let s = 0; s < input.ids.length; s++) positions[at + s] = firstPosition + s;
    at += input.ids.length;
  }
  const rows = (data: Int32Array) => hostArray("int32", [data.length], data);
  return {
    ids: rows(ids),
    positions: rows(positions),
    ...(segments > 0 ? { types: rows(types) } : {}),
    ...packLayout(
      lengths,
      model.headCounts,
      model.causal,
      inputs.map((input) => lastToken(input.ids, lastSkips)),
    ),
  };
}

export const textBatching: Batching = {
  specs: ({ tokens, headCounts, causal }) => ({
    ids: ["int32", ["T"]],
    positions: ["int32", ["T"]],
    ...(tokens!.types > 0 ? { types: ["int32", ["T"]] } : {}),
    ...packedSpecs(headCounts, causal),
  }),
  layout: packedLayout,
  feeds,
  rows: (input) => tokensOf(input, 0).ids.length,
};
