// Options that say how a table is written, where its bytes do not tell, or a recipe tells of another table.
import { decimalMarks, nearestName } from "../base/index.ts";
import type { TableWriting } from "../recipe/index.ts";
import { encodings } from "../tables/index.ts";
import { argumentError } from "./context.ts";

export interface ReadingOptions {
  readonly encoding?: string;
  readonly delimiter?: string;
  readonly decimal?: string;
  readonly sheet?: string;
}

/**
 * @param table undefined: none is read
 * @param named the option that names it
 * @throws E_ARGUMENT for options of a table that is not there; as {@link writingOf}
 */
export function tableWriting(table: string | undefined, named: string, options: ReadingOptions): TableWriting {
  const extra = (["encoding", "delimiter", "decimal", "sheet"] as const).find((name) => options[name] !== undefined);
  if (extra === undefined || table !== undefined) return writingOf(options);
  throw argumentError(`--${extra}`, { problem: "there is no table that it is of", expected: named });
}

/** @throws E_ARGUMENT for an encoding that is not read, a delimiter that is no single sign, a mark that begins no fraction */
export function writingOf({ encoding, delimiter, decimal, sheet }: ReadingOptions): TableWriting {
  const sign = delimiter === "\\t" || delimiter === "tab" ? "\t" : delimiter;
  if (sign !== undefined && (sign.length !== 1 || /["\r\n]/.test(sign)))
    throw argumentError("--delimiter", { problem: "not a single sign", expected: ", ; | or tab", got: sign });
  return {
    encoding: oneOf("--encoding", "there is no such encoding", encodings, encoding?.toLowerCase()),
    delimiter: sign,
    sheet,
    decimal: oneOf("--decimal", "not a mark before decimals", decimalMarks, decimal),
  };
}

function oneOf<Name extends string>(
  option: string,
  problem: string,
  names: readonly Name[],
  given: string | undefined,
): Name | undefined {
  const known = names.find((name) => name === given);
  if (known !== undefined || given === undefined) return known;
  const near = nearestName(given, names);
  throw argumentError(option, {
    problem,
    expected: names.join(names.length > 2 ? ", " : " or "),
    got: given,
    hint: near && `did you mean ${near}?`,
  });
}
