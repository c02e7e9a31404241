// Messages of the Open Inference Protocol's gRPC service (grpc_predict_v2.proto), as plain objects and as bytes. One table of fields for each
// message: what it does not name is skipped when read. The door to protobuf's wire format for this room.
import { BinaryReader, BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { ConcordError } from "../../base/index.ts";

type Scalar = "string" | "bool" | "int32" | "uint32" | "int64" | "uint64" | "float" | "double" | "bytes";
/** `[number, type]`, a list with `many`; a message by its table; `map` of names to messages. */
interface Field {
  readonly no: number;
  readonly type: Scalar | MessageTable;
  readonly many?: boolean;
  readonly map?: boolean;
}
export interface MessageTable {
  readonly [name: string]: Field;
}
export type Message = Record<string, unknown>;

const parameter: MessageTable = {
  bool_param: { no: 1, type: "bool" },
  int64_param: { no: 2, type: "int64" },
  string_param: { no: 3, type: "string" },
};
const parameters = (no: number): Field => ({ no, type: parameter, map: true });
const contents: MessageTable = {
  bool_contents: { no: 1, type: "bool", many: true },
  int_contents: { no: 2, type: "int32", many: true },
  int64_contents: { no: 3, type: "int64", many: true },
  uint_contents: { no: 4, type: "uint32", many: true },
  uint64_contents: { no: 5, type: "uint64", many: true },
  fp32_contents: { no: 6, type: "float", many: true },
  fp64_contents: { no: 7, type: "double", many: true },
  bytes_contents: { no: 8, type: "bytes", many: true },
};
const tensor: MessageTable = {
  name: { no: 1, type: "string" },
  datatype: { no: 2, type: "string" },
  shape: { no: 3, type: "int64", many: true },
  parameters: parameters(4),
  contents: { no: 5, type: contents },
};
const tensorMetadata: MessageTable = {
  name: { no: 1, type: "string" },
  datatype: { no: 2, type: "string" },
  shape: { no: 3, type: "int64", many: true },
};
const named: MessageTable = { name: { no: 1, type: "string" }, version: { no: 2, type: "string" } };

/** Its parameters are not read: whose they are would name folders and settings of the server. */
const repositoryModel: MessageTable = {
  repository_name: { no: 1, type: "string" },
  model_name: { no: 2, type: "string" },
  parameters: { no: 3, type: {}, map: true },
};

/** Every message by its name in the protocol. */
export const messages = {
  ServerLiveRequest: {},
  ServerLiveResponse: { live: { no: 1, type: "bool" } },
  ServerReadyRequest: {},
  ServerReadyResponse: { ready: { no: 1, type: "bool" } },
  ModelReadyRequest: named,
  ModelReadyResponse: { ready: { no: 1, type: "bool" } },
  ServerMetadataRequest: {},
  ServerMetadataResponse: {
    name: { no: 1, type: "string" },
    version: { no: 2, type: "string" },
    extensions: { no: 3, type: "string", many: true },
  },
  ModelMetadataRequest: named,
  ModelMetadataResponse: {
    name: { no: 1, type: "string" },
    versions: { no: 2, type: "string", many: true },
    platform: { no: 3, type: "string" },
    inputs: { no: 4, type: tensorMetadata, many: true },
    outputs: { no: 5, type: tensorMetadata, many: true },
  },
  ModelInferRequest: {
    model_name: { no: 1, type: "string" },
    model_version: { no: 2, type: "string" },
    id: { no: 3, type: "string" },
    parameters: parameters(4),
    inputs: { no: 5, type: tensor, many: true },
    outputs: { no: 6, type: { name: { no: 1, type: "string" }, parameters: parameters(2) }, many: true },
    raw_input_contents: { no: 7, type: "bytes", many: true },
  },
  RepositoryIndexRequest: { repository_name: { no: 1, type: "string" }, ready: { no: 2, type: "bool" } },
  RepositoryIndexResponse: {
    models: {
      no: 1,
      many: true,
      type: {
        name: { no: 1, type: "string" },
        version: { no: 2, type: "string" },
        state: { no: 3, type: "string" },
        reason: { no: 4, type: "string" },
      },
    },
  },
  RepositoryModelLoadRequest: repositoryModel,
  RepositoryModelLoadResponse: {},
  RepositoryModelUnloadRequest: repositoryModel,
  RepositoryModelUnloadResponse: {},
  ModelInferResponse: {
    model_name: { no: 1, type: "string" },
    model_version: { no: 2, type: "string" },
    id: { no: 3, type: "string" },
    parameters: parameters(4),
    outputs: { no: 5, type: tensor, many: true },
    raw_output_contents: { no: 6, type: "bytes", many: true },
  },
} as const satisfies Readonly<Record<string, MessageTable>>;

const wireTypes: Readonly<Record<Scalar, WireType>> = {
  string: WireType.LengthDelimited,
  bytes: WireType.LengthDelimited,
  bool: WireType.Varint,
  int32: WireType.Varint,
  uint32: WireType.Varint,
  int64: WireType.Varint,
  uint64: WireType.Varint,
  float: WireType.Bit32,
  double: WireType.Bit64,
};

/** Bytes of a message. Fields that are undefined are left out. @example encode(messages.ServerLiveResponse, { live: true }) */
export function encode(table: MessageTable, message: Message): Uint8Array {
  const writer = new BinaryWriter();
  for (const [name, field] of Object.entries(table)) {
    const value = message[name];
    if (value === undefined) continue;
    if (field.map)
      for (const [key, one] of Object.entries(value as Message)) {
        writer.tag(field.no, WireType.LengthDelimited).fork().tag(1, WireType.LengthDelimited).string(key);
        writer
          .tag(2, WireType.LengthDelimited)
          .bytes(encode(field.type as MessageTable, one as Message))
          .join();
      }
    else if (field.many) writeMany(writer, field, value as readonly unknown[]);
    else writeOne(writer, field, value);
  }
  return writer.finish();
}

function writeMany(writer: BinaryWriter, { no, type }: Field, values: readonly unknown[]): void {
  if (typeof type === "string" && wireTypes[type] !== WireType.LengthDelimited) {
    if (!values.length) return;
    writer.tag(no, WireType.LengthDelimited).fork(); // numbers are packed
    for (const value of values) write(writer, type, value);
    writer.join();
  } else for (const value of values) writeOne(writer, { no, type }, value);
}

function writeOne(writer: BinaryWriter, { no, type }: Field, value: unknown): void {
  if (typeof type === "string") {
    writer.tag(no, wireTypes[type]);
    write(writer, type, value);
  } else writer.tag(no, WireType.LengthDelimited).bytes(encode(type, value as Message));
}

const write = (writer: BinaryWriter, type: Scalar, value: unknown): void => void writer[type](value as never);

/** A message of bytes; lists that are missing are empty, other fields that are missing absent. @throws E_FORMAT for bytes that are none */
export function decode(table: MessageTable, bytes: Uint8Array): Message {
  try {
    return read(table, new BinaryReader(bytes), bytes.length, 0);
  } catch (cause) {
    throw new ConcordError("E_FORMAT", { operation: "read message", problem: "the bytes are not the message", cause });
  }
}

function read(table: MessageTable, reader: BinaryReader, end: number, depth: number): Message {
  if (depth > 8) throw new RangeError("nested too deep");
  const fields = new Map(Object.entries(table).map(([name, field]) => [field.no, { name, field }]));
  const message: Message = {};
  for (const [name, field] of Object.entries(table))
    if (field.map) message[name] = Object.create(null);
    else if (field.many) message[name] = [];
  while (reader.pos < end) {
    const [no, wire] = reader.tag();
    const known = fields.get(no);
    if (!known) {
      reader.skip(wire, no);
      continue;
    }
    const { name, field } = known;
    const { type, many, map } = field;
    if (map) readEntry(message[name] as Message, type as MessageTable, reader, depth);
    else if (many && typeof type === "string" && wire === WireType.LengthDelimited && wireTypes[type] !== wire) {
      const stop = reader.uint32() + reader.pos;
      while (reader.pos < stop) (message[name] as unknown[]).push(reader[type]());
    } else {
      if (wire !== (typeof type === "string" ? wireTypes[type] : WireType.LengthDelimited))
        throw new RangeError("another wire type");
      const value = typeof type === "string" ? reader[type]() : nested(type, reader, depth);
      if (many) (message[name] as unknown[]).push(value);
      else message[name] = value;
    }
  }
  if (reader.pos > end) throw new RangeError("a field is longer than its message");
  return message;
}

function nested(table: MessageTable, reader: BinaryReader, depth: number): Message {
  const length = reader.uint32();
  if (reader.pos + length > reader.len) throw new RangeError("a message is longer than what holds it");
  return read(table, reader, reader.pos + length, depth + 1);
}

function readEntry(map: Message, type: MessageTable, reader: BinaryReader, depth: number): void {
  const { key = "", value = {} } = nested({ key: { no: 1, type: "string" }, value: { no: 2, type } }, reader, depth);
  map[key as string] = value;
}
