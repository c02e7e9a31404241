// Rows of CoNLL columns: sentences between empty lines. Which column is the word and which its tag is seen at the file's beginning.
import { ConcordError } from "../../base/index.ts";
import { placeOf, type SourceRow } from "../../data/index.ts";
import { conllLayout, isComment, wordAndTag } from "../conll-layout.ts";
import { linesOf } from "./csv-rows.ts";

const linesSeen = 2000;

/** `-DOCSTART-` lines and comments are left out. @param open the text from its beginning; its first lines are read twice */
export async function* conllRows(
  open: () => AsyncGenerator<string>,
  file: string,
  onGuess?: (guess: string) => void,
): AsyncGenerator<SourceRow> {
  const head: string[] = [];
  for await (const text of linesOf(open())) {
    head.push(text);
    if (head.length === linesSeen) break;
  }
  const layout = conllLayout(head);
  if (layout.unusual) onGuess?.(`${file}: ${layout.unusual}`);
  let line = 0;
  let begins = 0;
  let [tokens, tags]: [string[], string[]] = [[], []];
  const sentence = (): SourceRow[] => {
    const whole = tokens.length ? [{ file, line: begins, fields: { tokens, tags } }] : [];
    [tokens, tags] = [[], []];
    return whole;
  };
  for await (const text of linesOf(open())) {
    line++;
    if (text.trim() === "" || /^-DOCSTART-/.test(text)) {
      yield* sentence();
      continue;
    }
    if (isComment(text, layout)) continue;
    const found = wordAndTag(text, layout);
    if (!found)
      throw new ConcordError("E_DATA", {
        operation: "read data",
        problem: "a line lacks the word or its tag",
        expected: `${layout.columns} columns: the word is number ${layout.word + 1}, its tag number ${layout.tag + 1}; or an empty line between sentences`,
        got: JSON.stringify(text.slice(0, 80)),
        hint: "complete the line, or leave it out",
        path: placeOf({ file, line }),
      });
    if (tokens.length === 0) begins = line;
    tokens.push(found.word);
    tags.push(found.tag);
  }
  yield* sentence();
}
