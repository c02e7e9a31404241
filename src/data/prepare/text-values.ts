// Texts and single values out of fields of any kind: chats become one text, lists of words are joined, objects are never "[object Object]".
// Pure.
import { joinWords } from "../tagging/words.ts";

/**
 * The text that a field holds: a string, a number, true or false, words in a list (joined), or a chat
 * (`[{"role": "user", "content": "hi"}]` is `user: hi`, a line a message).
 * @returns undefined for what is no text, and for nothing
 */
export function textIn(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return Number.isNaN(value) ? undefined : String(value);
  if (!Array.isArray(value) || value.length === 0) return undefined;
  if (value.every((one) => typeof one === "string")) return joinWords(value).text;
  const messages = value.map(messageText);
  return messages.every((one) => one !== undefined) ? messages.join("\n") : undefined;
}

/** True for a list of messages with roles. */
export const isChat = (value: unknown): boolean => messagesIn(value) !== undefined;

/** A message of a chat. */
export interface ChatMessage {
  /** `system`, `user`, `assistant` or another name that a chat template knows. */
  readonly role: string;
  readonly content: string;
}

/** Names that ShareGPT has for roles. */
const roles: Readonly<Record<string, string>> = { human: "user", gpt: "assistant" };

/** The messages of a chat, by the roles that chat templates know; undefined for what is no chat. */
export function messagesIn(value: unknown): ChatMessage[] | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const messages = value.flatMap((one: unknown): ChatMessage[] => {
    const message = messageIn(one);
    return message ? [message] : [];
  });
  return messages.length === value.length ? messages : undefined;
}

/** `{"role", "content"}` as chat models have it, or `{"from", "value"}` of ShareGPT. */
function messageIn(message: unknown): ChatMessage | undefined {
  if (typeof message !== "object" || message === null) return undefined;
  const of = message as Readonly<Record<string, unknown>>;
  const [role, content] = [of.role ?? of.from, contentText(of.content ?? of.value)];
  if (typeof role !== "string" || content === undefined) return undefined;
  return { role: Object.hasOwn(roles, role) ? roles[role]! : role, content };
}

/** As a line of a text that is read, with the role that the data has. */
function messageText(message: unknown): string | undefined {
  const read = messageIn(message);
  if (!read) return undefined;
  const { role, from } = message as Readonly<Record<string, unknown>>;
  return `${String(role ?? from)}: ${read.content}`;
}

/** A message's text, or the texts of its parts. */
function contentText(content: unknown): string | undefined {
  if (typeof content === "string") return content;
  if (content === null) return "";
  if (!Array.isArray(content)) return undefined;
  return content
    .flatMap((part: unknown) =>
      typeof part === "object" && part !== null && "text" in part && typeof part.text === "string" ? [part.text] : [],
    )
    .join(" ");
}

/** A value of a group or an attribute as text; an object or a list as JSON. */
export const plainText = (value: unknown): string =>
  typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);

/** A value for an error, shortened. */
export const shownValue = (value: unknown): string =>
  value === undefined || value === null ? "nothing" : (JSON.stringify(value) ?? String(value)).slice(0, 60);
