import type { Filter, FilterContext, FilterFinding, FilterPart } from './filter.ts'
import type { Traits } from './views/traits.ts'
import { touches } from './views/text-view.ts'
import { readingsOf, wordReadingsOf, type Reading, type WordReading } from './views/views.ts'

/** A hit in one reading of a text; offsets as in `FilterFinding`. */
export interface Match {
  readonly start: number
  readonly end: number
  readonly category: string
  readonly score: number
  readonly severity?: NonNullable<FilterFinding['severity']>
}

/** Where the text that is scanned comes from. */
export interface Scanned {
  readonly part: FilterPart
  readonly context: FilterContext
  /** Of the text that is scanned. */
  readonly traits: Traits
  /** Does what stands from one place of the text to another touch what is decided on? The rest may be left unsaid. */
  readonly isWanted: (start: number, end: number) => boolean
  /** Are its words spelled as a person reads them, and not as they are written? See `respellings`. */
  readonly isRespelled: boolean
  /** The same for all readings of one part while it is looked at once: what a detector keeps between these goes by it. */
  readonly look: object
}

export type Scan = (text: string, scanned: Scanned) => readonly Match[]

export interface TextFilterOptions {
  readonly name: string
  /** All that it may report. */
  readonly categories?: readonly string[]
  readonly onFailure: Filter['onFailure']
  /** Shorter texts hold nothing of this kind. */
  readonly minimumLength: number
  /** Can a reading with such traits hold anything of this kind? */
  readonly mayHold: (traits: Traits, text: string, context: FilterContext) => boolean
  readonly scan: Scan
  /**
   * `written`: only the text as it stands, normalized; what is rendered or encoded is not read. `words`: all, and each of
   * them in the spellings in which a person reads its words (`h4te`, `k i l l`).
   */
  readonly readings?: 'all' | 'written' | 'words'
}

/** Readings of parts: the detectors look at the same ones, one after the other. */
const known = new WeakMap<readonly FilterPart[], (readonly Reading[] | undefined)[]>()

/** Every way in which each of some parts can be read, found once for all detectors, when it is first asked for. */
export function readingsOfParts(parts: readonly FilterPart[]): (index: number) => readonly Reading[] {
  let readings = known.get(parts)
  if (readings === undefined) known.set(parts, (readings = []))
  const read = readings
  return (index) => {
    const part = parts[index]
    return part === undefined ? [] : (read[index] ??= readingsOf(part.text, part.focus))
  }
}

/** The same with the spellings of words, which most detectors have no use for. */
const knownWords = new WeakMap<readonly Reading[], readonly WordReading[]>()

/** Every way in which the words of each of some parts can be read, found once for all detectors that ask for it. */
export function wordReadingsOfParts(parts: readonly FilterPart[]): (index: number) => readonly WordReading[] {
  const readingsAt = readingsOfParts(parts)
  return (index) => {
    const readings = readingsAt(index)
    let words = knownWords.get(readings)
    if (words === undefined) knownWords.set(readings, (words = wordReadingsOf(readings)))
    return words
  }
}

const always = (): boolean => true

const isRespelled = (reading: Reading | WordReading): boolean => 'isRespelled' in reading && reading.isRespelled

/** Which part of how many is looked at, and for whom. */
interface Inspected {
  readonly index: number
  readonly context: FilterContext
}

/** What one text says once: a value stands in several readings. */
function distinct(findings: readonly FilterFinding[]): FilterFinding[] {
  const byPlace = new Map<string, FilterFinding>()
  for (const finding of findings) {
    const key = `${finding.start} ${finding.end} ${finding.category}`
    const known = byPlace.get(key)
    if (known === undefined || known.score < finding.score) byPlace.set(key, finding)
  }
  return [...byPlace.values()]
}

/** A detector that reads texts, in every way they can be read, with a pure function. */
export function createTextFilter(options: TextFilterOptions): Filter {
  const { name, onFailure, minimumLength, mayHold, scan, readings = 'all' } = options

  function inspectPart(
    part: FilterPart,
    views: readonly (Reading | WordReading)[],
    { index, context }: Inspected,
  ): FilterFinding[] {
    const findings: FilterFinding[] = []
    const { focus } = part
    const look = {}
    for (const view of views) {
      const { text, traits } = view
      if (text.length < minimumLength || !mayHold(traits, text, context)) continue
      const isWanted =
        focus === undefined ? always : (start: number, end: number) => touches(view.span(start, end), focus)
      for (const match of scan(text, { part, context, traits, isWanted, isRespelled: isRespelled(view), look })) {
        const { category, score, severity } = match
        const finding = { part: index, ...view.span(match.start, match.end), category, score, detector: name }
        findings.push(severity === undefined ? finding : { ...finding, severity })
      }
    }
    return findings.length < 2 ? findings : distinct(findings)
  }

  function inspectAll(
    parts: readonly FilterPart[],
    context: FilterContext,
    signal: AbortSignal | null,
  ): readonly FilterFinding[] {
    const findings: FilterFinding[] = []
    const readingsAt = readings === 'words' ? wordReadingsOfParts(parts) : readingsOfParts(parts)
    for (let index = 0; index < parts.length; index += 1) {
      if (index % 256 === 0) signal?.throwIfAborted()
      const part = parts[index] as FilterPart
      if (part.text.length < minimumLength) continue
      const all = readingsAt(index)
      const views = readings === 'written' ? all.slice(0, 1) : all
      // Most texts hold nothing of any kind.
      if (!views.some(({ text, traits }) => text.length >= minimumLength && mayHold(traits, text, context))) continue
      // One by one: a long text holds more of them than a call takes arguments.
      for (const finding of inspectPart(part, views, { index, context })) findings.push(finding)
    }
    return findings
  }

  return {
    name,
    ...(options.categories === undefined ? {} : { categories: options.categories }),
    onFailure,
    inspect: async (parts, context, signal) => inspectAll(parts, context, signal),
    inspectAtOnce: (parts, context) => inspectAll(parts, context, null),
  }
}
