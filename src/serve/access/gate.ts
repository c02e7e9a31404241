// Who may ask: keys and tokens, roles and quotas. Without keys and tokens everybody may, at the rate of the server.
import { timingSafeEqual } from "node:crypto";
import { refused } from "../http/errors.ts";
import type { Role } from "../http/route.ts";
import { digestOfKey, type Grant, type KeyEntry, readKeys } from "./keys.ts";
import { rateLimit } from "./rate.ts";
import { type TokenClient, type TokenOptions, tokenCheck } from "./tokens.ts";

export interface AccessOptions {
  /** File of keys: see `concord api-keys`. Default none: no key is asked for. */
  readonly keys?: string;
  /** Tokens of an identity provider. Default none. */
  readonly tokens?: TokenOptions;
  /** Requests a minute of each client: of a key without a limit of its own, or of an address. Default no limit. */
  readonly perMinute?: number;
}

/** A request as the gate sees it. */
export interface Knock {
  readonly role: Role;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Address of the client. */
  readonly from: string;
}

export interface Gate {
  /** Whether keys or tokens are asked for. */
  readonly secured: boolean;
  /**
   * Lets a request in.
   * @returns the client's name, where it has one
   * @throws with status 401 for no valid key or token, 403 where it does not allow this, 429 where the client asks too often
   */
  admit(knock: Knock, now: number): Promise<string | undefined>;
}

type Client = TokenClient & Pick<KeyEntry, "perMinute">;

const allows = (granted: readonly Grant[], role: Role): boolean =>
  granted.some((grant) => grant === role || grant === "admin" || (grant === "predict" && role === "read"));

/** Makes the gate of a server. @throws as `readKeys` and `tokenCheck` */
export async function openGate({ keys: path, tokens, perMinute }: AccessOptions = {}): Promise<Gate> {
  const keys = path === undefined ? [] : await readKeys(path);
  const check = tokens && (await tokenCheck(tokens));
  const limit = rateLimit();
  const secured = path !== undefined || check !== undefined;
  const clientOf = async (secret: string, now: number): Promise<Client> => {
    if (check && secret.split(".").length === 3) {
      const found = await check(secret);
      if ("refused" in found) throw unauthorised(found.refused);
      return found;
    }
    const key = keyOf(keys, secret);
    if (!key) throw unauthorised("the key is not known");
    if (key.expires !== undefined && Date.parse(key.expires) <= now) throw unauthorised("the key has expired");
    return key;
  };
  return {
    secured,
    async admit({ role, headers, from }, now) {
      if (role === "open") return undefined;
      if (role === "admin" && !secured) throw forbiddenWithoutKeys;
      const secret = secured ? secretIn(headers) : undefined;
      if (secured && secret === undefined) throw unauthorised("no key is given");
      const client = secret === undefined ? undefined : await clientOf(secret, now);
      if (client && !allows(client.roles, role))
        throw refused(403, {
          operation: "serve",
          problem: "the key does not allow this",
          expected: role,
          got: client.roles.join(", ") || "no role",
        });
      const most = client?.perMinute ?? perMinute;
      const wait = most === undefined ? undefined : limit(client ? `key ${client.name}` : from, most, now);
      if (wait !== undefined)
        throw refused(
          429,
          { operation: "serve", problem: "this client asks too often", expected: `at most ${most} requests a minute` },
          { retryAfterSeconds: wait / 1000 },
        );
      return client?.name;
    },
  };
}

/** A balancer on this machine would make everybody a neighbour, so being one proves nothing. */
const forbiddenWithoutKeys = refused(403, {
  operation: "serve",
  problem: "models are loaded and unloaded over the network only where keys or tokens are asked for",
  expected: "a server with --keys, and a key with the role admin",
  hint: "on the server's machine: change serve.yaml and send the process SIGHUP",
});

const unauthorised = (problem: string) =>
  refused(401, { operation: "serve", problem, expected: "Authorization: Bearer <key>, or x-api-key: <key>" });

function secretIn({ authorization, "x-api-key": own }: Knock["headers"]): string | undefined {
  const bearer = typeof authorization === "string" ? /^Bearer +(\S+)$/i.exec(authorization)?.[1] : undefined;
  return bearer ?? (typeof own === "string" ? own : undefined);
}

/** Every key is compared, in constant time. */
function keyOf(keys: readonly KeyEntry[], secret: string): KeyEntry | undefined {
  const digest = Buffer.from(digestOfKey(secret), "hex");
  let found: KeyEntry | undefined;
  for (const key of keys) if (timingSafeEqual(Buffer.from(key.digest, "hex"), digest)) found = key;
  return found;
}
