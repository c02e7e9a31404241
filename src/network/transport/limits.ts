// Sizes, counts and times that the two ends of a connection keep to. Plain numbers; each has a test that it is kept.

/** Of what is exchanged; a newer one is refused in words. */
export const transportVersion = 1;

export interface Limits {
  /** Pieces that large contents travel in, each checked by its SHA-256 and never sent twice. 1 to 8 MiB. */
  readonly chunkBytes: number;
  /** Of a message or another request that is JSON. */
  readonly jsonBytes: number;
  /** Of a member's transcript, given at the end. */
  readonly transcriptBytes: number;
  /** A body that brings nothing for so long is given up. */
  readonly idleMs: number;
  /** After `idleMs`, a body must have come at this mean rate, bytes a second. */
  readonly slowest: number;
  /** From the connection to the end of the request's head. */
  readonly headMs: number;
  /** Connections at once: a quarter for whoever has not shown a member's certificate yet, the rest for members. */
  readonly connections: number;
  /** Requests of one member at once. */
  readonly requests: number;
  /** Longest wait for a new message. */
  readonly pollMs: number;
  /** First and longest wait before a request is made again. */
  readonly retryMs: readonly [first: number, longest: number];
}

export const defaultLimits: Limits = {
  chunkBytes: 2 ** 20,
  jsonBytes: 2 ** 24,
  transcriptBytes: 2 ** 25,
  idleMs: 30_000,
  slowest: 128,
  headMs: 10_000,
  connections: 1024,
  requests: 8,
  pollMs: 25_000,
  retryMs: [200, 15_000],
};

/** Where a content is cut: [start, end) of its chunks. */
export const cuts = (bytes: number, chunkBytes: number): [number, number][] =>
  Array.from({ length: Math.ceil(bytes / chunkBytes) }, (_, i) => [
    i * chunkBytes,
    Math.min(bytes, (i + 1) * chunkBytes),
  ]);

/** How a content is fetched. */
export interface Manifest {
  readonly bytes: number;
  readonly chunkBytes: number;
  /** SHA-256 of each chunk. */
  readonly chunks: readonly string[];
}

/** A message that waits for a member. */
export interface OutboxEntry {
  readonly seq: number;
  readonly message: unknown;
  readonly payload?: { readonly sha256: string; readonly bytes: number };
}
