/**
 * Characters that JSON may hold as they are and a terminal or a reader of a log acts on: DEL, the C1 controls, line and
 * paragraph separators, and the marks that turn the direction of text around.
 */
const active = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g

/** A value as one line of JSON that is safe to look at: active characters stand as escapes, which mean the same. */
export function jsonLine(value: unknown): string {
  const text = JSON.stringify(value)
  // Outside its strings JSON has ASCII alone, so every match is inside one.
  return `${text.replaceAll(active, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`
}
