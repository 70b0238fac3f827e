/** A word of a statement with its place in the text it came from. */
export interface Token {
  readonly word: string
  readonly start: number
  readonly end: number
}

const comments = /--[^\n]*|\/\*[^]*?(?:\*\/|$)/g
const words = /[\p{L}\p{N}_]+/gu

/** Words only: layout, quotes, Markdown and punctuation do not hide a statement. A qualifier before a dot is dropped. */
export function tokenize(text: string): Token[] {
  const bare = text.replace(comments, (comment) => ' '.repeat(comment.length))
  const tokens: Token[] = []
  for (const match of bare.matchAll(words)) {
    const end = match.index + match[0].length
    const next = bare.charAt(end) === '"' ? bare.slice(end + 1, end + 3) : bare.slice(end, end + 2)
    if (/^\.[\p{L}_"]/u.test(next)) continue
    tokens.push({ word: match[0].toLowerCase(), start: match.index, end })
  }
  return tokens
}

export function shinglesOf(tokens: readonly Token[], size: number): string[] {
  const shingles: string[] = []
  for (let index = 0; index + size <= tokens.length; index += 1) {
    shingles.push(
      tokens
        .slice(index, index + size)
        .map((token) => token.word)
        .join(' '),
    )
  }
  return shingles
}
