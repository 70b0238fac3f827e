/** What a person wrote, by how sure it is that the words are theirs. */
export interface OwnWords {
  /** Without what was pasted; short quotations are names and are in it. */
  readonly text: string
  /** That without any quotation: what may ask for something. */
  readonly unquoted: string
  /** That with the quotations alone that are one word, as an address is: what may be acted on. */
  readonly named: string
  /** What is to be worked on, by the look of it: "Translate: …". Only a person can say whether it asks for something. */
  readonly doubtful: string
  /** What stands between marks, if it is short. */
  readonly quotations: readonly string[]
}

/** A quotation that is longer than this is something that was pasted: somebody else's words, which trust nobody. */
const longestName = 120

/** Reads one text of a person. Linear in its length. */
export function readOwnWords(given: string): OwnWords {
  const pasted = withoutPasted(given)
  const { sure, doubtful } = splitWorked(withoutTagged(pasted.sure).replaceAll(/```[\s\S]*?(?:```|$)/g, ' '))
  return { ...withoutQuoted(sure), doubtful: [pasted.doubtful, doubtful].filter((part) => part !== '').join('\n') }
}

const fence = /^[ \t]*(`{3,}|~{3,})/
const headFrom = /^[ \t]*(?:from|von|de|发件人)[ \t]*[:：]/i
const headOther =
  /^[ \t]*(?:subject|to|date|sent|cc|betreff|an|datum|gesendet|objet|à|asunto|para|fecha|主题|收件人)[ \t]*[:：]/i
/** What programs put before a mail that is answered or passed on. */
const mailBelow =
  /^[ \t]*(?:-{2,}[ \t]*(?:original message|forwarded message|ursprüngliche nachricht|weitergeleitete nachricht|message d['’]origine|mensaje original|原始邮件)|begin forwarded message:|(?:on|am|le|el) .{1,120}(?:wrote|schrieb.{0,60}|a écrit|escribió)[ \t]?:[ \t]*$)/i

/** What people write in front of a text of somebody else, as long as more than a name or an address stands behind it. */
const label =
  /^[ \t]*(?:web ?page|page|website|article|document|mail|e-?mail|letter|post|transcript|seite|webseite|artikel|dokument|brief|lettre|courriel|página|artículo|carta|correo)(?: \d{1,4})?[ \t]*[:：][ \t]*(?:[^\s]+[ \t]+){3}/i
/** A tag at the beginning of a line, but for those that need no end. */
const tagAhead = /^[ \t]*<(?!(?:br|hr|img|p|li)\b)([a-z][\w-]{0,30})(?: [^<>]{0,200})?>/i
const ending = /<\/([a-z][\w-]{0,30})>/gi
const salutation =
  /(?:^|[.!?:]\s|\n)[ \t]*(?:dear|hi|hello|hey|sehr geehrte[rn]?|liebe[rs]?|chère?|bonjour|estimad[oa]s?|hola)\b[^.!?\n]{0,60}[,\n]/i
const complimentaryClose =
  /(?:^|[.!?,]\s|\n)[ \t]*(?:yours(?: (?:sincerely|faithfully|truly))?|sincerely(?: yours)?|(?:(?:best|kind|warm) )?(?:regards|wishes)|cheers|mit freundlichen grüßen|viele grüße|cordialement|saludos|atentamente)[ \t]*(?:,\s*|\n\s*)[^.!?\n]{1,40}(?:[.!\n]|$)/gi

/**
 * A text without fences, lines that are quoted as in a mail, and a mail with its head, which goes to the end. Doubtful is what may be theirs or somebody else's: a
 * letter beside a question, what goes on with a quoted line without a blank one between, and a line behind the name of a document or a tag without an end.
 */
function withoutPasted(given: string): { readonly sure: string; readonly doubtful: string } {
  const { text, letter } = splitLetter(given)
  const lines = text.split('\n')
  const ended = new Set(Array.from(text.matchAll(ending), ([, name = '']) => name.toLowerCase()))
  const sure: string[] = []
  const doubtful = letter === '' ? [] : [letter]
  let open: string | null = null
  let isQuoted = false
  for (const [at, line] of lines.entries()) {
    const mark: string | undefined = fence.exec(line)?.[1]
    if (open !== null) {
      if (mark?.startsWith(open) === true && line.trim() === mark) open = null
      continue
    }
    if (mailBelow.test(line)) break
    if (headFrom.test(line) && lines.slice(at + 1, at + 4).some((next) => headOther.test(next))) break
    if (mark !== undefined && line.trim().length - mark.length < longestName && !line.trim().slice(3).includes('```')) {
      open = mark
      continue
    }
    const isMarked = /^[ \t]*>/.test(line)
    isQuoted = isMarked || (isQuoted && line.trim() !== '')
    if (isMarked) continue
    const tag = tagAhead.exec(line)?.[1]
    const isOpen = tag !== undefined && !ended.has(tag.toLowerCase())
    ;(isQuoted || isOpen || label.test(line) ? doubtful : sure).push(line)
  }
  return { sure: sure.join('\n'), doubtful: doubtful.join('\n') }
}

/** A letter that stands beside something else, from its salutation to its last end: who begins and ends all of it so has written it. */
function splitLetter(given: string): { readonly text: string; readonly letter: string } {
  const from = salutation.exec(given)?.index
  const last = from === undefined ? undefined : [...given.matchAll(complimentaryClose)].at(-1)
  const to = last === undefined ? 0 : last.index + last[0].length
  if (from === undefined || to <= from) return { text: given, letter: '' }
  const [before, after] = [given.slice(0, from), given.slice(to)]
  return /\S/.test(before + after)
    ? { text: `${before}\n${after}`, letter: given.slice(from, to) }
    : { text: given, letter: '' }
}

const closingTag = /<\/([a-z][\w-]{0,30})>/gi
const opening = /<([a-z][\w-]{0,30})(?: [^<>]{0,200})?>/gi

/** Without what stands between a tag and its last end: what a document says of its own end is not believed. */
function withoutTagged(text: string): string {
  const ends = new Map<string, number>()
  for (const { 0: end, 1: name = '', index } of text.matchAll(closingTag)) {
    ends.set(name.toLowerCase(), index + end.length)
  }
  let kept = ''
  let from = 0
  for (const { 1: name = '', index } of text.matchAll(opening)) {
    const end = ends.get(name.toLowerCase()) ?? 0
    if (index < from || end <= index) continue
    kept += `${text.slice(from, index)} `
    from = end
  }
  return kept + text.slice(from)
}

const work =
  'translate|summari[sz]e|proofread|paraphrase|rephrase|rewrite|correct|explain|classify|übersetze|fasse|korrigiere|erkläre|traduis|traduisez|résume|résumez|corrige|explique|traduce|traduzca|resume|corrija|explica'
/** A verb of working on a text, and a colon or a line behind which it begins. */
const workedBelow = new RegExp(
  `(?<!\\p{L})(?:${work})(?!\\p{L})[^.!?:\\n]{0,80}(?:[:：](?=\\s)|\\n[ \\t]*(?=[-=*_#]{3}))|(?:翻译|总结|解释|校对)[^。！？：:\\n]{0,40}[:：]`,
  'iu',
)
const workedAbove = new RegExp(
  `(?<!\\p{L})(?:${work})(?!\\p{L})[^.!?:\\n]{0,40}(?<!\\p{L})(?:above|preceding)(?!\\p{L})`,
  'iu',
)

function splitWorked(text: string): { readonly sure: string; readonly doubtful: string } {
  const below = workedBelow.exec(text)
  if (below !== null) {
    const end = below.index + below[0].length
    return { sure: text.slice(0, end), doubtful: text.slice(end) }
  }
  const above = workedAbove.exec(text)
  return above === null
    ? { sure: text, doubtful: '' }
    : { sure: text.slice(above.index), doubtful: text.slice(0, above.index) }
}

const closing: Readonly<Record<string, string>> = {
  '"': '"',
  '“': '”',
  '‘': '’',
  "'": "'",
  '«': '»',
  '‹': '›',
  '`': '`',
  '„': '“',
  '「': '」',
  '『': '』',
  '《': '》',
}

function withoutQuoted(source: string): Omit<OwnWords, 'doubtful'> {
  let text = ''
  let unquoted = ''
  let named = ''
  const quotations: string[] = []
  let at = 0
  // Where no apostrophe ends a quotation any more, none is looked for again.
  let hasEnds = true
  while (at < source.length) {
    const end = source[at] === "'" && !hasEnds ? null : endOfQuotation(source, at)
    if (end === null && opensQuotation(source, at)) hasEnds = false
    if (end === null) {
      text += source[at]
      unquoted += source[at]
      named += source[at]
      at += 1
      continue
    }
    const quotation = source.slice(at, end)
    if (quotation.length <= longestName) {
      text += quotation
      quotations.push(quotation.slice(1, -1))
    }
    named += quotation.length <= longestName && !/\s/.test(quotation.slice(1, -1).trim()) ? quotation : ' '
    unquoted += ' '
    at = end
  }
  return { text, unquoted, named, quotations }
}

/** Where the quotation that begins here ends, behind its mark; null where none begins. One without an end goes to the end. */
function endOfQuotation(text: string, at: number): number | null {
  const mark = closing[text[at] ?? '']
  if (mark === undefined || !opensQuotation(text, at)) return null
  for (let end = text.indexOf(mark, at + 1); end >= 0; end = text.indexOf(mark, end + 1)) {
    // An apostrophe within a word ends nothing.
    if (mark !== "'" || !/[\p{L}\p{N}]/u.test(text[end + 1] ?? ' ')) return end + 1
  }
  return mark === "'" ? null : text.length
}

function opensQuotation(text: string, at: number): boolean {
  const mark = text[at] ?? ''
  // Scripts without blanks open a quotation behind a letter.
  return (
    Object.hasOwn(closing, mark) &&
    (/[「『《]/.test(mark) || !/[\p{L}\p{N}]/u.test(text[at - 1] ?? ' ')) &&
    /\S/.test(text[at + 1] ?? ' ')
  )
}
