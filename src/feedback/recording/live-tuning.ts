import type { RecordedDecisions } from '../../core/recorded-decisions.ts'
import type { Rollouts, TuningState } from '../../core/tuning.ts'
import { laterUnnoticed, type Later } from '../../concurrency/later.ts'
import type { CallThresholds, DecidedContent, ThresholdsFor } from '../../filters/pipeline/call-thresholds.ts'
import type { ProfileInForce, ThresholdsInForce } from '../rollouts/thresholds-in-force.ts'
import { DecisionRecorder, type DecisionRecorderOptions } from './decision-recorder.ts'
import { EverySecond } from '../../concurrency/every-second.ts'
import { compare, RolloutCounter } from './rollout-counter.ts'
import { stratumOf } from './strata.ts'
import type { TuningTold } from './told.ts'

export interface LiveTuningOptions extends Pick<DecisionRecorderOptions, 'sampling' | 'now'> {
  readonly inForce: ThresholdsInForce
  readonly told: TuningTold
  /** May any threshold be tuned? Else the state is read once, to say what of it is not followed. */
  readonly isWatched: boolean
  /** Are texts of decisions kept? */
  readonly keepsTexts: boolean
  readonly later?: Later
}

/** How long texts that wait may be masked when the service ends. */
const endingMilliseconds = 5_000

export interface TuningStores {
  readonly rollouts: Pick<Rollouts, 'state' | 'count'>
  readonly decisions: Pick<RecordedDecisions, 'keep'>
  /** How texts are kept, where they are; null where none is. */
  readonly texts: DecisionRecorderOptions['texts']
}

/**
 * The thresholds by which the calls of one process are decided, and what is recorded of that. Nothing of a call waits for it:
 * thresholds are read once a second, and what is recorded is kept as often. While the storage is away the last thresholds that
 * were read hold.
 */
export class LiveTuning {
  readonly #options: LiveTuningOptions
  readonly #counter = new RolloutCounter()
  #recorder: DecisionRecorder | null = null
  #keeping: EverySecond | null = null
  #state: TuningState | null = null
  #revision = 0
  #problems: readonly string[] = []
  #isStale = false

  constructor(options: LiveTuningOptions) {
    this.#options = options
  }

  readonly thresholdsFor: ThresholdsFor = ({ id, group }, profile): CallThresholds => {
    const { inForce, keepsTexts } = this.#options
    const by = inForce.profileFor({ group, principal: id, profile })
    const canaryOf: CallThresholds['canaryOf'] = (direction) =>
      by.rollouts.find(({ place, arm, stage }) => {
        return place.direction === direction && arm === 'canary' && stage === 'canary'
      })?.id ?? null
    return {
      profile: by.profile,
      revision: by.revision,
      canaryOf,
      keepsTexts: keepsTexts && this.#recorder !== null,
      decided: (content) => this.#decided(content, by, canaryOf(content.direction)),
    }
  }

  /**
   * Reads the thresholds in force and goes on to do so until it is disposed, which keeps what still waits. Rejects where they
   * cannot be read the first time: nobody knows then what holds.
   */
  async begin({ rollouts, decisions, texts }: TuningStores): Promise<AsyncDisposable> {
    const { told, isWatched, keepsTexts, sampling, now, later } = this.#options
    await this.#read(rollouts)
    const recorder = new DecisionRecorder({ sampling, now, told, decisions, texts: keepsTexts ? texts : null })
    const ending = new AbortController()
    const timer = later === undefined ? {} : { later }
    const keep = async (signal: AbortSignal): Promise<void> => {
      try {
        await this.#counter.flush(rollouts)
        await recorder.flush(signal)
      } catch (thrown) {
        told.onFault(thrown, 'what was recorded of decisions could not be kept; it is tried again')
        throw thrown
      }
    }
    const keeping = new EverySecond({ work: () => keep(ending.signal), ...timer })
    const watching = new EverySecond({
      work: async () => {
        await this.#readAgain(rollouts)
        watching.ask()
      },
      ...timer,
    })
    ;[this.#recorder, this.#keeping] = [recorder, keeping]
    if (isWatched) watching.ask()
    return {
      [Symbol.asyncDispose]: async () => {
        ;[this.#recorder, this.#keeping] = [null, null]
        // Texts that are not masked by then are not kept.
        const stop = (later ?? laterUnnoticed)(() => ending.abort(new Error('the service ends')), endingMilliseconds)
        await Promise.all([keeping[Symbol.asyncDispose](), watching[Symbol.asyncDispose]()])
        try {
          await keep(ending.signal)
        } catch {
          recorder.abandon()
        }
        stop.stop()
      },
    }
  }

  /** What is worse than it should be while calls go on, for people. */
  faults(): readonly string[] {
    const stale = `tuned thresholds cannot be read, so those of revision ${this.#revision} hold`
    return [...(this.#isStale ? [stale] : []), ...this.#problems]
  }

  #decided(content: DecidedContent, by: ProfileInForce, canary: string | null): void {
    const { action, direction, group, scores } = content
    // Nothing was there to be decided on.
    if (action === 'allow' && scores?.length === 0) return
    const { told } = this.#options
    told.onDecided({ group, direction, stratum: stratumOf(content) })
    if (this.#recorder === null) return
    for (const rollout of by.rollouts) {
      if (rollout.place.direction !== direction) continue
      const outcome = compare(rollout, scores)
      if (outcome === null) continue
      this.#counter.count(rollout, outcome)
      told.onCompared(rollout, outcome)
    }
    const { name, version } = by.profile
    this.#recorder.record(content, { profile: { name, version }, revision: by.revision, canary })
    if (!this.#counter.isEmpty || !this.#recorder.isEmpty) this.#keeping?.ask({ atOnce: this.#recorder.isFull })
  }

  async #readAgain(rollouts: TuningStores['rollouts']): Promise<void> {
    try {
      await this.#read(rollouts)
      this.#setStale(false)
    } catch (thrown) {
      this.#setStale(true)
      this.#options.told.onFault(thrown, 'tuned thresholds could not be read; the last ones that were hold')
      throw thrown
    }
  }

  async #read(rollouts: TuningStores['rollouts']): Promise<void> {
    const { inForce, told } = this.#options
    const state = await rollouts.state()
    // A storage that was put back may be of the same revision, and holds something else.
    if (state === this.#state) return
    const isFirst = this.#state === null
    this.#state = state
    if (isFirst && state.revision === 0) return
    this.#problems = inForce.apply(state).problems.map(({ message }) => message)
    this.#revision = state.revision
    told.onState({ revision: state.revision, problems: this.#problems })
  }

  #setStale(isStale: boolean): void {
    if (isStale !== this.#isStale) this.#options.told.onStale(isStale)
    this.#isStale = isStale
  }
}
