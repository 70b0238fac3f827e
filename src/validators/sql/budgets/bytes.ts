import type { RawFinding } from '../location.ts'

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
  const hidden = /[\u00AD\u061C\u180E\u200B-\u200F\u202A-\u202E\u2060-\u206F\uFEFF]/.exec(source)
  if (hidden !== null) return refuseCharacter(source, hidden, 'an invisible or direction-changing character')
  if (source.trim() === '') return { rule: 'sql/empty', offset: 0, message: 'There is no statement.' }
  return checkBrackets(source, limits.maximumBrackets)
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
  for (let index = 0; index < source.length; index += 1) {
    const character = source[index]
    if (character === '(' || character === '[') depth += 1
    else if ((character === ')' || character === ']') && depth > 0) depth -= 1
    if (depth > maximum) {
      const message = `Brackets are nested deeper than ${maximum}. Split the statement with WITH.`
      return { rule: 'sql/too-deep', offset: Buffer.byteLength(source.slice(0, index)), message }
    }
  }
  return null
}
