import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { faultLater } from "../../../test/fault.ts";
import { goldenPath } from "../../../test/golden.ts";
import { ConcordError, type HostArray, hostArray } from "../../base/index.ts";
import { writeSafetensors } from "../index.ts";
import {
  openModelFolder,
  openSafetensors,
  readModelFolder,
  readWholeFile,
  removeStaleTemporaries,
  writeFileAtomically,
  writeModelFolder,
  writeSafetensorsFile,
} from "./index.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "concord-files-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (...parts: string[]) => join(folder, ...parts);
const tensors: [string, HostArray][] = [
  ["a", hostArray("float32", [2, 2], [1, 2, 3, 4])],
  ["b", hostArray("int64", [1], [7])],
  ["c", hostArray("uint8", [3], [1, 2, 3])],
];

describe("openSafetensors", () => {
  test("reads the head, then one tensor at a time", async () => {
    await writeSafetensorsFile(at("m.safetensors"), tensors);
    const file = await openSafetensors(at("m.safetensors"));
    expect(file.metadata).toEqual({ format: "pt" });
    expect([...file.entries.keys()]).toEqual(["b", "a", "c"]);
    for (const [name, tensor] of tensors) expect(await file.read(name)).toEqual(tensor);
    await file.close();
    await faultLater("E_IO", () => file.read("a"));
  });

  test("fills memory that exists, which must have the right size; an unknown name says the nearest", async () => {
    await writeSafetensorsFile(at("m.safetensors"), [["encoder.weight", tensors[0]![1]]]);
    const file = await openSafetensors(at("m.safetensors"));
    const memory = new Float32Array(6);
    await file.readInto("encoder.weight", new Uint8Array(memory.buffer, 4, 16));
    expect([...memory]).toEqual([0, 1, 2, 3, 4, 0]);
    const wrong = await faultLater("E_SHAPE", () => file.readInto("encoder.weight", new Uint8Array(15)));
    expect(wrong.facts).toMatchObject({ expected: "16 bytes, float32[2,2]", got: "15 bytes" });
    const unknown = await faultLater("E_MODEL", () => file.read("encoder.wieght"));
    expect(unknown.facts.hint).toBe("did you mean encoder.weight?");
    await file.close();
  });

  test("a missing file, a folder, a file that is cut and a named pipe are errors with the path, none of them hangs", async () => {
    expect((await faultLater("E_IO", () => openSafetensors(at("none")))).facts).toMatchObject({
      problem: "no such file or folder",
      path: at("none"),
    });
    expect((await faultLater("E_IO", () => openSafetensors(folder))).facts.problem).toBe("a folder, not a file");
    writeFileSync(at("cut"), writeSafetensors(tensors).subarray(0, -1));
    expect((await faultLater("E_FORMAT", () => openSafetensors(at("cut")))).facts.problem).toMatch(/truncated/);
    if (process.platform !== "win32") {
      execFileSync("mkfifo", [at("pipe")]);
      expect((await faultLater("E_IO", () => openSafetensors(at("pipe")))).facts.problem).toBe("not a regular file");
    }
  });

  test("a file that becomes shorter while it is open is an error, not zeros", async () => {
    await writeSafetensorsFile(at("m.safetensors"), tensors);
    const file = await openSafetensors(at("m.safetensors"));
    truncateSync(at("m.safetensors"), 20);
    expect((await faultLater("E_IO", () => file.read("a"))).facts.problem).toBe("the file became shorter");
    await file.close();
  });
});

test("a file larger than expected is refused before it is read", async () => {
  writeFileSync(at("big"), "x");
  truncateSync(at("big"), 2 ** 40);
  const { facts } = await faultLater("E_FORMAT", () => readWholeFile(at("big")));
  expect(facts).toMatchObject({ expected: "at most 16777216 bytes", got: "1099511627776 bytes" });
});

describe("a model folder", () => {
  test("of the reference set opens with its config and weights", async () => {
    const model = await readModelFolder(goldenPath("models", "gpt2-lm"));
    expect(model.config.model_type).toBe("gpt2");
    expect(model.shards).toEqual(["model.safetensors"]);
    expect(model.tensors.get("transformer.wte.weight")?.shape).toEqual([model.config.vocab_size, model.config.n_embd]);
  });

  test("is written and read back, whole or in shards, and one layout replaces the other", async () => {
    for (const [maxShardBytes, files] of [
      [1e9, 2],
      [16, 4],
      [1e9, 2],
    ] as const) {
      await writeModelFolder(at("model"), { model_type: "bert" }, tensors, { maxShardBytes });
      const model = await readModelFolder(at("model"));
      expect(model.config).toEqual({ model_type: "bert" });
      expect(new Map([...model.tensors].sort())).toEqual(new Map(tensors));
      expect(readdirSync(at("model"))).toHaveLength(files);
    }
  });

  test("whose index puts a tensor in the wrong shard, or names a shard outside, is refused", async () => {
    await writeModelFolder(at("model"), {}, tensors, { maxShardBytes: 16 });
    const path = at("model", "model.safetensors.index.json");
    const index = JSON.parse(readFileSync(path, "utf8"));
    writeFileSync(path, JSON.stringify({ weight_map: { ...index.weight_map, a: index.weight_map.b } }));
    await faultLater("E_IO", () => openModelFolder(at("elsewhere")));
    await faultLater("E_FORMAT", () => openModelFolder(at("model")));
    writeFileSync(path, JSON.stringify({ weight_map: { ...index.weight_map, a: "../a.safetensors" } }));
    const { facts } = await faultLater("E_FORMAT", () => openModelFolder(at("model")));
    expect(facts.problem).toMatch(/unsafe shard name/);
  });

  test("without safetensors weights names what is there and how to convert it; a config that is no object is refused", async () => {
    mkdirSync(at("model"));
    writeFileSync(at("model", "config.json"), "{}");
    writeFileSync(at("model", "pytorch_model.bin"), "");
    const { facts } = await faultLater("E_MODEL", () => openModelFolder(at("model")));
    expect(facts.got).toBe("pytorch_model.bin");
    expect(facts.hint).toMatch(/safe_serialization/);
    writeFileSync(at("model", "config.json"), "[]");
    await faultLater("E_FORMAT", () => openModelFolder(at("model")));
  });

  test("made of symbolic links, as model caches are, is followed", async () => {
    await writeModelFolder(at("blobs"), { model_type: "bert" }, tensors);
    mkdirSync(at("snapshot"));
    for (const name of readdirSync(at("blobs"))) symlinkSync(at("blobs", name), at("snapshot", name));
    expect((await readModelFolder(at("snapshot"))).tensors.size).toBe(3);
  });
});

describe("writeFileAtomically", () => {
  test("leaves the old file and no temporary one when the content fails half way", async () => {
    writeFileSync(at("x"), "old");
    const half = function* () {
      yield new Uint8Array(1000);
      throw new Error("half way");
    };
    await expect(writeFileAtomically(at("x"), half())).rejects.toThrow("half way");
    expect(readdirSync(folder)).toEqual(["x"]);
    expect(readFileSync(at("x"), "utf8")).toBe("old");
    expect(await writeFileAtomically(at("x"), [Buffer.from("new")])).toBe(3);
    expect(readFileSync(at("x"), "utf8")).toBe("new");
  });

  test("a folder that is missing, is a file or cannot take a file is E_IO with the path of the target", async () => {
    writeFileSync(at("file"), "");
    for (const path of [at("none", "x"), at("file", "x"), "/proc/x"]) {
      const { facts } = await faultLater("E_IO", () => writeFileAtomically(path, []));
      expect(facts.path).toBe(path);
    }
  });

  test("a target that cannot be replaced leaves nothing behind", async () => {
    mkdirSync(at("x"));
    await faultLater("E_IO", () => writeFileAtomically(at("x"), [new Uint8Array(3)]));
    expect(readdirSync(folder)).toEqual(["x"]);
  });

  test.skipIf(process.platform !== "linux")("a full disk is E_IO that says so, and leaves the old file alone", () => {
    const script = `
      import { readdirSync, readFileSync, writeFileSync } from "node:fs";
      import { writeFileAtomically } from ${JSON.stringify(new URL("./index.ts", import.meta.url).href)};
      process.on("SIGXFSZ", () => {}); // a file size limit stands in for a full disk
      writeFileSync("x", "old");
      const error = await writeFileAtomically("x", [new Uint8Array(3000), new Uint8Array(1e6)]).catch((error) => error);
      console.log(JSON.stringify([error.code, error.facts.problem, readdirSync("."), readFileSync("x", "utf8")]));`;
    writeFileSync(at("full.mts"), script);
    const node = `ulimit -f 8; exec ${process.execPath} --import ${import.meta.resolve("tsx")} full.mts`;
    const out = execFileSync("bash", ["-c", node], { cwd: folder, encoding: "utf8" });
    expect(JSON.parse(out)).toEqual(["E_IO", "the file grew past a limit", ["full.mts", "x"], "old"]);
  });

  test("temporary files of dead writers are removed, those of living ones and all other files stay", async () => {
    const host = hostname().replace(/[^\w-]/g, "_");
    const temporary = (pid: number, writer = host) => `.x.${writer}.${pid}.0123456789ab.tmp`;
    const files = ["x", temporary(process.pid), temporary(process.ppid), temporary(2 ** 30), temporary(1, "elsewhere")];
    for (const name of files) writeFileSync(at(name), "");
    expect(await removeStaleTemporaries(folder)).toEqual([temporary(2 ** 30)]);
    const yesterday = Date.now() / 1000 - 90_000;
    for (const name of [temporary(process.pid), temporary(1, "elsewhere")]) utimesSync(at(name), yesterday, yesterday);
    expect((await removeStaleTemporaries(folder)).sort()).toEqual(
      [temporary(process.pid), temporary(1, "elsewhere")].sort(),
    );
    expect(readdirSync(folder).sort()).toEqual(["x", temporary(process.ppid)].sort());
    await expect(removeStaleTemporaries(at("none"))).rejects.toBeInstanceOf(ConcordError);
  });

  test("what a killed writer left of a file goes with the next whole one, others' temporaries stay", async () => {
    const host = hostname().replace(/[^\w-]/g, "_");
    const left = (name: string) => `.${name}.${host}.${2 ** 30}.0123456789ab.tmp`;
    for (const name of ["config.json", "config.json.bak", "json"]) writeFileSync(at(left(name)), "half");
    await writeFileAtomically(at("config.json"), [new Uint8Array(3)]);
    expect(readdirSync(folder).sort()).toEqual([left("config.json.bak"), left("json"), "config.json"].sort());
  });
});
