// Tokens of an identity provider (OIDC, JWT): signature, issuer, audience and time are checked. The door to jose.
import { readFile } from "node:fs/promises";
import { createLocalJWKSet, createRemoteJWKSet, errors, type JSONWebKeySet, jwtVerify } from "jose";
import { ConcordError } from "../../base/index.ts";
import { ioError } from "../../formats/node/index.ts";
import { type Grant, grants } from "./keys.ts";

export interface TokenOptions {
  /** `iss` of tokens. */
  readonly issuer: string;
  /** `aud` of tokens: this server's name at the provider. */
  readonly audience: string;
  /** Address or file of the provider's keys (JWKS). */
  readonly jwks: string;
  /** Claim that holds the roles: a list, or words with spaces between. Default `roles`. */
  readonly claim?: string;
}

/** A client that a token names. */
export interface TokenClient {
  readonly name: string;
  readonly roles: readonly Grant[];
}

/** Only signatures by a key pair: a secret that both sides know, or none, would let anybody forge tokens. */
const algorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"];

/**
 * Makes a check of tokens.
 * @returns a function that gives the client, or why the token is refused
 * @throws E_IO, E_CONFIG for a file of keys that cannot be used
 */
export async function tokenCheck({ issuer, audience, jwks, claim = "roles" }: TokenOptions) {
  const keys = /^https?:/.test(jwks)
    ? createRemoteJWKSet(new URL(jwks), { timeoutDuration: 5000 })
    : createLocalJWKSet(await localKeys(jwks));
  return async (token: string): Promise<TokenClient | { readonly refused: string }> => {
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer,
        audience,
        algorithms,
        requiredClaims: ["exp", "sub"],
        clockTolerance: 5,
      });
      const given = payload[claim];
      const named = Array.isArray(given) ? given : typeof given === "string" ? given.split(" ") : [];
      return { name: String(payload.sub), roles: grants.filter((grant) => named.includes(grant)) };
    } catch (error) {
      if (error instanceof errors.JWTExpired) return { refused: "the token has expired" };
      return { refused: "the token is not valid" };
    }
  };
}

async function localKeys(path: string): Promise<JSONWebKeySet> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw ioError(cause, "read keys", path);
  });
  try {
    const value = JSON.parse(text) as JSONWebKeySet;
    if (Array.isArray(value.keys)) return value;
  } catch {
    // said below
  }
  throw new ConcordError("E_CONFIG", {
    operation: "read keys",
    problem: "not a set of keys (JWKS)",
    expected: '{ "keys": […] }',
    path,
  });
}
