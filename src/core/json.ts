/** What survives `JSON.stringify` unchanged. Everything that crosses a process boundary is one of these. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue }

/** Is a text JSON? Its value may be anything, a number by itself as well. */
export function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

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

/**
 * Characters that JSON may hold as they are and a terminal or a viewer of logs acts on: DEL, the C1 controls, line and
 * paragraph separators, a byte order mark, and the marks that turn the direction of text around.
 */
const active = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g

/**
 * JSON that means the same and is safe to look at: active characters stand as escapes. Outside its strings JSON has
 * ASCII alone, so every one of them is inside a string.
 */
export function inertJson(json: string): string {
  return json.replaceAll(active, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
