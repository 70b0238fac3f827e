import type { AuthorizedCall } from '../../core/model-call.ts'
import type { FilterPart } from '../../filters/filter.ts'
import { maskText } from '../../filters/mask.ts'
import type { FilterDecision } from '../../filters/profile.ts'
import { objectOfBody } from '../calls/object-of-body.ts'
import { textsOfBody, type BodyText } from '../privacy/mask/body-texts.ts'
import { toPart } from '../privacy/mask/mask-body.ts'
import { positionsOf } from '../privacy/positions/api-positions.ts'
import { provenanceAt } from './provenance.ts'

/** A text of a body, or what a provider has sealed, which nobody may change. */
type LookedAt = Pick<BodyText, 'path' | 'kind' | 'text' | 'label'> & Partial<Pick<BodyText, 'replace'>>

/** The texts of a call's body, as detectors read them. */
export interface BodyParts {
  readonly parts: readonly FilterPart[]
  /** What was told to the model by whoever wrote the application. */
  readonly systemPrompts: readonly string[]
  readonly pathOf: (decision: FilterDecision) => string | undefined
  /** The body with these spans replaced, and every other byte as it was. */
  readonly masked: (decisions: readonly FilterDecision[]) => Buffer
}

/** Throws `invalid-request` for texts that come as ids of tokens, and `refused` for JSON that is nested too deep. */
export function partsOfBody({ api }: Pick<AuthorizedCall, 'api'>, body: Buffer): BodyParts {
  const { texts: found, unread, render } = textsOfBody(body.toString('utf8'), positionsOf[api])
  const sealed = unread.flatMap(({ kind, path, text }): LookedAt[] =>
    kind === 'sealed' && /\s/.test(text) ? [{ path, kind: 'words', text, label: null }] : [],
  )
  const texts: readonly LookedAt[] = [...found, ...sealed]
  const object = objectOfBody(body) ?? {}
  const parts = texts.map((text) => partOf(text, provenanceAt(object, text.path)))
  return {
    parts,
    systemPrompts: parts.flatMap(({ text, provenance, isCompared }) =>
      provenance === 'operator' && isCompared !== true ? [text] : [],
    ),
    pathOf: ({ part }) => texts[part]?.path,
    masked(decisions) {
      for (const [part, spans] of Map.groupBy(decisions, (decision) => decision.part)) {
        const { kind, text, replace } = texts[part] ?? {}
        // A number has to stay one.
        if (text !== undefined) replace?.(kind === 'number' ? '0' : maskText(text, spans))
      }
      return Buffer.from(render())
    },
  }
}

function partOf(text: LookedAt, provenance: FilterPart['provenance']): FilterPart {
  const { isCompared, ...part } = toPart(text)
  return { ...part, provenance, ...(isCompared === true ? { isCompared } : {}) }
}
