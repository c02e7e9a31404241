// What several candidates need of one object is made once. Keeps nothing longer than the object lives.

/** Makes a thing of an object, or gives the one that was made. */
export type Once = <T>(owner: object, what: string, make: () => Promise<T>) => Promise<T>;

/** @example const once = makeOnce(); await once(weights, "ranges", measure); */
export function makeOnce(): Once {
  const made = new WeakMap<object, Map<string, Promise<unknown>>>();
  return <T>(owner: object, what: string, make: () => Promise<T>) => {
    const own = made.get(owner) ?? new Map<string, Promise<unknown>>();
    made.set(owner, own);
    const found = own.get(what) ?? make();
    own.set(what, found);
    return found as Promise<T>; // what names one kind of thing
  };
}
