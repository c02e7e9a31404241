// TensorBoard event files: TFRecords (length, masked CRC, data, masked CRC) of tensorflow.Event messages, of which only the
// few fields of a scalar are written (tensorflow/core/util/event.proto, framework/summary.proto).
import { maskedCrc32c } from "./crc32c.ts";

/** One value of one curve. */
export interface TrackedPoint {
  /** `adapt/loss` */
  readonly tag: string;
  readonly step: number;
  readonly value: number;
}

/** What trackers are told of a run. */
export interface TrackedRun {
  readonly name: string;
  /** Settings by dotted name, as text. */
  readonly settings: Readonly<Record<string, string>>;
  /** In the order of the curves. */
  readonly points: readonly TrackedPoint[];
  /** Milliseconds since 1970: when training ended. Single steps keep no time of their own, so all points carry this one. */
  readonly timeMs: number;
  /** Other facts: versions, task. */
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * Bytes of an event file. TensorBoard shows files whose name holds `tfevents`.
 * @example await writeFile("events.out.tfevents.0.concord", eventFile(run));
 */
export function eventFile({ points, timeMs }: Pick<TrackedRun, "points" | "timeMs">): Uint8Array {
  const time = timeMs / 1000;
  const head = joined([double(1, time), text(3, "brain.Event:2")]);
  const events = points.map(({ tag, step, value }) => {
    const scalar = message(1, joined([text(1, tag), float(2, value)])); // Summary.value
    return joined([double(1, time), varintField(2, step), message(5, scalar)]);
  });
  return joined([head, ...events].map(record));
}

/** One TFRecord. */
function record(data: Uint8Array): Uint8Array {
  const out = new Uint8Array(16 + data.length);
  const view = new DataView(out.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, maskedCrc32c(out.subarray(0, 8)), true);
  out.set(data, 12);
  view.setUint32(12 + data.length, maskedCrc32c(data), true);
  return out;
}

/** Little-endian groups of seven bits. @param n 0 … 2⁵³ */
function varint(n: number): number[] {
  const bytes: number[] = [];
  for (let rest = n; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest % 128) | 128);
  }
}

const [asVarint, asDouble, asBytes, asFloat] = [0, 1, 2, 5];
const key = (field: number, wire: number): number => (field << 3) | wire;
const varintField = (field: number, n: number): Uint8Array => Uint8Array.from([key(field, asVarint), ...varint(n)]);
const message = (field: number, data: Uint8Array): Uint8Array =>
  joined([Uint8Array.from([key(field, asBytes), ...varint(data.length)]), data]);
const text = (field: number, value: string): Uint8Array => message(field, new TextEncoder().encode(value));

function double(field: number, value: number): Uint8Array {
  const out = new Uint8Array(9);
  out[0] = key(field, asDouble);
  new DataView(out.buffer).setFloat64(1, value, true);
  return out;
}

function float(field: number, value: number): Uint8Array {
  const out = new Uint8Array(5);
  out[0] = key(field, asFloat);
  new DataView(out.buffer).setFloat32(1, value, true);
  return out;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
