import type { FilterContext, FilterPart } from '../../filters/filter.ts'
import { Masker, type MaskedSpan } from '../../filters/mask.ts'
import type { CallThresholds } from '../../filters/pipeline/call-thresholds.ts'
import type { ContentPipeline, ContentVerdict } from '../../filters/pipeline/pipeline.ts'
import type { FilterAction, FilterDecision } from '../../filters/profile.ts'
import { windowsOf, type TextWindow } from '../../filters/windows/windows.ts'
import type { ContentDecision } from '../authorize/content-rules.ts'
import type { ContentRecord } from './content-record.ts'

export interface AnswerDeciderOptions {
  readonly pipeline: ContentPipeline
  readonly thresholds: CallThresholds
  readonly context: FilterContext
  /** What rules make of what was found. */
  readonly decide: (verdict: ContentVerdict, parts: readonly FilterPart[]) => Promise<ContentDecision>
  readonly record: ContentRecord
  readonly signal: AbortSignal
}

/** What becomes of stretches of an answer: `spans` are what is replaced in each of their windows. */
export interface DecidedWindows {
  readonly action: FilterAction
  /** Of the rule that wants it; null where the profile does. */
  readonly reason: string | null
  readonly spans: readonly (readonly MaskedSpan[])[]
}

/** Decides about what a model has written, in the windows in which every text is read, however it comes. */
export class AnswerDecider {
  readonly #options: AnswerDeciderOptions

  constructor(options: AnswerDeciderOptions) {
    this.#options = options
  }

  get record(): ContentRecord {
    return this.#options.record
  }

  async windows(windows: readonly TextWindow[]): Promise<DecidedWindows> {
    const { pipeline, thresholds, context, decide, record, signal } = this.#options
    const { profile } = thresholds
    if (windows.length === 0) return { action: 'allow', reason: null, spans: [] }
    const parts = windows.map(({ text, from, to }): FilterPart => {
      return { text, focus: { start: from, end: to }, provenance: 'model', form: 'markdown' }
    })
    const verdict = await pipeline.inspect(parts, { profile, context }, signal)
    const isTold = verdict.decisions.length + verdict.failures.length > 0
    const decided: ContentDecision = isTold
      ? await decide(verdict, parts)
      : { ...verdict, reason: null, rules: [], revision: null }
    // What began in a window before was counted there.
    const isCounted = ({ part, start }: FilterDecision): boolean => start >= (windows[part]?.from ?? 0)
    record.add({ ...decided, decisions: decided.decisions.filter(isCounted) }, parts)
    const byWindow = Map.groupBy(
      decided.decisions.filter(({ effective }) => effective === 'mask'),
      ({ part }) => part,
    )
    return { action: decided.action, reason: decided.reason, spans: windows.map((_, at) => byWindow.get(at) ?? []) }
  }

  /** Whole texts, each with what is left of it. */
  async texts(
    texts: readonly string[],
  ): Promise<Omit<DecidedWindows, 'spans'> & { readonly masked: readonly string[] }> {
    const all = texts.map((text) => [...windowsOf(text)])
    const { action, reason, spans } = await this.windows(all.flat())
    let at = 0
    const masked = all.map((windows) => {
      const masker = new Masker()
      return windows.map((window) => masker.mask(window, spans[at++] ?? [])).join('')
    })
    return { action, reason, masked }
  }
}
