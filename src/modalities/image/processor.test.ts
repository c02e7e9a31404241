// What a processor's file may say, and what is refused by name.
import { expect, test } from "vitest";
import { fault } from "../../../test/fault.ts";
import { configOf, type JsonRecord } from "../../formats/index.ts";
import { centreCrop, cropped, mirrored, type Picture } from "./picture.ts";
import { fitted, imageProcessor, newProcessor, processorConfig } from "./processor.ts";

const read = (entries: JsonRecord) => imageProcessor(configOf(entries, "preprocessor_config.json"));
const square = (side: number): Picture => ({ width: side, height: side, data: new Uint8Array(side * side * 3) });

test("the names that Transformers has given one processor read the same", () => {
  const entries = { size: 32, image_mean: 0.5, image_std: [0.5] };
  const names = ["ViTImageProcessor", "ViTImageProcessorFast", "ViTImageProcessorPil"];
  const all = [
    ...names.map((name) => read({ ...entries, image_processor_type: name })),
    read({ ...entries, feature_extractor_type: "ViTFeatureExtractor" }),
    read(entries),
  ];
  for (const one of all) expect(one).toEqual(all[0]);
  expect(all[0]!.resize!.size).toEqual({ width: 32, height: 32 });
});

test("what is saved reads back the same, with a crop and without", () => {
  const plain = newProcessor(28);
  const crops = read({ image_processor_type: "CLIPImageProcessor", size: { shortest_edge: 30 }, crop_size: 28 });
  for (const one of [plain, crops]) expect(read(processorConfig(one))).toEqual(one);
});

const refused: [name: string, entries: JsonRecord, problem: RegExp][] = [
  ["another processor", { image_processor_type: "SamImageProcessor" }, /SamImageProcessor is not covered/],
  ["a step that nobody knows", { do_sharpen: true }, /do_sharpen is not covered/],
  ["padding", { do_pad: true }, /do_pad is not covered/],
  ["ConvNeXt's crop", { crop_pct: 0.875 }, /crop_pct is not covered/],
  ["a filter without a name", { resample: 9 }, /resample is wrong/],
  ["a deviation of 0", { image_std: [0.5, 0, 0.5] }, /image_std is a divisor/],
  ["four means", { image_mean: [0, 0, 0, 0] }, /image_mean is wrong/],
  ["a size of half a pixel", { size: { height: 0.5, width: 2 } }, /size is wrong/],
];
test.each(refused)("%s is refused by name", (_name, entries, problem) => {
  expect(fault("E_CONFIG", () => read(entries)).message).toMatch(problem);
});

test("steps that are off are no fault", () => {
  expect(read({ do_pad: false, do_reduce_labels: false, crop_pct: null, do_resize: false })).not.toHaveProperty(
    "resize",
  );
});

test("the shorter side leads, and the longer is bounded where the file says so", () => {
  const picture = { width: 40, height: 20, data: new Uint8Array(40 * 20 * 3) };
  const sides = (entries: JsonRecord) => {
    const { width, height } = fitted(picture, read({ default_to_square: false, ...entries }));
    return [width, height];
  };
  expect(sides({ size: { shortest_edge: 10 } })).toEqual([20, 10]);
  expect(sides({ size: { shortest_edge: 10, longest_edge: 15 } })).toEqual([16, 8]);
});

test("a crop wider than the image has black at its sides", () => {
  const white = { ...square(2), data: new Uint8Array(12).fill(255) };
  const wide = centreCrop(white, 4, 2);
  expect([...wide.data.filter((_, i) => i % 3 === 0)]).toEqual([0, 255, 255, 0, 0, 255, 255, 0]);
  expect(cropped(white, { left: 5, top: 0, width: 1, height: 1 }).data).toEqual(new Uint8Array(3));
});

test("mirroring twice changes nothing", () => {
  const picture = { width: 3, height: 1, data: Uint8Array.from({ length: 9 }, (_, i) => i) };
  expect([...mirrored(picture).data]).toEqual([6, 7, 8, 3, 4, 5, 0, 1, 2]);
  expect(mirrored(mirrored(picture))).toEqual(picture);
});
