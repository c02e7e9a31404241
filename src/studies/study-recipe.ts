// The recipe of a proposal, read again by whoever computes with it, and what a study cannot do yet, said before anybody consents.
import { ConcordError } from "../base/index.ts";
import { type Recipe, recipeSchema } from "../recipe/index.ts";
import { taskOf } from "../tasks/index.ts";

/** @throws E_CONFIG for a recipe that this version does not read, or that cannot be learned together */
export function studyRecipe(value: unknown): Recipe & { readonly together: NonNullable<Recipe["together"]> } {
  const { success, data, error } = recipeSchema.safeParse(value);
  if (!success) {
    const [issue] = error.issues;
    throw refused(issue!.path.join(".") || "recipe", issue!.message);
  }
  const { together, ...recipe } = data;
  if (!together) throw refused("together", "the recipe has no such section");
  const not = (path: string, has: boolean, why: string) => {
    if (has) throw refused(path, why);
  };
  const { mitigation } = recipe.adapt;
  not("task", !taskOf(recipe.task).exclusive, "only single labels are learned together so far");
  not(
    "pretrain",
    recipe.pretrain !== undefined,
    "participants do not pretrain: pretrain the start model on public texts",
  );
  not(
    "data.split.files",
    recipe.data.split.files !== undefined,
    "each participant has one table: split by shares or a column",
  );
  not(
    "adapt.privacy.ledger",
    recipe.adapt.privacy?.ledger !== undefined,
    "a proposal names no folder of a participant",
  );
  not("adapt.mitigation.words", mitigation.words !== undefined, "a table of words is not sent to participants");
  not(
    "adapt.mitigation.decisions",
    mitigation.decisions !== "model",
    "decisions are fitted on rows that nobody has together",
  );
  const { adapter } = recipe.adapt;
  not(
    "adapt.adapter.kind",
    adapter !== undefined && !["lora", "miss", "biases"].includes(adapter.kind),
    "what members learn with this kind of adapter cannot be added to one model: use lora, miss or biases",
  );
  const privateProximal = recipe.adapt.privacy !== undefined && together.strategy.name === "fedprox";
  not("together.strategy.name", privateProximal, "fedprox is not for private training");
  const privateSgd = recipe.adapt.privacy !== undefined && together.optimizer === "sgd";
  not("together.optimizer", privateSgd, "private training takes its own steps: adamw");
  const privateSteps = recipe.adapt.privacy !== undefined && together.steps !== undefined;
  not("together.steps", privateSteps, "private training draws from all rows: adapt.epochs says how often");
  const named = Object.values(together.groups).flat();
  not("together.groups", named.includes("other"), "other is what all groups that are not named are called");
  return { ...recipe, together };
}

/**
 * Refuses keys that no member's training reads. Of proposals only: studies that were agreed on stay readable.
 * @throws E_CONFIG naming the key
 */
export function refuseUnread({ adapt }: Recipe): void {
  const unread: Readonly<Record<string, boolean>> = {
    engine: adapt.engine !== "concord",
    headFirst: adapt.headFirst !== undefined,
    encoderRate: adapt.encoderRate !== 1,
    average: adapt.average > 0,
    tokenMasking: adapt.tokenMasking > 0,
  };
  const [found] = Object.entries(unread).find(([, is]) => is) ?? [];
  if (found !== undefined) throw refused(`adapt.${found}`, "members do not train so: leave it out");
}

const refused = (path: string, problem: string) =>
  new ConcordError("E_CONFIG", { operation: "learn together", problem, path });
