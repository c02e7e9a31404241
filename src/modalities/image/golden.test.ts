// Images against Pillow and Transformers: numbers of test/golden/images/make.py.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { configOf, type JsonRecord } from "../../formats/index.ts";
import { readImage } from "./node/decode.ts";
import type { Picture } from "./picture.ts";
import { fitted, imageProcessor, pixelValues, processorConfig, valueTable } from "./processor.ts";
import { type Filter, resized } from "./resample.ts";

const folder = new URL("../../../test/golden/images/", import.meta.url).pathname;
interface Golden {
  readonly resize: {
    filter: Filter;
    from: [number, number];
    to: [number, number];
    picture: string;
    expected: string;
  }[];
  readonly processors: {
    config: JsonRecord;
    settings: JsonRecord;
    from: [number, number];
    picture: string;
    shape: number[];
    expected: string;
  }[];
  readonly files: Record<string, { size: [number, number]; expected: string }>;
}
const golden = JSON.parse(readFileSync(`${folder}expected.json`, "utf8")) as Golden;
const bytes = (base64: string) => new Uint8Array(Buffer.from(base64, "base64"));
const pictureOf = ([width, height]: readonly [number, number], base64: string): Picture => ({
  width,
  height,
  data: bytes(base64),
});

describe("resizing equals Pillow's, byte for byte", () => {
  test.each(golden.resize.map((c) => [c.filter, c.from.join("×"), c.to.join("×"), c] as const))(
    "%s from %s to %s",
    (filter, _from, _to, { from, to: [width, height], picture, expected }) => {
      const { data } = resized(pictureOf(from, picture), { width, height }, filter);
      expect(data).toEqual(bytes(expected));
    },
  );
});

describe("processors equal Transformers', bit for bit", () => {
  test.each(golden.processors.map((c) => [c.config.image_processor_type, JSON.stringify(c.settings), c] as const))(
    "%s %s",
    (_kind, _settings, { config, from, picture, shape, expected }) => {
      const processor = imageProcessor(configOf(config, "preprocessor_config.json"));
      const saved = imageProcessor(configOf(processorConfig(processor), "saved"));
      for (const used of [processor, saved]) {
        const at = fitted(pictureOf(from, picture), used);
        expect([3, at.height, at.width]).toEqual(shape);
        const values = pixelValues(at, valueTable(used));
        expect(values).toEqual(new Float32Array(bytes(expected).buffer));
      }
    },
  );
});

describe("files are decoded as Pillow decodes them", () => {
  test.each(Object.entries(golden.files))("%s", async (name, { size, expected }) => {
    const picture = await readImage(`${folder}${name}`);
    expect([picture.width, picture.height]).toEqual(size);
    const reference = bytes(expected);
    const apart = picture.data.reduce((most, v, i) => Math.max(most, Math.abs(v - reference[i]!)), 0);
    expect(apart).toBeLessThanOrEqual(name.endsWith(".jpg") ? 2 : 0); // JPEG decoders round their transforms differently
    expect(picture.data.length).toBe(reference.length);
  });
});
