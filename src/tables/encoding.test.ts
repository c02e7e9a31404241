import { expect, test } from "vitest";
import { isConcordError } from "../base/index.ts";
import { decodeStrictly, type Encoding, findEncoding } from "./encoding.ts";

const text = "text,label\n头痛三天,感冒\nfièvre 😀,grippe\n".repeat(40);
const utf16 = (big: boolean) => {
  const bytes = new Uint8Array(text.length * 2);
  for (let i = 0; i < text.length; i++) new DataView(bytes.buffer).setUint16(i * 2, text.charCodeAt(i), !big);
  return bytes;
};
/** GB18030 of "头痛,感冒\n" (GB/T 2312 codes). */
const gb = Uint8Array.from([0xcd, 0xb7, 0xcd, 0xb4, 0x2c, 0xb8, 0xd0, 0xc3, 0xb0, 0x0a]);

async function read(bytes: Uint8Array, size: number): Promise<string> {
  const chunks = async function* () {
    for (let i = 0; i < bytes.length; i += size) yield bytes.subarray(i, i + size);
  };
  let out = "";
  for await (const part of decodeStrictly(chunks(), findEncoding(bytes), "rows.csv")) out += part;
  return out;
}

test.each<[string, Uint8Array, Encoding, string]>([
  ["UTF-8", new TextEncoder().encode(text), "utf-8", text],
  ["UTF-8 with a mark", Uint8Array.from([0xef, 0xbb, 0xbf, ...new TextEncoder().encode(text)]), "utf-8", text],
  ["UTF-16, little end first, with a mark", Uint8Array.from([0xff, 0xfe, ...utf16(false)]), "utf-16le", text],
  ["UTF-16, little end first", utf16(false), "utf-16le", text],
  ["UTF-16, big end first", utf16(true), "utf-16be", text],
  ["GB18030", gb, "gb18030", "头痛,感冒\n"],
])("%s is recognised and read, in chunks of any size", async (_name, bytes, encoding, expected) => {
  expect(findEncoding(bytes).encoding).toBe(encoding);
  for (const size of [1, 3, 7, 1 << 16]) expect(await read(bytes, size)).toBe(expected);
});

test("a character cut at the end of the head does not make UTF-8 look like something else", () => {
  expect(findEncoding(new TextEncoder().encode("头痛").subarray(0, 5))).toMatchObject({
    encoding: "utf-8",
    by: "valid",
  });
});

test("bytes of another encoding in the middle are refused with their line and byte", async () => {
  const good = new TextEncoder().encode("a,b\n".repeat(20_000));
  const bytes = Uint8Array.from([...good, ...gb, ...good]);
  const head = { encoding: "utf-8", by: "valid", markBytes: 0 } as const;
  const chunks = async function* () {
    for (let i = 0; i < bytes.length; i += 1 << 16) yield bytes.subarray(i, i + (1 << 16));
  };
  const error = await (async () => {
    for await (const _ of decodeStrictly(chunks(), head, "rows.csv"));
  })().catch((e: unknown) => e);
  expect(isConcordError(error) && error.code).toBe("E_DATA");
  expect(isConcordError(error) && error.facts.path).toBe(`rows.csv:20001 (byte ${good.length + 5})`); // the four bytes before are two letters of UTF-8 too
});

test("a file that ends inside a character is refused", async () => {
  await expect(read(Uint8Array.from([...new TextEncoder().encode("头痛 头痛").subarray(0, 11)]), 64)).rejects.toThrow(
    /ends inside a character/,
  );
});
