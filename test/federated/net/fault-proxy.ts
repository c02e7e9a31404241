// A TCP proxy that does to connections what networks do: delays, cuts, truncates, corrupts, crawls.
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export interface Faults {
  /** Delay of every piece, ms. */
  readonly latencyMs?: number;
  /** Bytes a second, each way. */
  readonly rate?: number;
  /** Both sides are destroyed after so many bytes of a connection. */
  readonly cutAfter?: (connection: number) => number | undefined;
  /** The server's side ends, politely, after so many bytes of its answers. */
  readonly truncateAfter?: (connection: number) => number | undefined;
  /** One bit is changed at this byte, towards the server. */
  readonly corruptAt?: (connection: number) => number | undefined;
}

export interface FaultProxy {
  readonly port: number;
  /** Connections so far. */
  readonly connections: () => number;
  /** Bytes passed on so far, to the server and from it. */
  readonly bytes: () => { readonly up: number; readonly down: number };
  close(): Promise<void>;
}

export async function faultProxy(target: number, faults: Faults): Promise<FaultProxy> {
  let count = 0;
  const passed = { up: 0, down: 0 };
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (inside) => {
    const n = count++;
    const outside = connect({ port: target, host: "127.0.0.1", allowHalfOpen: true });
    for (const socket of [inside, outside]) {
      sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => {
        sockets.delete(socket);
        inside.destroy();
        outside.destroy();
      });
    }
    relay(inside, outside, faults, { cut: faults.cutAfter?.(n), corrupt: faults.corruptAt?.(n) }, (b) => {
      passed.up += b;
    });
    relay(outside, inside, faults, { truncate: faults.truncateAfter?.(n) }, (b) => {
      passed.down += b;
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => count,
    bytes: () => ({ ...passed }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function relay(
  from: Socket,
  to: Socket,
  { latencyMs = 0, rate }: Faults,
  { cut, truncate, corrupt }: { cut?: number; truncate?: number; corrupt?: number },
  count: (bytes: number) => void,
): void {
  let bytes = 0;
  let ended = false;
  const pass = async (piece: Buffer) => {
    if (latencyMs) await new Promise((r) => setTimeout(r, latencyMs));
    for (let at = 0; at < piece.length; ) {
      const part = rate ? piece.subarray(at, at + Math.ceil(rate / 20)) : piece.subarray(at);
      at += part.length;
      if (to.destroyed || ended) return;
      if (corrupt !== undefined && bytes <= corrupt && corrupt < bytes + part.length) part[corrupt - bytes]! ^= 1;
      bytes += part.length;
      if (cut !== undefined && bytes > cut) return void from.destroy();
      if (truncate !== undefined && bytes > truncate) {
        ended = true;
        return void to.end();
      }
      to.write(part);
      count(part.length);
      if (rate) await new Promise((r) => setTimeout(r, (1000 * part.length) / rate));
    }
  };
  let queue = Promise.resolve();
  from.on("data", (piece: Buffer) => {
    from.pause();
    queue = queue.then(() => pass(piece)).then(() => void from.resume());
  });
  from.on("end", () => (queue = queue.then(() => void (ended || to.end()))));
}
