// The cryptography that a round is built on, as an interface: the room itself holds no key, no randomness and no machine.

/** Standard primitives. Every key is 32 bytes and has full entropy. */
export interface Primitives {
  /** SHA-256, 32 bytes. */
  sha256(bytes: Uint8Array): Uint8Array;
  /** HKDF-SHA-256 (RFC 5869), 32 bytes. */
  hkdf(secret: Uint8Array, salt: Uint8Array, info: Uint8Array): Uint8Array;
  /** Public key of an X25519 private key (RFC 7748). */
  publicKey(secret: Uint8Array): Uint8Array;
  /** X25519. @throws E_SIGNATURE for a public key of low order */
  agree(secret: Uint8Array, publicKey: Uint8Array): Uint8Array;
  /** Keystream of AES-256-CTR from counter 0 as little-endian words, in pieces. */
  keystream(key: Uint8Array, words: number): Iterable<Uint32Array>;
  /** AES-256-GCM with a zero nonce: a key seals one box. The tag is the last 16 bytes. */
  seal(key: Uint8Array, plain: Uint8Array, bound: Uint8Array): Uint8Array;
  /** @returns undefined where the box was not sealed with this key over this context */
  open(key: Uint8Array, box: Uint8Array, bound: Uint8Array): Uint8Array | undefined;
  /** Ed25519 (RFC 8032) over a public key in SPKI form. False for anything that is not its signature. */
  verify(spki: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
}

/** Who a party is: its name in the study, and what signs for it. */
export interface Identity {
  readonly name: string;
  /** Ed25519 over bytes. */
  sign(message: Uint8Array): Uint8Array;
}
