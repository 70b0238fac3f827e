/** Words that an answer says are somebody's: between marks of quotation, or a block of lines that begin with `>`. */
export interface QuotedPassage {
  /** Offsets in the answer, of all of it with its marks. */
  readonly start: number
  readonly end: number
  /** What is quoted, without the marks. */
  readonly words: string
}

/** Fewer words are a name, a term or a word that somebody does not mean. */
export const fewestWords = 3

/** UTF-16 units of one passage; longer ones are told apart at their paragraphs anyway. */
const longest = 4_000

const pairs: readonly RegExp[] = [
  /“([^“”]+)”/gu,
  /„([^„“”]+)[“”]/gu,
  /«([^«»]+)»/gu,
  /»([^«»]+)«/gu,
  /‹([^‹›]+)›/gu,
  /(?<![\p{L}\p{N}])‘((?:[^‘’]|’(?=\p{L}))+)’(?!\p{L})/gu,
  // Behind a figure it says inches, and two of them are no pair.
  /(?<![\p{L}\p{N}"])"(?=\S)([^"]+?)"(?![\p{L}\p{N}"])/gu,
]

const code = /^(`{3,}|~{3,})[^\n]*\n[\s\S]*?(?:^\1[^\n]*$|$(?![\s\S]))|(`+)(?!`)[^\n]*?(?<!`)\2(?!`)/gm
const block = /(?:^[ \t]{0,3}>[^\n]*(?:\n|$))+/gm
/** Who said it, under a block. */
const attribution = /^\s*(?:[—–]|--)\s*\S/u
const word = /[\p{L}\p{N}]+/gu

/** The text with its code as blanks, so that offsets stay. */
export function withoutCode(text: string): string {
  return text.replaceAll(code, (found) => found.replaceAll(/[^\n]/g, ' '))
}

/** The passages of an answer in Markdown, in its order. None lies in another. */
export function quotedPassages(answer: string): readonly QuotedPassage[] {
  const text = withoutCode(answer)
  const found: QuotedPassage[] = []
  const add = (start: number, end: number, words: string): void => {
    if (end - start > longest || (words.match(word) ?? []).length < fewestWords) return
    if (!found.some((other) => start < other.end && other.start < end)) found.push({ start, end, words })
  }
  for (const { 0: lines, index } of text.matchAll(block)) {
    const end = index + lines.trimEnd().length
    add(index, end, wordsOfBlock(lines))
  }
  for (const { start, end } of paragraphs(text)) {
    const paragraph = text.slice(start, end)
    for (const pair of pairs) {
      for (const match of paragraph.matchAll(pair)) {
        const at = start + match.index
        add(at, at + match[0].length, match[1] ?? '')
      }
    }
  }
  return found.toSorted((one, other) => one.start - other.start)
}

function wordsOfBlock(lines: string): string {
  const bare = lines.split('\n').map((line) => line.replace(/^[ \t]{0,3}(?:>[ \t]?)+/, ''))
  return bare.filter((line) => !attribution.test(line)).join('\n')
}

/** No quotation goes over a blank line: a mark that is missing takes no more than its paragraph. */
function* paragraphs(text: string): Generator<{ readonly start: number; readonly end: number }> {
  let start = 0
  for (const { 0: blank, index } of text.matchAll(/\n[ \t]*(?:\n[ \t]*)+/g)) {
    yield { start, end: index }
    start = index + blank.length
  }
  yield { start, end: text.length }
}
