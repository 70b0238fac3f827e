import { ServiceError } from '../../core/errors.ts'
import type { Provenance } from '../../core/provenance.ts'
import type { FilterChain } from '../../filters/chain.ts'
import type { Direction, FilterPart } from '../../filters/filter.ts'
import { maskText, type MaskedSpan } from '../../filters/mask.ts'
import type { FilterDecision, FilterProfile } from '../../filters/profile.ts'

export interface ScreenerOptions {
  readonly chain: FilterChain
  readonly profile: FilterProfile
  readonly direction: Direction
  readonly group: string
  /** The SQL that must not be repeated; read again for every text. `null` where SQL may be shown. */
  readonly hiddenSql: () => readonly string[] | null
  /** Told of every decision, also those in shadow mode. Carries places and categories, never the text. */
  readonly onDecisions?: (decisions: readonly FilterDecision[]) => void
}

/** Applies a profile to texts. Rejects with `refused` where the profile blocks or a detector failed closed. */
export interface Screener {
  /** The stretches of each part to replace, in the order of the parts. */
  spans(parts: readonly FilterPart[], signal: AbortSignal): Promise<readonly (readonly MaskedSpan[])[]>
  texts(parts: readonly FilterPart[], signal: AbortSignal): Promise<readonly string[]>
  text(text: string, provenance: Provenance, signal: AbortSignal): Promise<string>
  /** Categories that the profile lets pass with a note, seen so far. */
  readonly annotated: ReadonlySet<string>
}

const nothing: readonly MaskedSpan[] = []

function refuseBlocked(decisions: readonly FilterDecision[]): void {
  const blocked = decisions.filter((decision) => decision.effective === 'block')
  if (blocked.length === 0) return
  const categories = [...new Set(blocked.map((decision) => decision.category))].sort()
  throw new ServiceError('refused', `The text was withheld: it holds ${categories.join(', ')}.`, {
    advice: 'Ask without it, or ask the operator to change the filter profile of your group.',
  })
}

export function createScreener(options: ScreenerOptions): Screener {
  const annotated = new Set<string>()
  const { chain, profile, direction, group } = options

  const spans: Screener['spans'] = async (parts, signal) => {
    const hidden = options.hiddenSql()
    const context = { direction, group, executedSql: hidden ?? [], anySql: hidden !== null }
    const decisions = await chain.decide(parts, { profile, context }, signal)
    if (decisions.length > 0) options.onDecisions?.(decisions)
    refuseBlocked(decisions)
    const perPart: MaskedSpan[][] = []
    for (const decision of decisions) {
      if (decision.effective === 'annotate') annotated.add(decision.category)
      if (decision.effective === 'mask') (perPart[decision.part] ??= []).push(decision)
    }
    return parts.map((_part, index) => perPart[index] ?? nothing)
  }

  const texts: Screener['texts'] = async (parts, signal) => {
    const found = await spans(parts, signal)
    return parts.map((part, index) => maskText(part.text, found[index] ?? nothing))
  }

  return {
    annotated,
    spans,
    texts,
    text: async (text, provenance, signal) => (await texts([{ text, provenance }], signal))[0] ?? '',
  }
}
