// How much worse a value became, and the refusal where that is more than a recipe accepts.
import { ConcordError, nearestName } from "../base/index.ts";
import { lessIsBetter } from "./reaudit/scores.ts";
import { type Change, plainChange } from "./reaudit/sides.ts";

/** How much worse a value became; negative where it became better. */
export const worsening = (name: string, { change }: Change): number =>
  lessIsBetter.test(name) ? change.value : -change.value;

/**
 * Refuses a compression that made a value worse than is accepted.
 * @param tolerances largest worsening by the name of a value, such as `accuracy`; a gap may be named by its attribute alone: `gap.region`
 * @param flips share of test rows whose answer changed, `flips` among tolerances
 * @throws E_CONFIG for a name that nothing was measured of; E_GATE listing what is exceeded
 */
export function checkTolerances(
  measured: Readonly<Record<string, Change>>,
  tolerances: Readonly<Record<string, number>>,
  flips?: number,
): void {
  const changes = flips === undefined ? measured : { ...measured, flips: plainChange(0, flips) };
  const names = Object.keys(changes);
  const exceeded = Object.entries(tolerances).flatMap(([asked, limit]) => {
    const name = names.find((one) => one === asked) ?? names.find((one) => one.startsWith(`${asked}.`));
    if (name === undefined) {
      const near = nearestName(asked, names);
      throw new ConcordError("E_CONFIG", {
        operation: "compress",
        problem: `a tolerance names a value that was not measured: ${asked}`,
        expected: names.slice(0, 8).join(", "),
        got: asked,
        hint: near && `did you mean ${near}?`,
        path: "compress.tolerances",
      });
    }
    const worse = worsening(name, changes[name]!);
    return worse > limit ? [{ value: name, worse, limit }] : [];
  });
  if (exceeded.length === 0) return;
  const reasons = exceeded.map(
    ({ value, worse, limit }) => `${value} became worse by ${Number(worse.toPrecision(4))}, accepted ${limit}`,
  );
  throw new ConcordError("E_GATE", {
    operation: "compress",
    problem: `the compressed model is refused: ${reasons.join("; ")}`,
    expected: "what compress.tolerances accepts",
    details: { exceeded },
    hint: "compress less: int8-weights or fp16, activations: row, or keep the most sensitive matrices",
    path: "compress.tolerances",
  });
}
