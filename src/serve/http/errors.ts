// Errors as replies: which status a fault has, and what of it a client may read.
import { ConcordError, type ErrorFacts, isConcordError } from "../../base/index.ts";
import type { Language } from "../../messages/index.ts";
import { inLanguage } from "../../translations/index.ts";

/** What a client reads of a fault. */
export interface FaultBody {
  readonly requestId: string;
  readonly error: {
    readonly code: string;
    readonly operation?: string;
    readonly problem?: string;
    readonly expected?: string;
    readonly got?: string;
    readonly hint?: string;
    readonly path?: string;
  };
}

/** A fault in one sentence, for protocols that have room for one. */
export const sentenceOf = ({ error: { problem, expected, got, hint } }: FaultBody): string =>
  [problem, expected && `expected ${expected}`, got && `got ${got}`, hint].filter(Boolean).join("; ");

/** A refusal with a status of its own. @example throw refused(404, { operation: "serve", problem: "no such model" }) */
export const refused = (status: number, facts: ErrorFacts, more: Record<string, unknown> = {}): ConcordError =>
  new ConcordError(status === 429 || status >= 500 ? "E_SERVER" : "E_ARGUMENT", {
    ...facts,
    details: { ...facts.details, ...more, status },
  });

/** 400 for what the client can mend and what the model cannot do, 500 for what only the operator can, unless the fault names its status. */
export function statusOf(error: unknown): number {
  if (!isConcordError(error)) return 500;
  const { status } = error.facts.details ?? {};
  if (typeof status === "number") return status;
  return /^E_(ARGUMENT|DATA|TOKENIZER|FORMAT|MODEL)$/.test(error.code) ? 400 : 500;
}

/** The body of a reply about a fault. Of a fault of the server itself a client reads only that there was one. */
export function errorBody(error: unknown, requestId: string, language: Language): FaultBody {
  if (!isConcordError(error) || statusOf(error) === 500)
    return {
      requestId,
      error: {
        code: "E_SERVER",
        operation: "serve",
        problem: inLanguage(language, "the server failed on this request"),
      },
    };
  const { code, operation, problem, expected, got, hint, path } = error.toJSON();
  const t = (sentence: string | undefined) => (sentence === undefined ? undefined : inLanguage(language, sentence));
  return {
    requestId,
    error: {
      code,
      operation: t(operation),
      problem: t(problem),
      expected: t(expected),
      got,
      hint: t(hint),
      path: clientPath(path),
    },
  };
}

/** Places in the request are told, places on the server's disk are not. */
const clientPath = (path: string | undefined): string | undefined =>
  path?.startsWith("body") || path?.startsWith("query") || path?.startsWith("path ") ? path : undefined;

/** Whole seconds after which a client may try again, where the fault says so. @param seconds default what the fault says */
export function retryAfter(error: unknown, seconds?: number): number | undefined {
  const found = seconds ?? (isConcordError(error) ? error.facts.details?.retryAfterSeconds : undefined);
  return typeof found === "number" ? Math.max(1, Math.ceil(found)) : undefined;
}
