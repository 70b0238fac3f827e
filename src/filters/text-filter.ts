import type { Filter, FilterContext, FilterFinding, FilterPart } from './filter.ts'
import type { Traits } from './views/traits.ts'
import { readingsOf, type Reading } from './views/views.ts'

/** A hit in one reading of a text; offsets as in `FilterFinding`. */
export interface Match {
  readonly start: number
  readonly end: number
  readonly category: string
  readonly score: number
}

export type Scan = (text: string, part: FilterPart, context: FilterContext) => readonly Match[]

export interface TextFilterOptions {
  readonly name: string
  readonly onFailure: Filter['onFailure']
  /** Shorter texts hold nothing of this kind. */
  readonly minimumLength: number
  /** Can a reading with such traits hold anything of this kind? */
  readonly mayHold: (traits: Traits, text: string, context: FilterContext) => boolean
  readonly scan: Scan
}

/** Readings of a part: the detectors look at the same ones, one after the other. */
const known = new WeakMap<FilterPart, readonly Reading[]>()

function readingsOfPart(part: FilterPart): readonly Reading[] {
  let readings = known.get(part)
  if (readings === undefined) {
    readings = readingsOf(part.text, part.focus)
    known.set(part, readings)
  }
  return readings
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
  const { name, onFailure, minimumLength, mayHold, scan } = options

  function inspectPart(part: FilterPart, index: number, context: FilterContext): readonly FilterFinding[] {
    const findings: FilterFinding[] = []
    for (const view of readingsOfPart(part)) {
      if (view.text.length < minimumLength || !mayHold(view.traits, view.text, context)) continue
      for (const match of scan(view.text, part, context)) {
        const { category, score } = match
        findings.push({ part: index, ...view.span(match.start, match.end), category, score, detector: name })
      }
    }
    return findings.length < 2 ? findings : distinct(findings)
  }

  return {
    name,
    onFailure,
    async inspect(parts, context, signal) {
      const findings: FilterFinding[] = []
      for (const [index, part] of parts.entries()) {
        if (index % 256 === 0) signal.throwIfAborted()
        if (part.text.length >= minimumLength) findings.push(...inspectPart(part, index, context))
      }
      return findings
    },
  }
}
