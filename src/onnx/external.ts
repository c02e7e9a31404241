// Models larger than one protobuf file may be: their weights lie in files beside it (ONNX external data). Knows no disk.
import { ConcordError } from "../base/index.ts";
import type { OnnxModel, OnnxTensor } from "./wire.ts";

/** Largest size of a model file, in bytes: protobuf's 2 GiB, less room for the graph itself. */
export const largestModel: number = 2 ** 31 - 2 ** 24;

/** Tensors smaller than this stay in the model: shapes and constants are read while it is loaded. */
const smallest = 1024;
/** Bytes that an offset is a multiple of: a page for large tensors, so that runtimes can map them. */
const alignmentOf = (sizeBytes: number): number => (sizeBytes >= 2 ** 20 ? 4096 : 64);

/** A file of weights beside a model. */
export interface ExternalFile {
  readonly name: string;
  readonly sizeBytes: number;
  /** Its content in order: views of the weights, not copies, and the gaps between them. */
  readonly chunks: readonly Uint8Array[];
}

const sizeOf = (tensors: readonly OnnxTensor[]): number => tensors.reduce((sum, t) => sum + t.raw.byteLength, 0);

/** @throws E_LOWER for a model that does not fit into one file */
export function checkSize({ initializers }: OnnxModel): void {
  const size = sizeOf(initializers);
  if (size <= largestModel) return;
  throw new ConcordError("E_LOWER", {
    operation: "export",
    problem: "the model is larger than one ONNX file may be",
    expected: `at most ${largestModel} bytes of weights`,
    got: `${size} bytes`,
    hint: "write it with saveOnnx: its weights then lie beside it; or export it with int8 weights",
  });
}

/**
 * The model with its weights in files beside it, where it is larger than `limitBytes`; else as it is, and no file.
 * @param name of the first file; further ones are `name_1`, `name_2` …, as transformers.js looks for them
 * @param limitBytes largest weights that the model's own file holds. Default {@link largestModel}
 * @param fileBytes largest file of several tensors beside it; 0 gives each tensor its own. Default `limitBytes`
 */
export function withExternalData(
  model: OnnxModel,
  name: string,
  limitBytes: number = largestModel,
  fileBytes: number = limitBytes,
): { model: OnnxModel; files: readonly ExternalFile[] } {
  if (sizeOf(model.initializers) <= limitBytes) return { model, files: [] };
  const files: { name: string; sizeBytes: number; chunks: Uint8Array[] }[] = [];
  const initializers = model.initializers.map((tensor): OnnxTensor => {
    const size = tensor.raw.byteLength;
    if (size < smallest) return tensor;
    let last = files.at(-1);
    const gap = last ? -last.sizeBytes & (alignmentOf(size) - 1) : 0;
    if (!last || last.sizeBytes + gap + size > fileBytes) {
      last = { name: files.length ? `${name}_${files.length}` : name, sizeBytes: 0, chunks: [] };
      files.push(last);
    } else if (gap) {
      last.chunks.push(new Uint8Array(gap));
      last.sizeBytes += gap;
    }
    const offset = last.sizeBytes;
    last.chunks.push(tensor.raw);
    last.sizeBytes += size;
    return { ...tensor, external: { file: last.name, offset } };
  });
  return { model: { ...model, initializers }, files };
}
