// Work that is done one piece after the other for each key. Knows not what is done.

/**
 * Runs work of one key after all earlier work of that key has ended, well or not; keys do not wait for each other.
 * @example const inTurn = turns(); await inTurn("hospital", () => write(file));
 */
export function turns(): <T>(key: string, work: () => Promise<T>) => Promise<T> {
  const last = new Map<string, Promise<unknown>>();
  return (key, work) => {
    const done = (last.get(key) ?? Promise.resolve()).then(work, work);
    last.set(key, done);
    const forget = () => void (last.get(key) === done && last.delete(key));
    done.then(forget, forget);
    return done;
  };
}
