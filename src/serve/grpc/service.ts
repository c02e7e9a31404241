// The Open Inference Protocol, version 2, over gRPC: the same tensors and answers as over REST. The door to @grpc/grpc-js.
import { Metadata, Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData, status } from "@grpc/grpc-js";
import { type ConcordError, isConcordError } from "../../base/index.ts";
import type { Gate } from "../access/gate.ts";
import type { Models } from "../fleet/models.ts";
import { errorBody, refused, retryAfter, sentenceOf, statusOf } from "../http/errors.ts";
import { requestIdIn, routingKeyIn } from "../http/headers.ts";
import type { Role } from "../http/route.ts";
import { repositoryIndex } from "../http/routes/repository.ts";
import { modelMetadata, serverMetadata } from "../http/routes/v2.ts";
import type { ServedModel } from "../model/served.ts";
import type { CallOptions } from "../queue/dispatcher.ts";
import { infer } from "../v2/infer.ts";
import { bytesOfTensor, type Tensor, tensorOfBytes, tensorOfJson } from "../v2/tensors.ts";
import { decode, encode, type Message, messages } from "./messages.ts";

export interface GrpcOptions {
  /** Largest message in bytes. Default 4 MiB. */
  readonly bodyBytes?: number;
  readonly tls?: { readonly cert: string; readonly key: string; readonly clientCa?: string };
}

/** A gRPC server that listens. */
export interface GrpcServer {
  readonly port: number;
  /** Takes no more calls, answers those that were taken, and ends. */
  stop(): Promise<void>;
}

/** As the dispatcher takes it, and `x-routing-key` of the metadata. */
interface GrpcCall extends CallOptions {
  readonly routingKey?: string;
}

interface Method {
  readonly role: Role;
  readonly handle: (request: Message, call: GrpcCall) => Promise<Message>;
}

/**
 * Serves `inference.GRPCInferenceService`.
 * @param ready whether requests are accepted
 * @throws what the system says of the address
 */
export async function startGrpc(
  models: Models,
  ready: () => boolean,
  gate: Gate,
  { host, port }: { readonly host: string; readonly port: number },
  { bodyBytes = 4 * 2 ** 20, tls }: GrpcOptions = {},
): Promise<GrpcServer> {
  const server = new Server({ "grpc.max_receive_message_length": bodyBytes });
  const all = methods(models, ready);
  const definition = Object.fromEntries(
    Object.keys(all).map((name) => {
      const [asked, answered] = [tableOf(`${name}Request`), tableOf(`${name}Response`)];
      const path = `/inference.GRPCInferenceService/${name}`;
      const wire = {
        requestSerialize: (message: Message) => Buffer.from(encode(asked, message)),
        requestDeserialize: (bytes: Buffer) => bytes, // read by the handler, whose faults have a status
        responseSerialize: (message: Message) => Buffer.from(encode(answered, message)),
        responseDeserialize: (bytes: Buffer) => decode(answered, bytes),
      };
      return [name, { path, requestStream: false, responseStream: false, ...wire }];
    }),
  );
  const handlers = Object.fromEntries(
    Object.entries(all).map(([name, method]) => [
      name,
      (call: ServerUnaryCall<Buffer, Message>, done: sendUnaryData<Message>) =>
        void answer(name, method, gate, call, done),
    ]),
  );
  server.addService(definition, handlers);
  const address = host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
  const bound = await new Promise<number>((resolve, reject) =>
    server.bindAsync(address, credentials(tls), (error, found) => (error ? reject(error) : resolve(found))),
  );
  return {
    port: bound,
    stop: () => new Promise((resolve) => server.tryShutdown(() => resolve())),
  };
}

function credentials(tls: GrpcOptions["tls"]): ServerCredentials {
  if (!tls) return ServerCredentials.createInsecure();
  const ca = tls.clientCa === undefined ? null : Buffer.from(tls.clientCa);
  const pair = { cert_chain: Buffer.from(tls.cert), private_key: Buffer.from(tls.key) };
  return ServerCredentials.createSsl(ca, [pair], ca !== null);
}

const tableOf = (name: string) => messages[name as keyof typeof messages];

async function answer(
  name: string,
  { role, handle }: Method,
  gate: Gate,
  call: ServerUnaryCall<Buffer, Message>,
  done: sendUnaryData<Message>,
): Promise<void> {
  const left = new AbortController();
  call.on("cancelled", () => left.abort());
  try {
    const given = call.metadata.getMap();
    const headers = Object.fromEntries(Object.entries(given).map(([key, value]) => [key, String(value)]));
    await gate.admit({ role, headers, from: call.getPeer().replace(/:\d+$/, "") }, Date.now());
    const request = decode(tableOf(`${name}Request`), call.request);
    const routingKey = routingKeyIn(headers);
    done(null, await handle(request, { deadlineMs: deadlineOf(call), signal: left.signal, routingKey }));
  } catch (error) {
    const wait = retryAfter(error);
    const metadata = new Metadata();
    if (wait !== undefined) metadata.set("retry-after", String(wait));
    done({ code: codeOf(error), details: sentenceOf(errorBody(error, "", "en")), metadata });
  }
}

/** Milliseconds until the client's deadline; undefined where it named none. */
function deadlineOf(call: ServerUnaryCall<Buffer, Message>): number | undefined {
  const left = Number(call.getDeadline()) - Date.now();
  return Number.isFinite(left) ? Math.max(1, left) : undefined;
}

const codes: Readonly<Record<number, status>> = {
  400: status.INVALID_ARGUMENT,
  401: status.UNAUTHENTICATED,
  403: status.PERMISSION_DENIED,
  404: status.NOT_FOUND,
  409: status.ABORTED,
  422: status.FAILED_PRECONDITION,
  429: status.RESOURCE_EXHAUSTED,
  503: status.UNAVAILABLE,
};
const codeOf = (error: unknown): status =>
  isConcordError(error as ConcordError) ? (codes[statusOf(error)] ?? status.INTERNAL) : status.INTERNAL;

function methods(models: Models, ready: () => boolean): Readonly<Record<string, Method>> {
  const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);
  return {
    ServerLive: { role: "open", handle: async () => ({ live: true }) },
    ServerReady: { role: "open", handle: async () => ({ ready: ready() }) },
    ModelReady: {
      role: "read",
      handle: async ({ name, version }) => {
        models.get(text(name) ?? "", text(version));
        return { ready: true };
      },
    },
    ServerMetadata: { role: "read", handle: async () => serverMetadata },
    ModelMetadata: {
      role: "read",
      handle: async ({ name, version }) => modelMetadata(models.get(text(name) ?? "", text(version)), models),
    },
    RepositoryIndex: {
      role: "read",
      handle: async ({ ready: only }) => ({ models: repositoryIndex(models, only === true) }),
    },
    RepositoryModelLoad: {
      role: "admin",
      async handle(request) {
        await models.load(repositoryName(request));
        return {};
      },
    },
    RepositoryModelUnload: {
      role: "admin",
      async handle(request) {
        models.unload(repositoryName(request));
        return {};
      },
    },
    ModelInfer: {
      role: "predict",
      async handle(request, call) {
        const asked = { name: text(request.model_name) ?? "", version: text(request.model_version) };
        const key = call.routingKey ?? requestIdIn(request.id);
        return await models.use({ ...asked, key }, (model) => inferred(model, request, call));
      },
    },
  };
}

async function inferred(model: ServedModel, request: Message, call: CallOptions): Promise<Message> {
  const wanted = (request.outputs as Message[]).map(({ name }) => String(name));
  const found = await infer(model, inputsOf(request), wanted, { ...call, requestId: requestIdIn(request.id) });
  const { name, version } = model.source;
  return {
    ...{ model_name: name, model_version: version, id: request.id ?? "" },
    outputs: found.map((one) => ({ name: one.name, datatype: one.values.datatype, shape: one.shape })),
    raw_output_contents: found.map(bytesOfTensor),
  };
}

/** @throws E_ARGUMENT for parameters, which could name folders of the server */
function repositoryName({ model_name: name, parameters }: Message): string {
  const [given] = Object.keys((parameters ?? {}) as Message);
  if (given === undefined || given === "unload_dependents") return String(name ?? "");
  throw refused(400, {
    operation: "load model",
    problem: "models are loaded as the server's configuration names them",
    expected: "no parameters",
    got: given.slice(0, 60),
  });
}

/** Tensors of a request: their contents in the message, or all of them as raw bytes behind it. */
function inputsOf({ inputs, raw_input_contents: raw }: Message): Tensor[] {
  const [list, bytes] = [inputs as Message[], raw as Uint8Array[]];
  if (bytes.length > 0 && bytes.length !== list.length)
    throw refused(400, {
      operation: "infer",
      problem: "the inputs differ in number",
      expected: String(list.length),
      got: String(bytes.length),
    });
  return list.map((one, i) => {
    const head = {
      name: String(one.name ?? ""),
      datatype: String(one.datatype ?? ""),
      shape: (one.shape as (bigint | string | number)[]).map(Number),
    };
    if (bytes.length) return tensorOfBytes(head, bytes[i]!);
    const contents = (one.contents ?? {}) as Readonly<Record<string, readonly unknown[] | undefined>>;
    const {
      bytes_contents: texts = [],
      int64_contents: long = [],
      int_contents: int = [],
      fp32_contents: float = [],
    } = contents;
    if (head.datatype !== "BYTES") return tensorOfJson({ ...head, data: [...long.map(Number), ...int, ...float] });
    return tensorOfBytes(head, bytesOfTensor({ values: { datatype: "BYTES", data: texts as Uint8Array[] } }));
  });
}
