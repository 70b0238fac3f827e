import type { Filter, FilterFinding, FilterPart } from '../filter.ts'
import { Nearby, WordIndex } from '../identifiers/nearby.ts'
import { wordsOf, type Words } from '../identifiers/recognizer.ts'
import { createTextFilter, type Match, type Scanned } from '../text-filter.ts'
import { checkOf } from './checks.ts'
import { categoryOf, type CustomOptions, type ListOptions, type RecognizerOptions } from './options.ts'
import { compilePattern, matchesOf, type Pattern } from './pattern.ts'
import { foldValue, ValueList } from './value-list.ts'
import { isWholeToken } from './whole-token.ts'

interface CustomRecognizer {
  readonly category: string
  readonly pattern: Pattern
  readonly words: Words | null
  readonly score: number
  readonly namedScore: number
  readonly isWhole: boolean
  readonly passes: (value: string) => boolean
}

const literal = (word: string) => foldValue(word).replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)

function compile(options: RecognizerOptions): CustomRecognizer {
  const {
    pattern,
    ignore_case: ignoreCase,
    words,
    score,
    named_score: namedScore,
    within_words: isWithin,
    check,
  } = options
  return {
    category: categoryOf(options),
    pattern: compilePattern(pattern, { ignoreCase }),
    words: words.length === 0 ? null : wordsOf(...words.map(literal)),
    score,
    namedScore,
    isWhole: !isWithin,
    passes: check === null ? () => true : checkOf(check),
  }
}

function* findWith(recognizer: CustomRecognizer, text: string, nearby: Nearby): Generator<Match> {
  const { category, pattern, words, passes } = recognizer
  for (const { start, end } of matchesOf(pattern, text)) {
    if (recognizer.isWhole && !isWholeToken(text, start, end)) continue
    const isNamed = words !== null && nearby.distance(words, start, end) !== null
    const score = isNamed ? recognizer.namedScore : recognizer.score
    if (score > 0 && passes(text.slice(start, end))) yield { start, end, category, score }
  }
}

const ofSecrets = /^secret(?:\/|$)/
const ignoringCase = { ignoreCase: true }

interface Denied {
  readonly category: string
  readonly values: ValueList
  readonly patterns: readonly Pattern[]
}

function* findDenied({ category, values, patterns }: Denied, text: string): Generator<Match> {
  for (const span of values.find(text)) yield { ...span, category, score: 1 }
  for (const pattern of patterns) for (const span of matchesOf(pattern, text)) yield { ...span, category, score: 1 }
}

/** What finds what an operator has defined. */
export const customDetector = 'custom@1'

/** An operator's own recognizers, and the values that are always found. Throws for a pattern that cannot be read. */
export function createCustomFilter({ recognizers, deny }: Pick<CustomOptions, 'recognizers' | 'deny'>): Filter {
  const compiled = recognizers.map(compile)
  const denied = deny.map(({ category, values, patterns }) => ({
    category,
    values: new ValueList(values),
    patterns: patterns.map((pattern) => compilePattern(pattern, ignoringCase)),
  }))
  const index = new WordIndex(compiled.flatMap(({ words }) => (words === null ? [] : [words])))
  const ofValues = denied.filter(({ values }) => !values.isEmpty)
  const scan = (text: string, { part, isWanted, isRespelled }: Scanned) => {
    const found: Match[] = []
    if (isRespelled) {
      for (const { category, values } of ofValues)
        for (const span of values.find(text)) found.push({ ...span, category, score: 1 })
      return found.filter(({ start, end }) => isWanted(start, end))
    }
    const nearby = new Nearby(text, index, part.label)
    for (const recognizer of compiled) for (const match of findWith(recognizer, text, nearby)) found.push(match)
    for (const list of denied) for (const match of findDenied(list, text)) found.push(match)
    return found.filter(({ start, end }) => isWanted(start, end))
  }
  const isEmpty = compiled.length === 0 && denied.length === 0
  return createTextFilter({
    name: customDetector,
    onFailure: 'closed',
    minimumLength: 1,
    mayHold: () => !isEmpty,
    scan,
    // A value of a list is one however it is spelled; a pattern says itself how.
    readings: ofValues.length === 0 ? 'all' : 'words',
  })
}

/**
 * The filter without what it finds that is exactly a value, or as a whole a match, of the list. A part of what was found is
 * nothing of the list's, and a secret is one to the letter: in other letters it is another one.
 */
export function withoutAllowed(filter: Filter, { values, patterns }: ListOptions): Filter {
  const exact = new Set(values)
  const folded = new Set(values.map(foldValue))
  const compiled = patterns.map((pattern) => compilePattern(pattern, ignoringCase))
  if (exact.size === 0 && compiled.length === 0) return filter
  const isAllowed = (value: string, category: string) =>
    ofSecrets.test(category)
      ? exact.has(value) || compiled.some((pattern) => pattern.testExact(value))
      : folded.has(foldValue(value)) || compiled.some((pattern) => pattern.testExact(foldValue(value)))
  const { name, onFailure, inspectAtOnce } = filter
  const withoutThem = (findings: readonly FilterFinding[], parts: readonly FilterPart[]) =>
    findings.filter(({ part, start, end, category }) => !isAllowed(parts[part]?.text.slice(start, end) ?? '', category))
  return {
    name,
    onFailure,
    inspect: async (parts, context, signal) => withoutThem(await filter.inspect(parts, context, signal), parts),
    ...(inspectAtOnce === undefined
      ? {}
      : { inspectAtOnce: (parts, context) => withoutThem(inspectAtOnce(parts, context), parts) }),
  }
}
