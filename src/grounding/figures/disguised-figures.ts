import { withoutCode } from './no-claims.ts'

/** A stretch that a reader sees other digits in than stand in the text. */
export interface DisguisedFigure {
  readonly start: number
  readonly end: number
}

/** `&#57;` is a 9 to whoever reads it. */
const digitEntity = String.raw`&#(?:x0{0,4}3\d|0{0,4}(?:4[89]|5[0-7]));`
const digits = String.raw`(?:\d|${digitEntity})(?:[\d.,]|${digitEntity})*`
const entity = String.raw`&(?:#x[\da-f]{1,6}|#\d{1,7}|comma|period|nbsp|ensp|emsp|thinsp|hairsp|numsp|puncsp|shy|zwj|zwnj|lrm|rlm|apos|NoBreak|ZeroWidthSpace);`
const inlineTag = String.raw`<\/?(?:abbr|b|bdi|bdo|big|code|del|em|font|i|ins|kbd|mark|q|s|small|span|strong|tt|u|wbr)(?![\w-])[^<>\n]{0,200}>`
/**
 * What nobody sees between two digits: characters without a width, marks of Markdown, comments, tags that only change how
 * words look.
 */
const joint = String.raw`(?:[\p{Cf}\p{M}]|<!--(?:(?!-->)[^\n]){0,200}-->|${inlineTag}|${entity}|\*{1,3}|~{1,2}|\\[.,'’])`
const joined = new RegExp(`${digits}(?:${joint}{1,8}[.,]?${digits})*`, 'giu')
/** One of these alone is a sign of arithmetic, or of a range. */
const oneSign = /^[\d.,]+[*~][\d.,]+$/
const plain = /^[\d.,]+$/
/**
 * Letters of mathematics and other digits of two units, and digits above or below the line where no word or figure stands
 * before them.
 */
const others = /(?:(?![\0-\uFFFF])\p{Nd})[\p{Nd}.,]*|(?<=^|[\s(*_$€£¥])[\p{No}][\p{No}.,]*\p{No}/gmu
/** Digits that are shown from right to left. */
const turned = /[\u202D\u202E][^\n\u202C]{0,400}/gu

/**
 * Figures of an answer whose digits a reader sees together, or turned round, and that no program finds as one: `31<b></b>0`
 * is 310 in whatever shows Markdown, and has 31 in it. Code shows what it has, and is not looked at.
 */
export function disguisedFigures(answer: string): readonly DisguisedFigure[] {
  const text = withoutCode(answer)
  const found: DisguisedFigure[] = []
  for (const { 0: written, index } of text.matchAll(joined)) {
    const said = written.replace(/[.,]+$/, '')
    if (!plain.test(said) && !oneSign.test(said)) found.push({ start: index, end: index + said.length })
  }
  for (const { 0: written, index } of text.matchAll(others)) found.push({ start: index, end: index + written.length })
  for (const { 0: written, index } of text.matchAll(turned)) {
    const first = written.search(/\p{Nd}/u)
    if (first >= 0) found.push({ start: index, end: index + written.trimEnd().length })
  }
  return found.toSorted((one, other) => one.start - other.start)
}

const beyondAscii = /[^\0-\x7F]/
/** Signs that stand for ours beside digits of other scripts. */
const signs: Readonly<Record<string, string>> = {
  '٫': '.',
  '٬': ',',
  '．': '.',
  '，': ',',
  '％': '%',
  '٪': '%',
  '＄': '$',
}

/**
 * The text with digits of one unit, of whatever script, as 0 to 9, and the signs between and behind them as ours, so that
 * offsets stay.
 */
export function withPlainDigits(text: string): string {
  if (!beyondAscii.test(text)) return text
  return text
    .replaceAll(/(?![\0-\x7F])\p{Nd}/gu, (digit) => (digit.length === 1 ? String(valueOf(digit)) : digit))
    .replaceAll(/(?<=\d)[٫．](?=\d)|(?<=\d)[٬，](?=\d{3}(?!\d))|(?<=\d)[％٪]|＄(?=\d)/g, (sign) => signs[sign] ?? sign)
}

const known = new Map<string, number>()

/** The digits of a script stand one behind the other, from 0. */
function valueOf(digit: string): number {
  let value = known.get(digit)
  if (value === undefined) {
    const code = digit.charCodeAt(0)
    value = 0
    while (value < 9 && /\p{Nd}/u.test(String.fromCharCode(code - value - 1))) value += 1
    known.set(digit, value)
  }
  return value
}
