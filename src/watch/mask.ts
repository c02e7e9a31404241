// Masks private details that have a shape of their own: e-mail and web addresses, telephone, identity and card numbers. Names and places
// written in words stay, so a captured text is still private data.

const shapes: readonly (readonly [RegExp, string])[] = [
  [/[\p{L}\p{N}._%+-]+@[\p{L}\p{N}.-]+\.\p{L}{2,}/gu, "[email]"],
  [/\b(?:https?:\/\/|www\.)\S+/giu, "[url]"],
  [/\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b/gu, "[account]"],
  [/(?<!\d)(?:\+?\d[\d ().-]{5,}\d[Xx]?)(?!\d)/gu, "[number]"],
];

/**
 * A text with such details replaced by their kind.
 * @example maskPrivate("call 0171 234 5678 or ann@example.org") // "call [number] or [email]"
 */
export const maskPrivate = (text: string): string =>
  shapes.reduce((masked, [shape, kind]) => masked.replace(shape, kind), text.normalize("NFKC"));
