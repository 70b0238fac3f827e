/** What survives `JSON.stringify` unchanged. Everything that crosses a process boundary is one of these. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue }

/** Half of a pair of UTF-16 as JSON can hold it and strict readers of JSON refuse it. */
const halfPair = /\\u[dD][89a-fA-F]/

/**
 * The value of a JSON text that code nobody trusts had a part in; halves of pairs in its texts become U+FFFD.
 *
 * @throws SyntaxError where it is no JSON.
 */
export function parseUntrustedJson(text: string): unknown {
  if (!halfPair.test(text)) return JSON.parse(text)
  return JSON.parse(text, (_key, value: unknown) => (typeof value === 'string' ? value.toWellFormed() : value))
}
