// Downloads from a hub on this machine's loopback: whole, broken off, wrong, redirected, refused, from the cache.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import type { ServerResponse } from "node:http";
import { connect, createServer } from "node:net";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, expect, test } from "vitest";
import { concord } from "../../test/command-line.ts";
import { commit, type StubHub, type StubOptions, send, stubHub } from "../../test/hub/stub-hub.ts";
import { maxBytesOf } from "./allowed-files.ts";
import { getModel } from "./get-model.ts";
import { knownModels } from "./known-models.ts";
import { localModels } from "./local-models.ts";
import { modelName } from "./model-name.ts";
import { checkedRepository } from "./repository.ts";

const home = mkdtempSync(join(tmpdir(), "concord-hub-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const open: StubHub[] = [];
afterEach(async () => void (await Promise.all(open.splice(0).map((hub) => hub.close()))));

const weights = Buffer.alloc(300_000, "weights of a model ");
const files = {
  "config.json": Buffer.from('{"model_type":"bert"}'),
  "tokenizer.json": Buffer.from("{}"),
  "model.safetensors": weights,
  "pytorch_model.bin": Buffer.from("pickle"),
  "modeling_small.py": Buffer.from("import os"),
};
const name = modelName("hf:org/small");
let count = 0;

async function hub(before?: StubOptions["before"], of: StubOptions["files"] = files) {
  const stub = await stubHub({ files: of, before });
  open.push(stub);
  const to = join(home, `m${count++}`);
  const env = { HF_ENDPOINT: stub.endpoint, HF_HUB_CACHE: join(home, "no-cache"), HF_TOKEN: "hf_secret" };
  const get = (more: Record<string, string | undefined> = {}, signal?: AbortSignal) =>
    getModel(name, { to, env: { ...env, ...more }, waitMs: 1, signal });
  const requests = (part: string) => stub.requests.filter(({ url }) => url.includes(part));
  return { stub, to, env, get, requests };
}
/** What a handler gives that took over a request. */
const answered = (_: unknown) => true;
const isWeights = (url: string | undefined) => url?.endsWith("/model.safetensors") ?? false;
/** Answers once in its own way. */
const once = (answer: (response: ServerResponse) => void): StubOptions["before"] => {
  let done = false;
  return ({ url }, response) => {
    if (done || !isWeights(url)) return false;
    done = true;
    answer(response);
    return true;
  };
};

test("a model arrives whole, with its commit, licence and checksums beside it, and without files that hold code", async () => {
  const { to, get, requests } = await hub();
  const got = await get();
  expect(readdirSync(to).sort()).toEqual(["concord-source.json", "config.json", "model.safetensors", "tokenizer.json"]);
  expect(readFileSync(join(to, "model.safetensors")).equals(weights)).toBe(true);
  expect(JSON.parse(readFileSync(join(to, "concord-source.json"), "utf8"))).toMatchObject({
    repository: "org/small",
    revision: "main",
    commit,
    license: "mit",
    unchecked: [],
  });
  expect(got.files.find((f) => f.name === "model.safetensors")?.sha256).toBe(
    createHash("sha256").update(weights).digest("hex"),
  );
  expect(requests("/resolve/").every(({ url }) => url.includes(commit))).toBe(true);
  expect((await get()).kept).toBe(true);
  expect(requests("/resolve/")).toHaveLength(3);
  expect(await localModels(home)).toContainEqual(
    expect.objectContaining({ folder: to, architecture: "bert", source: `org/small@${commit.slice(0, 8)}` }),
  );
});

test("a broken connection is continued where it ended; a folder never holds half a model", async () => {
  const { to, get, requests } = await hub(
    once((response) => {
      response.writeHead(200, { "content-length": weights.length });
      response.write(weights.subarray(0, 100_000), () => setTimeout(() => response.destroy(), 100));
    }),
  );
  await get();
  const ranges = requests("/model.safetensors").map(({ range }) => range);
  expect(ranges).toEqual([undefined, expect.stringMatching(/^bytes=[1-9]\d*-$/)]);
  expect(readFileSync(join(to, "model.safetensors")).equals(weights)).toBe(true);
});

test("while another process downloads into the folder, a second download is refused and takes nothing away", async () => {
  const { to, get } = await hub();
  const child = spawn(process.execPath, ["-e", "setTimeout(() => {}, 60_000)"]);
  try {
    mkdirSync(`${to}.partial`, { recursive: true });
    writeFileSync(join(`${to}.partial`, "model.safetensors.part"), "begun");
    const holder = { pid: child.pid, host: hostname(), since: new Date().toISOString() };
    writeFileSync(join(`${to}.partial`, ".lock"), JSON.stringify(holder));
    await expect(get()).rejects.toThrow(/another process works in this folder/);
    expect(readdirSync(`${to}.partial`).sort()).toEqual([".lock", "model.safetensors.part"]);
  } finally {
    child.kill("SIGKILL");
    await new Promise((done) => child.once("exit", done));
  }
  await get(); // its holder is gone
  expect(readdirSync(to).filter((name) => name.startsWith("."))).toEqual([]);
  expect(existsSync(`${to}.partial`)).toBe(false);
});

test("after an abort the files begun stay beside the folder, and the next call continues them", async () => {
  const stop = new AbortController();
  const { to, get, requests } = await hub(
    once((response) => {
      response.writeHead(200, { "content-length": weights.length });
      response.write(weights.subarray(0, 100_000), () => setTimeout(() => stop.abort(), 20));
    }),
  );
  await expect(get({}, stop.signal)).rejects.toThrow(/E_INTERRUPTED/);
  expect([existsSync(to), existsSync(`${to}.partial/model.safetensors`)]).toEqual([false, true]);
  await get();
  expect(requests("/model.safetensors").at(-1)?.range).toMatch(/^bytes=[1-9]/);
  expect([existsSync(to), existsSync(`${to}.partial`)]).toEqual([true, false]);
});

test("a file with another content, or another size, is refused, and not kept", async () => {
  const wrong = await hub(
    ({ url }, response) => isWeights(url) && answered(send(response, Buffer.alloc(weights.length))),
  );
  await expect(wrong.get()).rejects.toThrow(/E_CHECKSUM[\s\S]*model\.safetensors/);
  expect([existsSync(wrong.to), existsSync(`${wrong.to}.partial/model.safetensors`)]).toEqual([false, false]);
  const small = await hub(
    ({ url }, response) =>
      url!.endsWith("/config.json") && answered(send(response, Buffer.from('{"model_type":"XXXX"}'))),
  );
  await expect(small.get()).rejects.toThrow(/E_CHECKSUM/);
  const long = await hub(
    ({ url }, response) => isWeights(url) && answered(send(response, Buffer.alloc(weights.length + 1))),
  );
  await expect(long.get()).rejects.toThrow(/E_FORMAT[\s\S]*size/);
});

test("the token goes to the hub and not to the host that it redirects to, and stands in no error", async () => {
  const store = await stubHub({ files, before: (_, response) => answered(send(response, weights)) });
  open.push(store);
  const { get, requests } = await hub(
    ({ url }, response) =>
      isWeights(url) &&
      answered(response.writeHead(302, { location: `${store.endpoint}/blob?Signature=s3cret` }).end()),
  );
  await get();
  expect(new Set(requests("").map(({ authorization }) => authorization))).toEqual(new Set(["Bearer hf_secret"]));
  expect(store.requests).toEqual([{ url: "/blob?Signature=s3cret", authorization: undefined, range: undefined }]);
  const loop = await hub(
    ({ url }, response) =>
      isWeights(url) && answered(response.writeHead(302, { location: `${url}?Signature=s3cret` }).end()),
  );
  const fault = await loop.get().catch((error: Error) => JSON.stringify(error) + error.message);
  expect(fault).not.toMatch(/hf_secret|s3cret/);
});

test("a token leaves over http only to this machine", async () => {
  const { stub, get } = await hub();
  const proxied: string[] = [];
  const proxy = createServer((socket) => {
    socket.once("data", (head) => {
      proxied.push(String(head).split("\r\n")[0]!);
      const to = connect(Number(new URL(stub.endpoint).port), "127.0.0.1", () => {
        socket.write("HTTP/1.1 200 OK\r\n\r\n");
        socket.pipe(to).pipe(socket);
      });
      for (const one of [socket, to]) one.on("error", () => one.destroy());
    });
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const address = proxy.address();
  const port = typeof address === "object" ? address?.port : undefined;
  await get({ HF_ENDPOINT: "http://mirror.test", HTTP_PROXY: `http://127.0.0.1:${port}`, NO_PROXY: "" });
  proxy.close();
  expect(proxied[0]).toBe("CONNECT mirror.test:80 HTTP/1.1");
  expect(stub.requests.length).toBeGreaterThan(3);
  expect(stub.requests.some(({ authorization }) => authorization)).toBe(false);
});

const answers: [status: number, headers: Record<string, string>, token: string | undefined, said: RegExp][] = [
  [404, {}, "t", /E_ARGUMENT[\s\S]*no such model/],
  [404, { "x-error-code": "RevisionNotFound" }, "t", /E_ARGUMENT[\s\S]*no such revision/],
  [
    401,
    { "x-error-code": "RepoNotFound" },
    undefined,
    /E_SERVER[\s\S]*no such model, or asks for a token[\s\S]*HF_TOKEN/,
  ],
  [401, {}, "t", /E_SERVER[\s\S]*refuses the token/],
  [403, { "x-error-code": "GatedRepo" }, "t", /E_SERVER[\s\S]*has not given access/],
  [429, { "retry-after": "0" }, "t", /E_SERVER[\s\S]*no more requests/],
  [503, {}, "t", /E_SERVER[\s\S]*refuses/],
];
test.each(answers)("HTTP %i %j is a clear error", async (status, headers, token, said) => {
  const { get, to, requests } = await hub((_, response) => answered(response.writeHead(status, headers).end()));
  await expect(get({ HF_TOKEN: token })).rejects.toThrow(said);
  expect(requests("")).toHaveLength(status === 429 || status === 503 ? 5 : 1);
  expect(existsSync(to)).toBe(false);
});

/** A cache as the Hugging Face tools write it: blobs named by their checksums, and links to them. */
function cacheOf(folder: string): string {
  const root = join(folder, "models--org--small");
  mkdirSync(join(root, "refs"), { recursive: true });
  mkdirSync(join(root, "blobs"));
  mkdirSync(join(root, "snapshots", commit), { recursive: true });
  writeFileSync(join(root, "refs/main"), commit);
  for (const [file, bytes] of Object.entries(files)) {
    const hash = file.endsWith(".safetensors")
      ? createHash("sha256")
      : createHash("sha1").update(`blob ${bytes.length}\0`);
    const blob = hash.update(bytes).digest("hex");
    writeFileSync(join(root, "blobs", blob), bytes);
    symlinkSync(`../../blobs/${blob}`, join(root, "snapshots", commit, file));
  }
  return folder;
}

test("offline the cache gives the model and nobody is asked; online it spares the files that are the same", async () => {
  const cache = cacheOf(join(home, "cache"));
  const offline = await hub();
  const got = await offline.get({ HF_HUB_CACHE: cache, HF_HUB_OFFLINE: "1" });
  expect([got.commit, got.fromCache, offline.stub.requests.length]).toEqual([commit, 3, 0]);
  expect(readFileSync(join(offline.to, "model.safetensors")).equals(weights)).toBe(true);
  const online = await hub();
  expect((await online.get({ HF_HUB_CACHE: cache })).fromCache).toBe(3);
  expect(online.requests("/resolve/")).toEqual([]);
  await expect((await hub()).get({ HF_HUB_OFFLINE: "1" })).rejects.toThrow(/E_IO[\s\S]*HF_HUB_OFFLINE forbids/);
  const gone = await hub((_, response) => answered(response.writeHead(503).end()));
  await expect(gone.get({ HF_HUB_CACHE: cache })).rejects.toThrow(/E_SERVER[\s\S]*set HF_HUB_OFFLINE=1/);
});

test("a damaged blob of the cache is refused", async () => {
  const cache = cacheOf(join(home, "damaged"));
  const blobs = join(cache, "models--org--small/blobs");
  for (const blob of readdirSync(blobs)) writeFileSync(join(blobs, blob), "damaged");
  const { get } = await hub();
  await expect(get({ HF_HUB_CACHE: cache, HF_HUB_OFFLINE: "1" })).rejects.toThrow(/E_CHECKSUM/);
});

test("a folder with anything else in it is not replaced", async () => {
  const { to, get } = await hub();
  mkdirSync(to);
  writeFileSync(join(to, "mine.txt"), "mine");
  await expect(get()).rejects.toThrow(/E_IO[\s\S]*not replaced/);
  expect(readFileSync(join(to, "mine.txt"), "utf8")).toBe("mine");
});

test("names are read; what is none is refused", () => {
  expect(modelName("bert-base-chinese").repository).toBe("google-bert/bert-base-chinese");
  expect(modelName("hf:a/b@refs/pr/1")).toEqual({ repository: "a/b", revision: "refs/pr/1" });
  expect(modelName("a/b", "v2").revision).toBe("v2");
  expect(modelName("https://mirror.test/a/b/tree/dev")).toEqual({
    repository: "a/b",
    revision: "dev",
    endpoint: "https://mirror.test",
  });
  for (const bad of [
    "",
    "hf:",
    "hf:a",
    "hf:../b",
    "a/b/c",
    "hf:a/..",
    "a/b@../../x",
    "https://u:p@h.test/a/b",
    "https://h.test/",
    "a\n/b",
    "a/-b",
  ])
    expect(() => modelName(bad), bad).toThrow(/E_ARGUMENT/);
  expect(() => modelName("bert-base-chines")).toThrow(/did you mean bert-base-chinese/);
  expect(knownModels.every(({ repository }) => modelName(repository).repository === repository)).toBe(true);
});

test("only names of weights, configuration, tokenizer and licence are downloaded", () => {
  for (const good of [
    "model.safetensors",
    "model-00001-of-00002.safetensors",
    "tokenizer.json",
    "1_Pooling/config.json",
    "LICENSE",
  ])
    expect(maxBytesOf(good), good).toBeGreaterThan(0);
  for (const bad of [
    "pytorch_model.bin",
    "../config.json",
    "a/config.json",
    "/config.json",
    "x.py",
    "config.json\n",
    "model.safetensors.py",
    "C:\\config.json",
  ])
    expect(maxBytesOf(bad), bad).toBeUndefined();
});

test("a hub's answer is checked: pickles only, too large, no commit, no JSON", () => {
  const answer = (siblings: unknown, sha = commit) =>
    checkedRepository(JSON.stringify({ sha, siblings }), "a/b", "here");
  const config = { rfilename: "config.json", size: 2 };
  expect(() => answer([config, { rfilename: "pytorch_model.bin" }])).toThrow(/E_MODEL[\s\S]*hold code/);
  expect(() => answer([{ ...config, size: 2 ** 40 }, { rfilename: "model.safetensors" }])).toThrow(
    /E_FORMAT[\s\S]*too large/,
  );
  expect(() => answer([config], "main")).toThrow(/E_FORMAT/);
  expect(() => checkedRepository("<html>", "a/b", "here")).toThrow(/E_FORMAT[\s\S]*HF_ENDPOINT/);
  expect(answer([config, { rfilename: "model.safetensors" }, { rfilename: "../evil.json" }, null]).files).toHaveLength(
    2,
  );
});

test("concord models get and list say what was done, in both languages and as JSON", async () => {
  const { stub, to, env } = await hub();
  const got = await concord(["models", "get", "hf:org/small", "--to", to], { env });
  expect(got.code, got.err).toBe(0);
  expect(got.out).toMatch(/org\/small is in .*every file is checked[\s\S]*license: mit[\s\S]*model\.from:/);
  expect((await concord(["models", "get", "hf:org/small", "--to", to, "--lang", "zh"], { env })).out).toMatch(
    /已有 org\/small/,
  );
  const list = await concord(["models", "list", home], { env });
  expect(list.out).toMatch(/org\/small@01234567[\s\S]*all-MiniLM-L6-v2 +bert +86\.8 MiB +Apache-2\.0 +en +tested/);
  expect(JSON.parse((await concord(["models", "list", home, "--json"], { env })).out).known.length).toBe(
    knownModels.length,
  );
  await stub.close();
  const gone = await concord(["models", "get", "hf:org/other", "--to", `${to}x`, "--lang", "zh"], { env });
  expect([gone.code, gone.err]).toEqual([68, expect.stringMatching(/无法连接服务器[\s\S]*HTTPS_PROXY/)]);
});

test("a name in a recipe that is no folder gives the line that gets it, before any stage runs", async () => {
  const rows = Array.from({ length: 40 }, (_, i) => `text ${i} of ${i % 2 ? "rain" : "sun"},${i % 2 ? "a" : "b"}`);
  writeFileSync(join(home, "rows.csv"), `text,label\n${rows.join("\n")}\n`);
  writeFileSync(
    join(home, "recipe.yaml"),
    "version: 1\nname: r\ndata: { file: rows.csv }\nmodel: { from: bert-base-chinese }\n",
  );
  const { code, err } = await concord(["run", join(home, "recipe.yaml"), "--out", join(home, "run")]);
  expect([code, err]).toEqual([74, expect.stringMatching(/E_IO[\s\S]*concord models get bert-base-chinese --to /)]);
  expect(existsSync(join(home, "run/data"))).toBe(false);
});
