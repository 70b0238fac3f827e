import { meaningOf } from '../../../filters/names/field-names.ts'
import { textBefore } from '../../../text/text-before.ts'

/** A stretch of a text, the end exclusive. */
interface Stretch {
  readonly start: number
  readonly end: number
}

/** So far on its line a word is looked around from. */
const reach = 200
const word = /[\p{L}\p{M}\p{N}]/u
const fencesAndSpans = /(```|~~~)[^]*?(?:\1|$)|`[^`\n]{1,200}`/g
const signsOfCode = /[{}[\]<>=;|\\`]|\(\)|->/
const membersOfWords = /^(?:content|text|input|output|value|refusal|reasoning|reasoning_content)$/

/** What stands around single words of a text: whether they are written as names of somebody or something there. */
export class NamePlaces {
  readonly #text: string
  readonly #label: string | null
  /** Code in the text, in order; made when the first place is asked for. */
  #code: readonly Stretch[] | null = null

  /** `label`: name of the member that the text stands under. */
  constructor(text: string, label: string | null) {
    this.#text = text
    this.#label = label
  }

  /** Is it a word for people, or one that code holds as data? */
  isData({ start, end }: Stretch): boolean {
    if (isIdentifier(this.#text, start, end)) return false
    const code = this.#codeAround(start)
    if (code === null) return true
    // A span that is nothing but the word quotes it.
    return (code.start + 1 === start && code.end - 1 === end) || quoteAround(this.#text, start, end) !== null
  }

  /** Is a word that stands in sentences, too, a name here? Where nothing says so, it is none. */
  isName({ start, end }: Stretch): boolean {
    const text = this.#text
    if (!this.isData({ start, end })) return false
    if (start === 0 && end === text.length) return this.#isNameAlone()
    const before = lineBefore(text, start)
    const behind = lineBehind(text, end)
    const isInCode = this.#codeAround(start) !== null || signsOfCode.test(before) || signsOfCode.test(behind)
    if (isInCode) return isFieldOfPerson(before) && /^["']/.test(behind)
    if (/^[-/]/.test(behind) || /[-/#]$/.test(before) || /^\s*\d/.test(behind)) return false
    if (titles.has(/(\p{L}+)\.?\s+$/u.exec(before)?.[1]?.toLowerCase() ?? '')) return true
    return beginsSentence(before) ? isSpokenOf(behind) : isWithinSentence(before, behind)
  }

  /** Is it in the place of a user's name: in front of a host, or a folder of people's own? */
  isAccount({ start, end }: Stretch): boolean {
    const [before, behind] = [textBefore(this.#text, start, 12), this.#text.slice(end, end + 2)]
    return /^@[\p{L}\p{N}]/u.test(behind)
      ? !word.test(before.slice(-1))
      : ofFolders.test(before) && !/^[._-]?[\p{L}\p{N}]/u.test(behind)
  }

  #isNameAlone(): boolean {
    const label = this.#label
    if (label === null || membersOfWords.test(label)) return true
    const meaning = meaningOf(label)
    return meaning === 'person' || meaning === 'possible'
  }

  #codeAround(at: number): Stretch | null {
    this.#code ??= Array.from(this.#text.matchAll(fencesAndSpans), ({ 0: found, index: start }) => {
      return { start, end: start + found.length }
    })
    let [from, to] = [0, this.#code.length]
    while (from < to) {
      const middle = (from + to) >> 1
      if ((this.#code[middle]?.end ?? 0) <= at) from = middle + 1
      else to = middle
    }
    const stretch = this.#code[from]
    return stretch !== undefined && stretch.start <= at ? stretch : null
  }
}

const ofFolders = /(?:^|[/\\])(?:home|users|usr|user|profiles|people)[/\\]$|(?:^|[\s"'=(:])~$/i

function lineBefore(text: string, at: number): string {
  const before = textBefore(text, at, reach)
  return before.slice(before.lastIndexOf('\n') + 1)
}

function lineBehind(text: string, at: number): string {
  return /^[^\n]*/.exec(text.slice(at, at + reach))?.[0] ?? ''
}

/** Is a word glued to what makes a name for programs of it? */
function isIdentifier(text: string, start: number, end: number): boolean {
  const before = textBefore(text, start, 4)
  const behind = text.slice(end, end + 4)
  // `_Erika_` is emphasis.
  if (before.endsWith('_') || behind.startsWith('_')) {
    const isEmphasis = /(?:^|[^\p{L}\p{N}_])_{1,3}$/u.test(before) && /^_{1,3}(?:$|[^\p{L}\p{N}_])/u.test(behind)
    if (!isEmphasis) return true
  }
  if (/^(?:[$([{<]|\.[\p{Ll}\p{N}_]|::|->)/u.test(behind)) return true
  if (/(?:[\p{L}\p{N}_)\]]\.|::|->|[$#]|<\/?)$/u.test(before)) return true
  return before.endsWith('\\') && !behind.startsWith('\\')
}

/** The quotation mark between two of which a stretch of a line stands; null where it stands between none. */
function quoteAround(text: string, start: number, end: number): string | null {
  let open: string | null = null
  for (const { 0: mark } of lineBefore(text, start).matchAll(/(?<!\p{L})'|'(?!\p{L})|"/gu)) {
    if (open === null) open = mark
    else if (open === mark) open = null
  }
  return open !== null && lineBehind(text, end).includes(open) ? open : null
}

const isFieldOfPerson = (before: string): boolean => {
  const label = /([\p{L}_]{2,40})["']?\s{0,2}[:=]\s{0,2}["']$/u.exec(before)?.[1]
  const meaning = label === undefined ? null : meaningOf(label)
  return meaning === 'person' || meaning === 'possible'
}

const beginsSentence = (before: string): boolean => /(?:^|[.!?:…•*"“„«‘(>\u2013\u2014-])\s*$/u.test(before)

const set = (words: string): ReadonlySet<string> => new Set(words.split(/\s+/))
const speaking =
  set(`said says asked asks wrote writes told tells thinks thought wants wanted called calls replied replies answered lives lived
  works worked sagt sagte fragt fragte schrieb schreibt meint meinte möchte wohnt arbeitet dit demande veut écrit habite travaille
  dice dijo pregunta preguntó quiere escribió vive trabaja`)

/** At the beginning of a sentence each word has a capital letter: what follows has to be what is said of somebody. */
function isSpokenOf(behind: string): boolean {
  if (/^['’]s(?![\p{L}\p{N}])|^,\s|^:\s+[^\d\s]/u.test(behind)) return true
  const next = /^\s+(\p{L}+)/u.exec(behind)?.[1]
  return next !== undefined && speaking.has(next)
}

const titles = set('mr mrs ms miss dr prof herr herrn frau m mme monsieur madame sr sra señor señora don doña')
/** Behind these stands the word, and not somebody's name. */
const determiners = set(`the a an this that these those my your its our their each every any some no which what
  der die das den dem des ein eine einen einem einer eines kein keine keinen dieser diese dieses diesen mein meine dein deine unser unsere
  le la les l un une du au aux ce cet cette ces mon ma mes ton ta tes notre votre leur
  el los las lo una unos unas este esta ese esa mi tu su al del`)

/** Within a sentence the capital letter says it, but behind what stands before a thing, or in a heading. */
function isWithinSentence(before: string, behind: string): boolean {
  const [last, earlier] = [...before.matchAll(/[\p{L}\p{M}\p{N}]+/gu)].slice(-2).toReversed()
  if (last === undefined) return false
  const previous = last[0].toLowerCase()
  if (/^\p{N}/u.test(previous) || determiners.has(previous)) return false
  if (earlier !== undefined && determiners.has(earlier[0].toLowerCase())) return false
  if (last[0] === previous) return true
  return beginsSentence(before.slice(0, last.index)) && /^(?:[,.!?;:)'’]|\s+\p{Ll})/u.test(behind)
}
