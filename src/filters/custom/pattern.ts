import type { RE2JS as Pattern } from 're2js'
import { normalize } from '../views/normalize.ts'
import { compileLinear, refusalOfPattern } from './options.ts'

export type { Pattern }

/**
 * A pattern that takes time in proportion to the text, read without accents, as texts are. Throws for one that is none
 * once it is read so.
 */
export function compilePattern(source: string, options: { readonly ignoreCase: boolean }): Pattern {
  const read = normalize(source).text
  const refusal = refusalOfPattern(read)
  if (refusal === null) return compileLinear(read, options)
  const shown = read === source ? '' : `, read as ${JSON.stringify(read)},`
  throw new TypeError(`the pattern ${JSON.stringify(source)}${shown} ${refusal}`)
}

/** Where a pattern matches, first to last, none empty. */
export function* matchesOf(
  pattern: Pattern,
  text: string,
): Generator<{ readonly start: number; readonly end: number }> {
  // The look for any match at all is cheaper than the one for its place.
  if (!pattern.test(text)) return
  const matcher = pattern.matcher(text)
  while (matcher.find()) {
    const [start, end] = [matcher.start(), matcher.end()]
    if (end > start) yield { start, end }
  }
}
