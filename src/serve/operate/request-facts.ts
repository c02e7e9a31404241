// What logs and metrics know of a request: nothing of what it held.

export interface RequestFacts {
  readonly requestId: string;
  readonly method: string;
  /** The route's address with its parameters in braces, or `unknown`: never the address that was asked for. */
  readonly route: string;
  readonly status: number;
  readonly ms: number;
  /** Name of the key or the token's subject. */
  readonly client?: string;
  /** Of a fault of the server itself: what it was. */
  readonly fault?: string;
}

/** A request as a line of JSON. */
export const logLine = (facts: RequestFacts, at: Date): string =>
  JSON.stringify({
    time: at.toISOString(),
    level: facts.status >= 500 ? "error" : "info",
    ...facts,
    ms: Number(facts.ms.toFixed(2)),
  });
