// A Python process that answers messages over a loopback socket: started, asked one message after the other, ended with this process.
// Knows frames (lengths, JSON, safetensors), no training. The socket takes one caller, who must know a random token that only the child's
// environment holds.
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes, timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { ConcordError, type HostArray } from "../../../base/index.ts";
import {
  bytesOf,
  isJsonRecord,
  type JsonRecord,
  type JsonValue,
  planSafetensors,
  readSafetensors,
} from "../../../formats/index.ts";

/** What the process answers. */
export interface Answer {
  readonly message: JsonRecord;
  readonly tensors: ReadonlyMap<string, HostArray>;
}

export interface PythonProcess {
  /** @throws E_RUNTIME when the process has ended, with what it said last */
  ask(message: object, tensors?: ReadonlyMap<string, HostArray>): Promise<Answer>;
  close(): Promise<void>;
}

/** Exit code of train.py where PyTorch cannot be imported. */
const noTorch = 43;
/** Seconds that an interpreter may take to import PyTorch and call back. */
const patience = 180;

/** The command that runs Python programs: `CONCORD_PYTHON`, words apart, such as `torchrun --nproc_per_node=2`. Default `python3`. */
export const pythonCommand = (): readonly string[] => {
  const words = (process.env.CONCORD_PYTHON ?? "").split(/\s+/).filter((word) => word !== "");
  return words.length ? words : ["python3"];
};

/** The program, beside this file. */
export const trainScript = (): string => fileURLToPath(new URL("./train.py", import.meta.url));

/**
 * Starts train.py with the user's interpreter.
 * @throws E_DEPENDENCY where there is no such interpreter, or it has no PyTorch; E_RUNTIME where it ends before it calls back
 * @example const python = await startPython(trainScript()); await python.ask({ do: "open", … }, weights);
 */
export async function startPython(
  script: string,
  command: readonly string[] = pythonCommand(),
): Promise<PythonProcess> {
  const token = randomBytes(32).toString("hex");
  const server = createServer();
  await once(server.listen(0, "127.0.0.1"), "listening");
  const port = (server.address() as AddressInfo).port;
  const child = spawn(command[0]!, [...command.slice(1), script], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, CONCORD_PORT: String(port), CONCORD_TOKEN: token, PYTHONUNBUFFERED: "1" },
  });
  const said = lastWords(child);
  const ended = new Promise<never>((_, reject) => {
    child.once("error", (cause) => reject(notStarted(command, cause)));
    child.once("exit", (code, signal) => reject(endedError(command, code, signal, said())));
  });
  ended.catch(() => {}); // awaited where somebody waits
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(endedError(command, null, null, said())), patience * 1000);
  });
  try {
    const socket = await Promise.race([callOf(server, token), ended, late]);
    return conversation(child, socket, ended);
  } catch (error) {
    child.kill("SIGKILL");
    throw error;
  } finally {
    clearTimeout(timer);
    server.close();
  }
}

/** The first connection that begins with the token; others are closed. */
function callOf(server: Server, token: string): Promise<Socket> {
  const wanted = Buffer.from(token);
  return new Promise((resolve) => {
    server.on("connection", (socket) => {
      socket.on("error", () => socket.destroy());
      let got = Buffer.alloc(0);
      const take = (chunk: Buffer) => {
        got = Buffer.concat([got, chunk]);
        if (got.length < wanted.length) return;
        socket.off("data", take).pause();
        if (got.length > wanted.length || !timingSafeEqual(got, wanted))
          socket.destroy(); // it waits to be asked
        else resolve(socket);
      };
      socket.on("data", take);
    });
  });
}

function conversation(child: ChildProcess, socket: Socket, ended: Promise<never>): PythonProcess {
  socket.setNoDelay(true);
  const frames = framesOf(socket);
  let last: Promise<unknown> = Promise.resolve();
  const killed = () => void child.kill("SIGKILL");
  process.once("exit", killed);
  return {
    ask(message, tensors = new Map()) {
      const asked = last.then(async () => {
        await Promise.race([send(socket, message, tensors), ended]);
        return await Promise.race([frames(), ended]).catch(async (error: unknown) => {
          await Promise.race([ended, sleep(2000)]); // how it ended says more than that its socket did
          throw error;
        });
      });
      last = asked.catch(() => {});
      return asked;
    },
    async close() {
      process.off("exit", killed);
      await send(socket, { do: "close" }, new Map()).catch(() => {});
      const gone = ended.catch(() => {});
      const timer = setTimeout(killed, 5000);
      await gone;
      clearTimeout(timer);
      socket.destroy();
    },
  };
}

async function send(socket: Socket, message: object, tensors: ReadonlyMap<string, HostArray>): Promise<void> {
  const text = Buffer.from(JSON.stringify(message));
  const plan = tensors.size ? planSafetensors(tensors) : undefined;
  const head = Buffer.alloc(12);
  head.writeUInt32LE(text.length, 0);
  head.writeBigUInt64LE(BigInt(plan?.sizeBytes ?? 0), 4);
  socket.write(Buffer.concat([head, text]));
  for (const part of plan ? [plan.head, ...plan.parts.map(({ tensor }) => bytesOf(tensor))] : [])
    if (!socket.write(part)) await Promise.race([once(socket, "drain"), once(socket, "close")]);
}

/** Reads one answer after the other. @throws E_RUNTIME when the socket ends within one */
function framesOf(socket: Socket): () => Promise<Answer> {
  const bytes = socket[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let held: Buffer = Buffer.alloc(0);
  const take = async (size: number): Promise<Buffer> => {
    const parts: Buffer[] = [held];
    let length = held.length;
    while (length < size) {
      const { value, done } = await bytes.next();
      if (done) throw broken();
      parts.push(value);
      length += value.length;
    }
    const all = parts.length === 1 ? held : Buffer.concat(parts);
    held = all.subarray(size);
    return all.subarray(0, size);
  };
  return async () => {
    const head = await take(12);
    const message = JSON.parse((await take(head.readUInt32LE(0))).toString()) as JsonValue;
    const body = await take(Number(head.readBigUInt64LE(4)));
    if (!isJsonRecord(message)) throw broken();
    const tensors = body.length ? readSafetensors(new Uint8Array(body), "what PyTorch sent").tensors : new Map();
    return { message, tensors };
  };
}

const broken = () =>
  new ConcordError("E_RUNTIME", {
    operation: "train with PyTorch",
    problem: "the Python process broke off its answer",
  });

/** The last lines that a process printed. */
function lastWords(child: ChildProcess): () => string {
  let text = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (chunk: Buffer) => {
      text = (text + chunk.toString()).slice(-4000);
    });
  return () => text.trim().split("\n").slice(-6).join("\n");
}

const notStarted = (command: readonly string[], cause: Error) =>
  new ConcordError("E_DEPENDENCY", {
    operation: "train with PyTorch",
    problem: `${command[0]} cannot be started`,
    expected: "a Python interpreter that has torch",
    hint: "name it in the environment: CONCORD_PYTHON=/path/to/python, or train here: adapt.engine: concord",
    cause,
  });

function endedError(
  command: readonly string[],
  code: number | null,
  signal: NodeJS.Signals | null,
  said: string,
): ConcordError {
  const shared = { operation: "train with PyTorch", got: said || undefined };
  if (code === noTorch)
    return new ConcordError("E_DEPENDENCY", {
      ...shared,
      problem: `${command.join(" ")} has no PyTorch`,
      expected: "a Python interpreter that has torch",
      hint: "pip install torch, or name another interpreter: CONCORD_PYTHON=/path/to/python",
    });
  const how = signal
    ? `was ended by ${signal}`
    : code === null
      ? `did not call back in ${patience} s`
      : `ended with code ${code}`;
  return new ConcordError("E_RUNTIME", {
    ...shared,
    problem: `the Python process ${how}`,
    hint: "the last checkpoint is intact: run the same command again to go on from it",
  });
}
