/** Both are of ECMAScript's JSON.parse source text access, which the library of types does not have yet. */
type ParseWithSource = (
  text: string,
  revive: (name: string, value: unknown, context: { readonly source?: string }) => unknown,
) => unknown
const parseWithSource = JSON.parse as ParseWithSource
const { rawJSON } = JSON as unknown as { readonly rawJSON: (text: string) => unknown }

/**
 * The value of a text of JSON, to be written again: each number that JSON.stringify would write in another way, such as one of more
 * digits than a double has, stands there as it was written. Throws a SyntaxError for what is no JSON.
 */
export function parseAsWritten(text: string): unknown {
  return parseWithSource(text, (_name, each, { source }) =>
    typeof each === 'number' && source !== undefined && source !== String(each) ? rawJSON(source) : each,
  )
}
