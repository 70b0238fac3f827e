import { readOwnWords } from '../own-words.ts'
import { readTrustedWords, type TrustedWords } from '../trusted-words.ts'

/** Words of people and the operator, as tables are looked for in them. */
export interface TableWords {
  /** Without what is quoted, but for single words, and without what is forbidden. */
  readonly said: TrustedWords
  /** Where they say what is not to be read. */
  readonly forbidden: TrustedWords
}

const reading =
  '(?:read|look(?! like)|query|touch|open|use|access|show|list|select|consult|check|peek|reveal|print|go)(?:ing)?'
/** Behind these an order begins; elsewhere the same words tell of people: "users who never open mails". */
const beginning = String.raw`(?:^|[.!?;:,\n(–—]|\b(?:and|but|please|so|also|then|you))\s*`
const forbidding = new RegExp(
  [
    String.raw`${beginning}(?:(?:do not|don['’]t|never|(?:must|may|should|shall|can) ?not|(?:must|should|can)n['’]t|avoid|stop|refrain from) (?:(?:ever|even|just|also|please) )?${reading}|leave [^.!?\n]{0,60}\b(?:alone|out|untouched)|(?:keep|stay) (?:away|out|off))\b`,
    String.raw`\bwithout (?:reading|looking|querying|touching|opening|using|accessing)\b`,
    String.raw`\b(?:nobody|no one) (?:may|must|should) ${reading}\b`,
  ].join('|'),
  'i',
)
/** What goes on with something else than what is forbidden. */
const goingOn = /\b(?:but|instead|rather|only|just)\b/i

/** Reads texts of the person and the operator. Texts of anybody else must not be among them. */
export function readTableWords(texts: readonly string[]): TableWords {
  const said: string[] = []
  const forbidden: string[] = []
  const quotations = new Set<string>()
  for (const text of texts) {
    const own = readOwnWords(text)
    for (const quotation of own.quotations) quotations.add(plainName(quotation))
    for (const sentence of own.named.split(/(?<=[.!?;])\s+|\n+/)) {
      const [allowed, not] = splitForbidden(sentence)
      said.push(allowed)
      if (not !== '') forbidden.push(not)
    }
  }
  // A name of several words may be quoted, as long as it is nothing but the name.
  const quotes = (name: string) => quotations.has(plainName(name))
  return { said: { ...readTrustedWords([said.join('\n')]), quotes }, forbidden: readTrustedWords(forbidden) }
}

const plainName = (name: string): string => name.trim().toLowerCase()

/** A sentence without the part that forbids something, and that part: to its end, or to where it goes on with something else. */
function splitForbidden(sentence: string): readonly [allowed: string, forbidden: string] {
  const found = forbidding.exec(sentence)
  if (found === null) return [sentence, '']
  const rest = sentence.slice(found.index + found[0].length)
  const on = goingOn.exec(rest)
  const end = on === null ? sentence.length : found.index + found[0].length + on.index
  return [`${sentence.slice(0, found.index)} ${sentence.slice(end)}`, sentence.slice(found.index, end)]
}
