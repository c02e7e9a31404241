// How often each client may ask: a bucket of requests that fills evenly. Pure: time is an argument, in milliseconds.

/** @example const limit = rateLimit(); limit("ann", 60, 0) // undefined: may ask */
export function rateLimit(mostClients = 10_000) {
  const buckets = new Map<string, { left: number; at: number }>();
  /** @returns undefined where the client may ask; else milliseconds until it may */
  return (client: string, perMinute: number, now: number): number | undefined => {
    const full = { left: perMinute, at: now };
    const before = buckets.get(client) ?? full;
    const left = Math.min(perMinute, before.left + ((now - before.at) * perMinute) / 60_000);
    buckets.delete(client); // the last asked stands last
    buckets.set(client, { left: left >= 1 ? left - 1 : left, at: now });
    if (buckets.size > mostClients) buckets.delete(buckets.keys().next().value!);
    return left >= 1 ? undefined : ((1 - left) * 60_000) / perMinute;
  };
}
