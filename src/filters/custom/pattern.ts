import { RE2JS, type RE2JS as Pattern } from 're2js'
import { normalize } from '../views/normalize.ts'

export type { Pattern }

export const longestPattern = 1_000

/** A pattern that takes time in proportion to the text, or what is wrong with it. Read without accents, as texts are. */
export function compilePattern(source: string, { ignoreCase = false } = {}): Pattern | string {
  try {
    const compiled = RE2JS.compile(normalize(source).text, ignoreCase ? RE2JS.CASE_INSENSITIVE : 0)
    if (compiled.matcher('').matches()) return 'must not match an empty text'
    return compiled
  } catch (cause) {
    return `is no pattern of RE2: ${cause instanceof Error ? cause.message : String(cause)}`
  }
}

/** As `compilePattern`, for a pattern that was looked at before. */
export function mustCompile(source: string, options: { readonly ignoreCase: boolean }): Pattern {
  const compiled = compilePattern(source, options)
  if (typeof compiled === 'string') throw new TypeError(`The pattern ${JSON.stringify(source)} ${compiled}.`)
  return compiled
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
