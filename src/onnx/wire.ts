// ONNX models as plain data, and their protobuf bytes (onnx.proto of ONNX 1.16; field numbers below). Knows no graph.
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";

/** onnx.proto TensorProto.DataType. */
export const elementTypes = {
  float32: 1,
  uint8: 2,
  int8: 3,
  uint16: 4,
  int16: 5,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  float64: 11,
  bfloat16: 16,
} as const;

export interface OnnxTensor {
  readonly name: string;
  readonly elementType: number;
  readonly dims: readonly number[];
  /** Little-endian elements. */
  readonly raw: Uint8Array;
  /** Where the elements lie beside the model, when they are not in it. Bytes. */
  readonly external?: { readonly file: string; readonly offset: number };
}
export interface OnnxValueInfo {
  readonly name: string;
  readonly elementType: number;
  readonly dims: readonly (number | string)[];
}
export type OnnxAttribute =
  | number
  | { readonly float: number }
  | string
  | readonly number[]
  | { readonly floats: readonly number[] }
  | OnnxTensor;
export interface OnnxNode {
  readonly op: string;
  readonly domain: string;
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, OnnxAttribute>>;
}
export interface OnnxModel {
  readonly irVersion: number;
  readonly opsets: Readonly<Record<string, number>>;
  readonly producer: string;
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly OnnxTensor[];
  readonly inputs: readonly OnnxValueInfo[];
  readonly outputs: readonly OnnxValueInfo[];
  readonly metadata: Readonly<Record<string, string>>;
}

type Body = (w: BinaryWriter) => void;
const message = (w: BinaryWriter, field: number, body: Body) => {
  w.tag(field, WireType.LengthDelimited).fork();
  body(w);
  w.join();
};
const text = (w: BinaryWriter, field: number, value: string) => w.tag(field, WireType.LengthDelimited).string(value);
const int = (w: BinaryWriter, field: number, value: number) => w.tag(field, WireType.Varint).int64(value);

function tensor(w: BinaryWriter, t: OnnxTensor): void {
  for (const d of t.dims) int(w, 1, d);
  int(w, 2, t.elementType);
  text(w, 8, t.name);
  if (!t.external) {
    w.tag(9, WireType.LengthDelimited).bytes(t.raw);
    return;
  }
  const place = { location: t.external.file, offset: `${t.external.offset}`, length: `${t.raw.byteLength}` };
  for (const [key, value] of Object.entries(place))
    message(w, 13, (m) => {
      text(m, 1, key);
      text(m, 2, value);
    });
  int(w, 14, 1); // TensorProto.DataLocation.EXTERNAL
}

function attribute(w: BinaryWriter, name: string, value: OnnxAttribute): void {
  text(w, 1, name);
  const kind = (type: number) => int(w, 20, type);
  if (typeof value === "number") {
    int(w, 3, value);
    kind(2);
  } else if (typeof value === "string") {
    text(w, 4, value);
    kind(3);
  } else if ("float" in value) {
    w.tag(2, WireType.Bit32).float(value.float);
    kind(1);
  } else if ("floats" in value) {
    for (const f of value.floats) w.tag(7, WireType.Bit32).float(f);
    kind(6);
  } else if ("raw" in value) {
    message(w, 5, (m) => tensor(m, value));
    kind(4);
  } else {
    for (const i of value) int(w, 8, i);
    kind(7);
  }
}

function valueInfo(w: BinaryWriter, v: OnnxValueInfo): void {
  text(w, 1, v.name);
  message(w, 2, (type) =>
    message(type, 1, (t) => {
      int(t, 1, v.elementType);
      message(t, 2, (shape) => {
        for (const d of v.dims) message(shape, 1, (m) => (typeof d === "number" ? int(m, 1, d) : text(m, 2, d)));
      });
    }),
  );
}

function node(w: BinaryWriter, n: OnnxNode): void {
  for (const i of n.inputs) text(w, 1, i);
  for (const o of n.outputs) text(w, 2, o);
  text(w, 3, n.name);
  text(w, 4, n.op);
  for (const [name, value] of Object.entries(n.attributes)) message(w, 5, (m) => attribute(m, name, value));
  if (n.domain) text(w, 7, n.domain);
}

/** Bytes of a model. */
export function writeOnnx(model: OnnxModel): Uint8Array {
  const w = new BinaryWriter();
  int(w, 1, model.irVersion);
  text(w, 2, model.producer);
  message(w, 7, (g) => {
    for (const n of model.nodes) message(g, 1, (m) => node(m, n));
    text(g, 2, "concord");
    for (const t of model.initializers) message(g, 5, (m) => tensor(m, t));
    for (const v of model.inputs) message(g, 11, (m) => valueInfo(m, v));
    for (const v of model.outputs) message(g, 12, (m) => valueInfo(m, v));
  });
  for (const [domain, version] of Object.entries(model.opsets))
    message(w, 8, (m) => {
      text(m, 1, domain);
      int(m, 2, version);
    });
  for (const [key, value] of Object.entries(model.metadata))
    message(w, 14, (m) => {
      text(m, 1, key);
      text(m, 2, value);
    });
  return w.finish();
}
