import { isObject, type JsonObject } from '../../apis/api.ts'
import { compileLinear } from '../../../filters/custom/options.ts'
import { elementOf, memberOf, requestTree, type ApiPositions, type PositionNode } from '../positions/position.ts'
import type { Labels } from '../tokens/labels.ts'
import type { SurrogateRange } from './range.ts'
import { surrogateRanges } from './ranges.ts'
import type { SurrogateChoices } from './options.ts'

/** Which values of a request get surrogates, and what no surrogate may hold. */
export interface SurrogateForms {
  readonly kinds: ReadonlySet<string>
  /** Where one of these is written, the answer ends. */
  readonly stops: readonly string[]
}

interface AskedFormsOptions {
  readonly positions: ApiPositions
  readonly choices: SurrogateChoices
  readonly labels: Labels
}

/** Patterns of a request that are tried, and how long they may be: the rest asks for nothing. */
const mostPatterns = 32
const longestPattern = 200

/** What the counts of a pattern come to, added and multiplied: a caller's `(\\p{L}{99}){99}` takes a second to compile. */
const mostRepeats = { added: 200, multiplied: 100_000 }

/** Is the pattern one that is compiled and tried in a fraction of a millisecond? */
function isSmall(pattern: string): boolean {
  if (pattern.length > longestPattern) return false
  const counts = [...pattern.matchAll(/\{(\d+)(?:,(\d*))?\}/g)].map(([, least, most]) =>
    Math.max(1, Number(most || least)),
  )
  const added = counts.reduce((sum, count) => sum + count, 0)
  const multiplied = counts.reduce((product, count) => product * count, 1)
  return added <= mostRepeats.added && multiplied <= mostRepeats.multiplied
}

/**
 * The kinds whose values get surrogates: those of the profile, and those of which a token could not be written where a JSON
 * Schema or a stop text of the request says how a text is written, and a surrogate could.
 */
export function surrogateFormsOf(body: JsonObject, { positions, choices, labels }: AskedFormsOptions): SurrogateForms {
  const stops = [body['stop'], body['stop_sequences']]
    .flat()
    .filter((stop): stop is string => typeof stop === 'string' && stop !== '')
  const ranges = [...surrogateRanges.values()]
  const always = ranges.filter(({ category }) => choices[category] === 'always')
  const open = ranges.filter(({ category }) => (choices[category] ?? 'asked') === 'asked')
  if (open.length === 0) return { kinds: kindsOf(always), stops }
  const constraints = constraintsOf(body, positions)
  // Most requests say nothing of how a text is written.
  if (stops.length === 0 && constraints.length === 0) return { kinds: kindsOf(always), stops }
  const asked = open.filter((range) => {
    const label = labels.of(range.category)
    const token = `${label}_B1C2D3F4G5`
    return (
      stops.some((stop) => couldHold(label, stop)) ||
      constraints.some((fits) => !fits(token, null) && range.samples.some((sample) => fits(sample, range)))
    )
  })
  return { kinds: kindsOf([...always, ...asked]), stops }
}

const kindsOf = (ranges: readonly SurrogateRange[]): ReadonlySet<string> =>
  new Set(ranges.map((range) => range.category))

/** Could a token with this label hold the text? Its key is pairs of a consonant and a digit. */
function couldHold(label: string, stop: string): boolean {
  const at = stop.lastIndexOf('_')
  if (at >= 0) return `${label}_`.endsWith(stop.slice(0, at + 1)) && /^(?:[B-Z]\d){0,5}[B-Z]?$/.test(stop.slice(at + 1))
  return label.includes(stop) || /^\d?(?:[B-Z]\d){0,5}[B-Z]?$/.test(stop)
}

/** May a text stand here? A token is of no range. */
type Fits = (text: string, range: SurrogateRange | null) => boolean

/** What the schemas of a request say of texts. */
function constraintsOf(body: JsonObject, positions: ApiPositions): readonly Fits[] {
  const constraints = new Map<string, Fits>()
  let patterns = 0
  for (const { format, pattern, maxLength } of schemasIn(body, positions)) {
    const form = typeof format === 'string' && knownFormats.has(format) ? format : null
    const isTried = typeof pattern === 'string' && patterns < mostPatterns && isSmall(pattern)
    const most = typeof maxLength === 'number' ? maxLength : Infinity
    const name = JSON.stringify([form, isTried ? pattern : null, most])
    if ((form === null && !isTried && most === Infinity) || constraints.has(name)) continue
    if (isTried) patterns += 1
    const matches = isTried ? matcherOf(pattern) : always
    constraints.set(
      name,
      (text, range) =>
        (form === null || range?.formats.includes(form) === true) && text.length <= most && matches(text),
    )
  }
  return [...constraints.values()]
}

const knownFormats: ReadonlySet<string> = new Set([...surrogateRanges.values()].flatMap(({ formats }) => formats))

const always = (): boolean => true

/** A pattern that cannot be read in linear time asks for nothing. */
function matcherOf(pattern: string): (text: string) => boolean {
  try {
    const compiled = compileLinear(pattern)
    return (text) => compiled.matcher(text).find()
  } catch {
    return always
  }
}

/** Every object within the schemas of a body, which stand before the turns. */
function* schemasIn(body: JsonObject, positions: ApiPositions): Generator<JsonObject> {
  const later = new Set(positions.turns)
  const before = Object.fromEntries(Object.entries(body).filter(([name]) => !later.has(name)))
  const waiting: { readonly value: unknown; readonly position: PositionNode | null; readonly isSchema: boolean }[] = [
    { value: before, position: requestTree(positions), isSchema: false },
  ]
  for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
    const { value, position } = place
    const isSchema = place.isSchema || position?.kind === 'schema'
    if (position === null && !isSchema) continue
    if (Array.isArray(value)) {
      for (const element of value) waiting.push({ value: element, position: elementOf(position), isSchema })
    } else if (isObject(value)) {
      if (isSchema) yield value
      for (const [name, inner] of Object.entries(value)) {
        waiting.push({ value: inner, position: memberOf(position, name), isSchema })
      }
    }
  }
}
