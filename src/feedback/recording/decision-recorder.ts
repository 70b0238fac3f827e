import type { KeptDecision, RecordedDecision, RecordedDecisions, SealedSample } from '../../core/recorded-decisions.ts'
import type { DecidedContent } from '../../filters/pipeline/call-thresholds.ts'
import { DecisionQueue, type Queued } from './decision-queue.ts'
import type { MaskSample } from './mask-sample.ts'
import { stratumOf, type Sampling } from './strata.ts'
import type { TuningTold } from './told.ts'

/** Seals the text of a decision under a data key of its own. */
export type SealSample = (decision: string, text: string) => Promise<Omit<SealedSample, 'id'>>

export interface DecisionRecorderOptions {
  readonly decisions: Pick<RecordedDecisions, 'keep'>
  readonly sampling: Sampling
  /** How texts are kept; null where none is. */
  readonly texts: { readonly mask: MaskSample; readonly seal: SealSample } | null
  readonly told: Pick<TuningTold, 'onRecorded' | 'onDropped' | 'onFault'>
  readonly now: () => Date
}

/** The profile and the thresholds by which a decision was made. */
export interface DecidedBy {
  readonly profile: { readonly name: string; readonly version: number }
  readonly revision: number
  readonly canary: string | null
}

interface Waiting extends Queued {
  readonly decision: Omit<RecordedDecision, 'conversation'>
  readonly conversation: DecidedContent['conversation']
  sample: Omit<SealedSample, 'id'> | null
}

/** Rows of one statement. */
export const batchSize = 500
/** A batch that was refused so often is kept one by one, so that one row which cannot be kept does not hold up the others. */
const mostRefusals = 3

/**
 * Keeps decisions of content filters, as many of each stratum as are wanted. Nothing waits for it: what is recorded waits in
 * memory, so much at most, until it is flushed.
 */
export class DecisionRecorder {
  readonly #options: DecisionRecorderOptions
  readonly #queue = new DecisionQueue<Waiting>()
  #refusals = 0

  constructor(options: DecisionRecorderOptions) {
    this.#options = options
  }

  get isEmpty(): boolean {
    return this.#queue.size === 0
  }

  get isFull(): boolean {
    return this.#queue.size >= batchSize
  }

  record(content: DecidedContent, by: DecidedBy): void {
    const { sampling, texts, told, now } = this.#options
    const stratum = stratumOf(content)
    const weight = sampling(content.id, stratum)
    if (weight === null) return
    const { id, principal, group, direction, api, action, conversation } = content
    const scores = (content.scores ?? []).map(({ detectors, ...scored }) =>
      Object.assign(scored, { detectors: detectors.join(' ') }),
    )
    const about = { id, principal, group, direction, api, action, stratum, weight, scores }
    const decision = { ...about, ...by, made: now().toISOString() }
    const kept = texts === null ? [] : content.texts
    const dropped = this.#queue.push({ stratum, decision, conversation, texts: kept, sample: null })
    if (dropped.decisions > 0) told.onDropped('decision', 'full', dropped.decisions)
    if (dropped.texts > 0) told.onDropped('text', 'full', dropped.texts)
  }

  /** Keeps what waits; rejects where the storage does not take it, and then it waits on. */
  async flush(signal: AbortSignal): Promise<void> {
    // What comes meanwhile is flushed the next time.
    for (let left = this.#queue.size; left > 0; left -= batchSize) {
      const batch = this.#queue.first(Math.min(left, batchSize))
      if (batch.length === 0) return
      await this.#seal(batch, signal)
      await this.#keep(batch)
      this.#queue.remove(new Set(batch))
    }
  }

  /** What still waits is kept by nobody. */
  abandon(): void {
    const { size } = this.#queue
    if (size > 0) this.#options.told.onDropped('decision', 'storage', size)
    this.#queue.remove(new Set(this.#queue.first(size)))
  }

  async #keep(batch: readonly Waiting[]): Promise<void> {
    const { decisions, told } = this.#options
    try {
      await decisions.keep(batch.map(toKept))
      this.#refusals = 0
      told.onRecorded(batch.length)
    } catch (thrown) {
      this.#refusals += 1
      if (this.#refusals < mostRefusals) throw thrown
      const kept = await this.#keepEach(batch)
      if (kept === 0) throw thrown
      this.#refusals = 0
      told.onRecorded(kept)
      told.onDropped('decision', 'storage', batch.length - kept)
      told.onFault(thrown, 'decisions of content filters could not be kept')
    }
  }

  async #keepEach(batch: readonly Waiting[]): Promise<number> {
    let kept = 0
    for (const item of batch) {
      try {
        await this.#options.decisions.keep([toKept(item)])
        kept += 1
      } catch {
        // Where nothing is kept at all the storage is away, and nothing is to be asked of it so often.
        if (kept === 0 && item === batch[mostRefusals]) return 0
      }
    }
    return kept
  }

  async #seal(batch: readonly Waiting[], signal: AbortSignal): Promise<void> {
    const { texts, told } = this.#options
    const faults: unknown[] = []
    for (const item of batch) {
      if (texts === null || item.texts.length === 0) continue
      const { id, group } = item.decision
      try {
        // A text whose conversation has no id yet could not be deleted with it.
        if (item.conversation !== null && item.conversation.id() === null) told.onDropped('text', 'no-conversation', 1)
        else item.sample = await texts.seal(id, await texts.mask(item.texts, group, signal))
      } catch (thrown) {
        told.onDropped('text', 'unmasked', 1)
        faults.push(thrown)
      }
      this.#queue.taken([item])
    }
    if (faults.length > 0)
      told.onFault(faults[0], 'texts of decisions could not be masked and sealed, and are not kept')
  }
}

function toKept({ decision, conversation, sample }: Waiting): KeptDecision {
  return { decision: { ...decision, conversation: conversation?.id() ?? null }, sample }
}
