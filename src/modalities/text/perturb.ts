// Ways to change a text that do not change what it says.
import type { Random } from "../../base/index.ts";
import type { TextInput } from "../../predict/index.ts";
import type { Perturbation } from "../modality.ts";
import { misspell } from "./misspell.ts";
import { substitute } from "./synonyms.ts";

const perturbation = (
  rates: readonly number[],
  change: (text: string, rate: number, rng: Random) => string,
): Perturbation<TextInput> => ({
  rates,
  change(input, rate, rng) {
    const text = (given: string) => change(given, rate, rng);
    const out: TextInput = typeof input === "string" ? text(input) : [text(input[0]), text(input[1])];
    return String(out) === String(input) ? input : out;
  },
});

/** By what a recipe calls them; rates are shares of the words. */
export const textPerturbations = {
  typos: perturbation([0.1, 0.3], misspell),
  synonyms: perturbation([0.5], substitute),
};
