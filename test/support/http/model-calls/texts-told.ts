/** Members under which clients tell of texts, whole ones and pieces. */
const textMembers: ReadonlySet<string> = new Set([
  'args',
  'arguments',
  'content',
  'delta',
  'input',
  'partial_json',
  'reasoning',
  'refusal',
  'signature',
  'text',
  'thinking',
  'textDelta',
  'inputTextDelta',
  'output_text',
])

/**
 * The texts that a client tells, put together by the member that they stand under and the number of what they are of: however
 * they come in pieces, the same.
 */
export function textsTold(told: unknown): Readonly<Record<string, string>> {
  const texts: Record<string, string> = {}
  const visit = (value: unknown, member: string, of: string): void => {
    if (typeof value === 'string' && textMembers.has(member)) {
      texts[`${member}${of}`] = (texts[`${member}${of}`] ?? '') + value
    } else if (Array.isArray(value)) {
      for (const each of value) visit(each, member, of)
    } else if (typeof value === 'object' && value !== null) {
      const { index, output_index: place = index } = value as {
        readonly index?: unknown
        readonly output_index?: unknown
      }
      const inner = typeof place === 'number' ? `${of} ${place}` : of
      // What has come so far is there once more at the end.
      for (const [name, each] of Object.entries(value)) if (name !== 'snapshot') visit(each, name, inner)
    }
  }
  visit(told, '', '')
  return texts
}
