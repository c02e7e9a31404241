// The baseline of every answer that is a label: what occurs most often.

/** The value that occurs most often; of equal ones the first in order of code points. */
export function mostFrequent(values: Iterable<string>): string | undefined {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  let best: [string, number] | undefined;
  for (const [value, n] of counts) if (!best || n > best[1] || (n === best[1] && value < best[0])) best = [value, n];
  return best?.[0];
}
