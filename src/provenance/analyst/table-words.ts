import { readOwnWords, type OwnWords } from '../own-words.ts'
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
    String.raw`${beginning}(?:(?:do not|don['’]t|never|(?:must|may|should|shall|can) ?not|(?:must|should|can)n['’]t|avoid|stop|refrain from) (?:(?:ever|even|just|also|please) )?${reading}|leave [^.!?\n]{0,60}\b(?:alone|out|untouched)|(?:keep|stay) (?:away|out|off)|hands off)\b`,
    String.raw`\bwithout (?:reading|looking|querying|touching|opening|using|accessing)\b`,
    String.raw`\b(?:nobody|no one) (?:may|must|should) ${reading}\b`,
    String.raw`\b(?:i|we) (?:do not|don['’]t) want (?:you|anybody|anyone|this|it)\b`,
    // What it is about stands in front.
    String.raw`${beginning}[^.!?;:,\n]{1,60}\b(?:is|are|stays?|remains?) (?:\w+ )?(?:off[ -]limits|out of bounds|(?:none|no part) of (?:your|anybody['’]?s|this)|not (?:to be (?:read|looked|queried|touched|opened|used|accessed|shown|listed)|your business)|forbidden|taboo)\b`,
    // German, French, Spanish, Italian, Portuguese, Dutch, Russian, Chinese.
    String.raw`(?<!\p{L})(?:(?:lies|lest|lesen|öffne|öffnen|nimm|zeige?|zeigen|nutze|benutze|verwende|frage?|sieh|schau|rühre?|lees|open|gebruik|bekijk)(?!\p{L})[^.!?;,\n]{1,60}(?<!\p{L})(?:nicht(?! nur)|keinesfalls|auf keinen fall|nie|niemals|niet|nooit)(?!\p{L})|finger weg|lass(?:t|en sie)? die finger)`,
    String.raw`(?<!\p{L})(?:(?:ne |n['’])(?:lis|lisez|lire|regarde[rz]?|ouvre|ouvrez|ouvrir|touche[rz]?|consulte[rz]?|utilise[rz]?|montre[rz]?)(?: pas| jamais)?|(?:no|nunca) (?:leas?|lea|mires?|abras?|toques?|uses?|consultes?|muestres?)|(?:non|mai) (?:leggere|leggi|guardare|aprire|toccare|usare|consultare|mostrare)|(?:não|nunca) (?:leias?|abras?|olhes?|toques?|uses?|consultes?|mostres?)|не (?:читай|читайте|смотри|смотрите|открывай|открывайте|трогай|трогайте|используй|используйте))(?!\p{L})`,
    String.raw`(?:不要|别|請勿|请勿|不得)(?:读取?|看|查询?|打开|访问|使用)`,
  ].join('|'),
  'iu',
)
/** What goes on with something else than what is forbidden. */
const goingOn = /\b(?:but|instead|rather|only|just)\b/i
/** Behind these a sentence says what somebody or something else says or wants, and not what the person wants. */
const reporting =
  /\b(?:says|said|states|stated|claims|claimed|writes|wrote|demands|demanded)\b(?! (?:about|of|on)\b)|(?<!\b(?:i|we|i['’]d|we['’]d|please)(?: \w+)? )\b(?:asks?|asked|tells?|told|wants?|wanted|orders?|ordered|instructs?|instructed|urges?|urged|invites?|invited) (?:us|me|you|him|her|them|people|everybody|everyone|anybody|anyone|readers?) to\b|\b(?:if|when|whenever|unless|in case) (?:it|this|that|he|she|they) (?:is|are|was|were|speaks?|talks?|mentions?|asks?|names?|refers?)\b/i
/** Takes back what the sentence before it asks for. */
const takingBack =
  /^\W*(?:(?:no|nope|wait|actually|sorry|hm+|on second thoughts?)[,.!\s–—-]+)*(?:leave (?:that|it)|forget (?:that|it|about (?:that|it))|never ?mind|scratch that|cancel that|skip (?:that|it)|(?:rather |better )?not|don['’]t|do not)(?: (?:then|after all|do (?:that|it)))?\W*$/i
/** A word of a name may be one of a phrase that is about no thing. */
const phrases = /\bin order (?=(?:to|that|for)\b)/gi

/** Reads texts of the person and the operator. Texts of anybody else must not be among them. */
export function readTableWords(texts: readonly string[]): TableWords {
  const said: string[] = []
  const forbidden: string[] = []
  const quotations = new Set<string>()
  for (const text of texts) {
    const own = readOwnWords(text)
    for (const quotation of quotedNames(own)) quotations.add(plainName(quotation))
    const from = said.length
    for (const sentence of own.named.split(/(?<=[.!?;])\s+|\n+/)) {
      if (takingBack.test(sentence) && said.length > from) said.pop()
      const [allowed, not] = splitForbidden(sentence)
      said.push(withoutReported(allowed))
      if (not !== '') forbidden.push(not)
    }
  }
  // A name of several words may be quoted, as long as it is nothing but the name.
  const quotes = (name: string) => quotations.has(plainName(name))
  return { said: { ...readTrustedWords([said.join('\n')]), quotes }, forbidden: readTrustedWords(forbidden) }
}

/** A sentence without what somebody else says or wants in it: to its end, or to a question that follows it. */
function withoutReported(sentence: string): string {
  const plain = sentence.replaceAll(phrases, '')
  const found = reporting.exec(plain)
  if (found === null) return plain
  const rest = plain.slice(found.index)
  const on = /,\s*(?:why|what|how|who|where|when|which|is|are|does|do|can|please|so|and|but|tell|show|list)\b/i.exec(
    rest,
  )
  return plain.slice(0, found.index) + (on === null ? '' : rest.slice(on.index))
}

const quoted = String.raw`(?:"([^"\n]{1,120})"|“([^”\n]{1,120})”|„([^“\n]{1,120})“|«([^»\n]{1,120})»|‘([^’\n]{1,120})’|'([^'\n]{1,120})'|\`([^\`\n]{1,120})\`)`
const reportedQuotation = new RegExp(
  String.raw`\b(?:says?|said|states?|stated|claims?|claimed|writes?|wrote|demands?|demanded|reads)\s{0,3}[:,]?\s{0,3}${quoted}`,
  'gi',
)

/** Quotations that may be a name: quoted once at least otherwise than as what somebody or something says. */
function quotedNames({ text, quotations }: OwnWords): readonly string[] {
  const reported = new Map<string, number>()
  for (const [, ...parts] of text.matchAll(reportedQuotation)) {
    const part = parts.find((each) => each !== undefined) ?? ''
    reported.set(part, (reported.get(part) ?? 0) + 1)
  }
  return quotations.filter((quotation) => {
    const left = reported.get(quotation) ?? 0
    reported.set(quotation, left - 1)
    return left <= 0
  })
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
