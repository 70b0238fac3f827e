/** A node of PostgreSQL's text form: `{TYPE :field value …}`. */
export interface TextNode {
  readonly type: string
  readonly fields: Readonly<Record<string, TextValue>>
}

/** A node, a list, or the words of a plain value joined by spaces; `<>` stands for nothing. */
export type TextValue = TextNode | readonly TextValue[] | string

export function isTextNode(value: TextValue | undefined): value is TextNode {
  return typeof value === 'object' && 'type' in value
}

/** Lists without `b`, `i` or `o` in front; nothing for anything else. */
export function listOf(value: TextValue | undefined): readonly TextValue[] {
  return Array.isArray(value) ? (value as readonly TextValue[]) : []
}

/**
 * Reads one node. Names and constants in it are escaped, so that brackets outside quotes are structure. Throws for any
 * other text.
 */
export function readNodeText(text: string): TextNode {
  const tokens = text.match(/"(?:\\.|[^"\\])*"|[{}()]|(?:\\.|[^\s{}()\\])+/gs) ?? []
  let at = 0
  const readValue = (): TextValue => {
    if (tokens[at] === '{') return readNode()
    if (tokens[at] !== '(') return tokens[at++] ?? ''
    at += 1
    const items: TextValue[] = []
    while (tokens[at] !== ')') {
      if (at >= tokens.length) throw new Error('a list of the tree has no end')
      items.push(readValue())
    }
    at += 1
    return items
  }
  const readNode = (): TextNode => {
    const type = tokens[at + 1] ?? ''
    at += 2
    const fields: Record<string, TextValue> = {}
    while (tokens[at] !== '}') {
      const name = tokens[at++]
      if (name === undefined || !name.startsWith(':')) throw new Error('a node of the tree has no end')
      const values: TextValue[] = []
      while (at < tokens.length && tokens[at] !== '}' && tokens[at]?.startsWith(':') !== true) values.push(readValue())
      const [only] = values
      fields[name.slice(1)] = values.length === 1 && only !== undefined ? only : values.map(String).join(' ')
    }
    at += 1
    return { type, fields }
  }
  if (tokens[0] !== '{') throw new Error('this is not the text of a node')
  return readNode()
}
