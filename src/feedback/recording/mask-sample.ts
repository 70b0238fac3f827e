import type { FilterChain } from '../../filters/chain.ts'
import type { FilterPart } from '../../filters/filter.ts'
import { Masker } from '../../filters/mask.ts'
import type { SeenText } from '../../filters/pipeline/call-thresholds.ts'
import type { FilterProfile } from '../../filters/profile.ts'

/** Hides every value of every kind: a kind without a rule is masked. */
const hidesAll: FilterProfile = { version: 1, inbound: {}, outbound: {} }

/** What may be kept of the texts of one decision. Rejects where a detector did not look at all of them: nothing is kept then. */
export type MaskSample = (texts: readonly SeenText[], group: string, signal: AbortSignal) => Promise<string>

export interface MaskSampleOptions {
  /** Detectors of values by group, each of which has to answer. `missed` says whether one did not, since it was asked last. */
  readonly chainFor: (group: string) => FilterChain
  readonly missed: () => boolean
}

/** Masks samples one after the other: `missed` belongs to the one at work. */
export function createMaskSample({ chainFor, missed }: MaskSampleOptions): MaskSample {
  return async (texts, group, signal) => {
    const parts = texts.map(({ text }): FilterPart => ({ text, provenance: 'user' }))
    const context = { direction: 'inbound', group, executedSql: [] } as const
    missed()
    const decisions = await chainFor(group).decide(parts, { profile: hidesAll, context }, signal)
    if (missed()) throw new Error('a detector of values did not look at the text of a decision')
    const found = Map.groupBy(
      decisions.filter(({ effective }) => effective !== 'allow'),
      ({ part }) => part,
    )
    const masked = texts.map(({ text, from, to }, at) =>
      new Masker().mask({ text, from, to, offset: 0, isLast: to === text.length }, found.get(at) ?? []),
    )
    return masked.join('\n')
  }
}
