// What a call throws, for tests of errors.
import { ConcordError, type ErrorCode } from "../src/base/index.ts";

/** The ConcordError of a call, which must have this code; anything else fails the test. */
export function fault(code: ErrorCode, action: () => unknown): ConcordError {
  try {
    action();
  } catch (error) {
    return checked(code, error);
  }
  throw new Error(`expected ${code}, but nothing was thrown`);
}

/** The same for a promise. */
export async function faultLater(code: ErrorCode, action: () => Promise<unknown>): Promise<ConcordError> {
  try {
    await action();
  } catch (error) {
    return checked(code, error);
  }
  throw new Error(`expected ${code}, but nothing was thrown`);
}

function checked(code: ErrorCode, error: unknown): ConcordError {
  if (error instanceof ConcordError && error.code === code) return error;
  throw new Error(`expected ${code}, got ${error}`, { cause: error });
}
