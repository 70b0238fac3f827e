import type { Filter, FilterContext, FilterFinding, FilterPart } from './filter.ts'
import { isDisguised, viewsOf } from './views.ts'

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
  /** A text that this does not match, and that is not encoded or disguised, holds nothing of this kind. */
  readonly hint: RegExp
  readonly scan: Scan
}

/** A detector that reads texts, in every way they can be read, with a pure function. */
export function createTextFilter(options: TextFilterOptions): Filter {
  const { name, onFailure, minimumLength, hint, scan } = options
  return {
    name,
    onFailure,
    async inspect(parts, context, signal) {
      const findings: FilterFinding[] = []
      for (const [index, part] of parts.entries()) {
        if (index % 256 === 0) signal.throwIfAborted()
        if (part.text.length < minimumLength || !(hint.test(part.text) || isDisguised(part.text))) continue
        for (const view of viewsOf(part.text)) {
          for (const match of scan(view.text, part, context)) {
            const { category, score } = match
            findings.push({ part: index, ...view.span(match.start, match.end), category, score, detector: name })
          }
        }
      }
      return findings
    },
  }
}
