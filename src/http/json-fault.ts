const space = /[ \t\r\n]*/y
const scalar = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y
const escape = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y

/** Where in a text JSON stops being JSON: 1-based. */
export interface JsonFault {
  readonly line: number
  readonly column: number
  readonly expected: string
}

type Expecting =
  | 'a value'
  | 'a value or "]"'
  | 'a name or "}"'
  | 'a name'
  | '":"'
  | '"," or "}"'
  | '"," or "]"'
  | 'the end'

const afterValue = (open: string | undefined): Expecting =>
  open === undefined ? 'the end' : open === '{' ? '"," or "}"' : '"," or "]"'

const punctuation: Readonly<Record<string, Partial<Record<Expecting, Expecting | 'open' | 'close'>>>> = {
  '{': { 'a value': 'open', 'a value or "]"': 'open' },
  '[': { 'a value': 'open', 'a value or "]"': 'open' },
  '}': { 'a name or "}"': 'close', '"," or "}"': 'close' },
  ']': { 'a value or "]"': 'close', '"," or "]"': 'close' },
  ':': { '":"': 'a value' },
  ',': { '"," or "}"': 'a name', '"," or "]"': 'a value' },
}

function place(text: string, offset: number, expected: string): JsonFault {
  let line = 1
  let begins = 0
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) {
    line += 1
    begins = at + 1
  }
  return { line, column: offset - begins + 1, expected }
}

/** Offset behind the string that begins at `start`, or of the first character that cannot stand in a string. */
function scanString(text: string, start: number): { readonly end: number; readonly whole: boolean } {
  for (let at = start + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === 34) return { end: at + 1, whole: true }
    if (code < 32) return { end: at, whole: false }
    if (code !== 92) continue
    escape.lastIndex = at
    const found = escape.exec(text)
    if (found === null) return { end: at, whole: false }
    at += found[0].length - 1
  }
  return { end: text.length, whole: false }
}

function scanScalar(text: string, at: number): { readonly end: number; readonly whole: boolean } {
  scalar.lastIndex = at
  const found = scalar.exec(text)
  return found === null ? { end: at, whole: false } : { end: at + found[0].length, whole: true }
}

function skipSpace(text: string, at: number): number {
  space.lastIndex = at
  return at + (space.exec(text)?.[0].length ?? 0)
}

/** Finds the first fault of a text that `JSON.parse` refused; the engine's own message often has no place. */
export function findJsonFault(text: string): JsonFault | null {
  const open: string[] = []
  let expecting: Expecting = 'a value'
  for (let at = skipSpace(text, 0); at < text.length; at = skipSpace(text, at)) {
    const character = text.charAt(at)
    const move: Expecting | 'open' | 'close' | undefined = punctuation[character]?.[expecting]
    if (move === 'open') {
      open.push(character)
      expecting = character === '{' ? 'a name or "}"' : 'a value or "]"'
      at += 1
    } else if (move === 'close') {
      open.pop()
      expecting = afterValue(open.at(-1))
      at += 1
    } else if (move !== undefined) {
      expecting = move
      at += 1
    } else {
      const isName: boolean = expecting.startsWith('a name')
      if (!(isName ? character === '"' : expecting.startsWith('a value'))) return place(text, at, expecting)
      const { end, whole } = character === '"' ? scanString(text, at) : scanScalar(text, at)
      if (!whole) return place(text, end, end === at ? expecting : 'the rest of a string')
      at = end
      expecting = isName ? '":"' : afterValue(open.at(-1))
    }
  }
  return expecting === 'the end' ? null : place(text, text.length, expecting)
}
