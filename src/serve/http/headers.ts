// What headers say of a request: its id, its deadline and its priority.
import { refused } from "./errors.ts";

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** An id that a client gave, where it is one: it is kept and shown. */
export const requestIdIn = (given: unknown): string | undefined =>
  typeof given === "string" && /^[\w.:-]{1,64}$/.test(given) ? given : undefined;

/** `x-routing-key` of a request: whatever stays the same for one user. Only its digest is used. */
export const routingKeyIn = ({ "x-routing-key": given }: Headers): string | undefined =>
  typeof given === "string" && given !== "" ? given.slice(0, 256) : undefined;

/** `x-deadline-ms` of a request. @throws E_ARGUMENT for a value that is none */
export const deadlineIn = (headers: Headers): number | undefined => numberIn(headers, "x-deadline-ms", 1, 600_000);

/** `x-priority` of a request. @throws E_ARGUMENT for a value that is none */
export const priorityIn = (headers: Headers): number | undefined => numberIn(headers, "x-priority", 0, 9);

function numberIn(headers: Headers, name: string, least: number, most: number): number | undefined {
  const given = headers[name];
  if (given === undefined) return undefined;
  const value = Number(given);
  if (Number.isFinite(value) && value >= least && value <= most) return value;
  throw refused(400, {
    operation: "read request",
    problem: "the header is out of range",
    expected: `${name}: ${least} … ${most}`,
    got: String(given).slice(0, 40),
  });
}
