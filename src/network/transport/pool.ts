// Connections kept within a number, shared fairly between their owners. Knows no certificate and no protocol.
import { isIPv6 } from "node:net";

/** What can be closed from this side. */
interface Connection {
  destroy(): unknown;
}

export interface Pool {
  /** Takes a connection in. Where that makes too many, whoever holds most loses its oldest: with one for each, whoever was here first. */
  add(owner: string, connection: Connection): void;
  /** Lets a connection go, without closing it. One that is not here is no error. */
  remove(connection: Connection): void;
}

/** @param most connections at once, 1 or more @example const strangers = openPool(256); strangers.add("192.0.2.7", socket); */
export function openPool(most: number): Pool {
  const owners = new Map<Connection, string>();
  const held = new Map<string, Set<Connection>>();
  const remove = (connection: Connection) => {
    const owner = owners.get(connection);
    if (owner === undefined) return;
    owners.delete(connection);
    const rest = held.get(owner)!;
    rest.delete(connection);
    if (rest.size === 0) held.delete(owner);
  };
  return {
    remove,
    add(owner, connection) {
      owners.set(connection, owner);
      held.set(owner, (held.get(owner) ?? new Set()).add(connection));
      if (owners.size <= most) return;
      const [oldest] = [...held.values()].reduce((a, b) => (b.size > a.size ? b : a));
      remove(oldest!);
      oldest!.destroy();
    },
  };
}

/** Whose connection an address makes it: an IPv4 address, or the first 64 bits of an IPv6 address, which one host can have all of. */
export function networkOf(address: string): string {
  if (!isIPv6(address) || address.includes(".")) return address.replace(/^::ffff:/i, "");
  const [head = "", tail] = address.split("%")[0]!.split("::");
  const [left, right] = [head, tail ?? ""].map((part) => part.split(":").filter(Boolean)) as [string[], string[]];
  const zeros = Array<string>(8 - left.length - right.length).fill("0");
  return [...left, ...zeros, ...right].slice(0, 4).join(":");
}
