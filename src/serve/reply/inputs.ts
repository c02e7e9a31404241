// What a request's inputs must tell, whatever the protocol.
import { refused } from "../http/errors.ts";
import type { ServedItem } from "../model/facts.ts";
import type { ServedModel } from "../model/served.ts";

/** A model with thresholds by group must be told each group. @throws E_ARGUMENT */
export function checkGroups({ facts }: Pick<ServedModel, "facts">, items: readonly ServedItem[]): void {
  const { attribute, groups } = facts.decisions ?? {};
  if (attribute === undefined || items.every(({ group }) => group !== undefined)) return;
  throw refused(400, {
    operation: "predict",
    problem: `this model has thresholds by ${attribute}: it must know each input's`,
    expected: `group: ${groups?.slice(0, 8).join(", ")}`,
    path: "body.group",
  });
}
