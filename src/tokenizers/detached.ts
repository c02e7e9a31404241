// Copies of short texts for caches. Knows nothing of what is cached.

/** The same text with storage of its own: a slice would keep the whole text that it was cut from in memory. */
export function detached(slice: string): string {
  return Array.from(slice).join("");
}
