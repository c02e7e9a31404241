// The door to Jinja: chats as the texts that a model was trained on, by the template of its tokenizer. A template comes from whoever
// published the model: it sees the messages and nothing else, and ends after a bounded number of steps.
import { Environment, Interpreter, parse, tokenize } from "@huggingface/jinja";
import { ConcordError } from "../base/index.ts";
import type { ChatMessage } from "../data/index.ts";
import type { JsonRecord } from "../formats/index.ts";
import type { Tokenizer } from "../tokenizer-files/index.ts";

/** Most characters of a template, most steps of one rendering, most characters of any text in it, most elements of a `range`. */
const most = { template: 2 ** 18, steps: 100_000, text: 2 ** 22, range: 1000 } as const;

/** For tokenizers without a template: a line a message, and after each answer the token that ends texts. */
export const plainTemplate =
  "{% for message in messages %}{{ message.role }}:\n{{ message.content }}" +
  "{% if message.role == 'assistant' %}{{ eos_token }}{% endif %}{{ '\\n\\n' }}{% endfor %}" +
  "{% if add_generation_prompt %}{{ 'assistant:\\n' }}{% endif %}";

/** What a chat becomes. */
export interface ChatTemplate {
  /**
   * The text of a chat.
   * @param open whether the assistant's next message is to follow
   * @throws E_DATA where the template refuses the messages; E_TOKENIZER where it does not end, or uses what there is not
   */
  render(messages: readonly ChatMessage[], open: boolean): string;
  readonly source: string;
}

const fault = (problem: string, got: string, cause?: unknown) =>
  new ConcordError("E_TOKENIZER", {
    operation: "chat template",
    problem,
    got: got.slice(0, 300),
    hint: "correct chat_template in tokenizer_config.json, or take it out: chats are then plain lines",
    path: "chat_template",
    cause,
  });

/**
 * The template that a tokenizer's settings have: a text, or among several the one named `default`.
 * @throws E_TOKENIZER for one that is too long or cannot be read
 */
export function chatTemplate(tokenizer: Pick<Tokenizer, "settings" | "special">): ChatTemplate | undefined {
  const source = templateIn(tokenizer.settings);
  return source === undefined ? undefined : readTemplate(source, tokenizer.special);
}

/** The template of a tokenizer, or plain lines where it has none. @throws as {@link chatTemplate} */
export const templateOf = (tokenizer: Pick<Tokenizer, "settings" | "special">): ChatTemplate =>
  chatTemplate(tokenizer) ?? readTemplate(plainTemplate, tokenizer.special);

function templateIn({ chat_template: given }: JsonRecord): string | undefined {
  if (typeof given === "string") return given;
  if (!Array.isArray(given)) return undefined;
  const named = given.find(
    (one): one is { name: string; template: string } =>
      typeof one === "object" && one !== null && "name" in one && one.name === "default",
  );
  return typeof named?.template === "string" ? named.template : undefined;
}

/** @throws E_TOKENIZER for a template that is too long or cannot be read */
export function readTemplate(source: string, special: Tokenizer["special"]): ChatTemplate {
  if (source.length > most.template) throw fault("the template is too long", `${source.length} characters`);
  const program = parsed(source);
  return {
    source,
    render(messages, open) {
      const environment = new Environment();
      const names = Object.entries(special).map(([role, token]) => [`${role}_token`, token?.token ?? ""]);
      const given = { ...Object.fromEntries(names), messages, add_generation_prompt: open, tools: null };
      for (const [name, value] of Object.entries({ ...given, ...globals })) environment.set(name, value);
      try {
        return String(limited(new Interpreter(environment)).run(program).value);
      } catch (cause) {
        if (cause instanceof ConcordError) throw cause;
        const message = cause instanceof Error ? cause.message : String(cause);
        throw fault("the template cannot be run", message, cause);
      }
    },
  };
}

function parsed(source: string) {
  try {
    return parse(tokenize(source, { lstrip_blocks: true, trim_blocks: true }));
  } catch (cause) {
    throw fault("the template cannot be read", cause instanceof Error ? cause.message : String(cause), cause);
  }
}

/** What templates may call. No clock is among it: a prompt is a function of its messages. */
const globals = {
  true: true,
  false: false,
  none: null,
  True: true,
  False: false,
  None: null,
  range(start: number, end?: number, step = 1) {
    const [from, to] = end === undefined ? [0, start] : [start, end];
    const count = Math.max(0, Math.ceil((to - from) / step));
    if (!(count <= most.range)) throw fault("the template counts too far", `range of ${count}`);
    return Array.from({ length: count }, (_, i) => from + i * step);
  },
  raise_exception(message: unknown) {
    throw new ConcordError("E_DATA", {
      operation: "chat template",
      problem: "the model's chat template refuses these messages",
      expected: "messages as the model was trained on",
      got: String(message).slice(0, 300),
    });
  },
};

/** What is used of the package's interpreter: it evaluates each part of a template by this function of itself. */
interface Runs {
  evaluate(statement: unknown, environment: unknown): { readonly value: unknown };
  run(program: unknown): { readonly value: unknown };
}

/** The interpreter, with an end: each step is counted, and each text measured. */
function limited(interpreter: Runs): Runs {
  const evaluate = interpreter.evaluate.bind(interpreter);
  let steps = 0;
  interpreter.evaluate = (statement, environment) => {
    if (++steps > most.steps) throw fault("the template does not end", `more than ${most.steps} steps`);
    const result = evaluate(statement, environment);
    if (typeof result.value === "string" && result.value.length > most.text)
      throw fault("the template writes too much", `more than ${most.text} characters`);
    return result;
  };
  return interpreter;
}
