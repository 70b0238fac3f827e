import { directionMarks, joiners, zeroWidth } from '../../text/hidden-characters.ts'
import type { RawFinding } from './location.ts'

export interface ByteLimits {
  /** Bytes of UTF-8. */
  readonly maximumBytes: number
  /** Deepest nesting of brackets, counted without regard to quotes. */
  readonly maximumBrackets: number
}

const advice = 'Send plain SQL text.'

/**
 * First step, before any parser. Fails closed: what it does not like is refused and no later step sees it. The
 * parser (libpg-query 18.1) read less of some texts than was sent, control and invisible characters make a text read
 * differently from how it runs, and deep nesting exhausted the parser's stack.
 */
export function checkBytes(source: string, limits: ByteLimits): RawFinding | null {
  const bytes = Buffer.byteLength(source)
  if (bytes > limits.maximumBytes) {
    const message = `The statement is ${bytes} bytes long; at most ${limits.maximumBytes} are accepted.`
    return { rule: 'sql/too-long', offset: 0, message }
  }
  if (!source.isWellFormed()) {
    return { rule: 'sql/encoding', offset: 0, message: `The statement is not well-formed Unicode. ${advice}` }
  }
  const control = /(?![\t\n\r])\p{Cc}/u.exec(source)
  if (control !== null) return refuseCharacter(source, control, 'a control character')
  const joined = joinerOutsideText(source)
  if (joined !== null) return refuseCharacter(source, joined, 'an invisible character outside a plain text in quotes')
  const hidden = hiddenCharacter.exec(source)
  if (hidden !== null) return refuseCharacter(source, hidden, 'an invisible or direction-changing character')
  if (source.trim() === '') return { rule: 'sql/empty', offset: 0, message: 'There is no statement.' }
  return checkBrackets(source, limits.maximumBrackets)
}

const hiddenCharacter = new RegExp(`[${zeroWidth}${directionMarks}]`, 'u')
const joiner = new RegExp(`[${joiners}]`, 'u')

/** With one of these in a statement, readers may disagree on where a text in quotes ends. */
const unclear = /[\\$]|\/\*/
const quoted = /'[^']*'|"[^"]*"|--[^\n]*/g

/**
 * The first joiner or non-joiner (U+200C, U+200D) that is in no text in quotes. Words of Persian or Hindi and many emoji
 * are written with them; in a name or between words they would make two names that look the same.
 */
function joinerOutsideText(source: string): RegExpExecArray | null {
  const found = joiner.exec(source)
  if (found === null || unclear.test(source)) return found
  const rest = source.replace(quoted, (part) => (part.startsWith("'") ? ' '.repeat(part.length) : part))
  return joiner.exec(rest)
}

function refuseCharacter(source: string, match: RegExpExecArray, what: string): RawFinding {
  const code = (match[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
  return {
    rule: 'sql/character',
    offset: Buffer.byteLength(source.slice(0, match.index)),
    message: `The statement holds ${what} (U+${code}). ${advice}`,
  }
}

function checkBrackets(source: string, maximum: number): RawFinding | null {
  let depth = 0
  for (const { 0: bracket, index } of source.matchAll(/[()[\]]/g)) {
    if (bracket === '(' || bracket === '[') depth += 1
    else if (depth > 0) depth -= 1
    if (depth > maximum) {
      const message = `Brackets are nested deeper than ${maximum}. Split the statement with WITH.`
      return { rule: 'sql/too-deep', offset: Buffer.byteLength(source.slice(0, index)), message }
    }
  }
  return null
}
