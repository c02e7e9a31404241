// A hub on this machine's loopback: the Hugging Face Hub's addresses, answers and headers, and the faults that a test asks for.
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export const commit = "0123456789abcdef0123456789abcdef01234567";
const sha = (algorithm: string, ...parts: (string | Buffer)[]) =>
  parts.reduce((hash, part) => hash.update(part), createHash(algorithm)).digest("hex");

export interface StubOptions {
  /** Files by name; large ones (LFS) are those that end in .safetensors. */
  readonly files: Readonly<Record<string, Buffer>>;
  /** Takes over a request where it returns true. */
  readonly before?: (request: IncomingMessage, response: ServerResponse) => boolean;
}

/** Requests that came, and where it listens. */
export interface StubHub {
  readonly endpoint: string;
  readonly requests: { url: string; authorization?: string; range?: string }[];
  close(): Promise<void>;
}

export async function stubHub({ files, before = () => false }: StubOptions): Promise<StubHub> {
  const requests: StubHub["requests"] = [];
  const server = createServer((request, response) => {
    const { authorization, range } = request.headers;
    const url = request.url ?? "";
    requests.push({ url, authorization, range });
    if (before(request, response)) return;
    if (/^\/api\/models\/org\/small\/revision\/[^/]+\?blobs=true$/.test(url))
      return void response.end(
        JSON.stringify({ sha: commit, cardData: { license: "mit" }, siblings: siblings(files) }),
      );
    const name = /^\/org\/small\/resolve\/[0-9a-f]{40}\/(.+)$/.exec(url)?.[1];
    if (name !== undefined && files[name]) return send(response, files[name], range);
    response.writeHead(404, { "x-error-code": "RepoNotFound" }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const siblings = (files: StubOptions["files"]) =>
  Object.entries(files).map(([rfilename, bytes]) => ({
    rfilename,
    size: bytes.length,
    blobId: sha("sha1", `blob ${bytes.length}\0`, bytes),
    ...(rfilename.endsWith(".safetensors") && { lfs: { sha256: sha("sha256", bytes), size: bytes.length } }),
  }));

export function send(response: ServerResponse, bytes: Buffer, range?: string): void {
  const start = Number(/^bytes=(\d+)-$/.exec(range ?? "")?.[1] ?? 0);
  if (start > 0) response.writeHead(206, { "content-range": `bytes ${start}-${bytes.length - 1}/${bytes.length}` });
  else response.setHeader("content-length", bytes.length);
  response.end(bytes.subarray(start));
}
