import type { RE2JS } from 're2js'
import { compileLinear, refusalOfPattern } from '../../../filters/custom/options.ts'
import { readingsOf } from '../../../filters/views/views.ts'
import type { PatternOptions } from '../engine.ts'

/** How often each pattern stands in a text, by id; only those that do. */
export type FindPatterns = (text: string) => ReadonlyMap<string, number>

/** What is wrong with patterns, naming the first; null for good ones. */
export function unfitPattern(patterns: Readonly<Record<string, PatternOptions>>): string | null {
  for (const [id, { expression }] of Object.entries(patterns)) {
    const refusal = refusalOfPattern(expression)
    if (refusal !== null) return `${id} ${refusal}`
  }
  return null
}

interface Compiled {
  readonly id: string
  readonly words: readonly string[]
  readonly expression: RE2JS
}

/** Counts beyond this many say nothing more. */
const mostHits = 100

/**
 * Looks for patterns in every way a text can be read: without what is hidden in it, with letters that look alike as one, as
 * it is shown when it is rendered, with base64 and hexadecimal opened.
 */
export function createFindPatterns(patterns: Readonly<Record<string, PatternOptions>>): FindPatterns {
  const compiled: readonly Compiled[] = Object.entries(patterns).map(([id, { words, expression }]) => ({
    id,
    words: words.map((word) => word.toLowerCase()),
    expression: compileLinear(expression),
  }))
  const none = new Map<string, number>()
  if (compiled.length === 0) return () => none
  return (text) => {
    const hits = new Map<string, number>()
    for (const reading of new Set(readingsOf(text).map((view) => plainOf(view.text)))) {
      for (const { id, words, expression } of compiled) {
        if (!words.some((word) => reading.includes(word))) continue
        // The same words in two readings are found once.
        hits.set(id, Math.max(hits.get(id) ?? 0, countIn(expression, reading)))
      }
    }
    for (const [id, count] of hits) if (count === 0) hits.delete(id)
    return hits
  }
}

function plainOf(text: string): string {
  return text.toLowerCase().replace(/\s+/g, ' ')
}

function countIn(expression: RE2JS, text: string): number {
  const matcher = expression.matcher(text)
  let count = 0
  while (count < mostHits && matcher.find()) count += 1
  return count
}
