import { strata, type Stratum, type TuningPlace } from '../../../src/core/recorded-decisions.ts'
import type { Proposal, Rollout, RolloutStage } from '../../../src/core/tuning.ts'
import { readPopulation } from '../../../src/feedback/estimates/population.ts'
import { propose } from '../../../src/feedback/proposals/propose.ts'
import type { ProposalRefusalReason } from '../../../src/feedback/proposals/refusals.ts'
import { LiveTuning } from '../../../src/feedback/recording/live-tuning.ts'
import { createSampling } from '../../../src/feedback/recording/strata.ts'
import { defaultBounds } from '../../../src/feedback/rollouts/bounds.ts'
import { createRolloutWatch } from '../../../src/feedback/rollouts/rollout-watch.ts'
import { whyNotYet, type StageGates } from '../../../src/feedback/rollouts/stage-rules.ts'
import { createThresholdsInForce, type ThresholdsOptions } from '../../../src/feedback/rollouts/thresholds-in-force.ts'
import { buildSet } from '../../../src/feedback/sets/build-set.ts'
import { namedProfiles } from '../../../src/filters/pipeline/named-profiles.ts'
import type { Storage } from '../../../src/storage/storage.ts'
import { createRandom, shuffled, type Random } from '../random.ts'
import { drawCase, trueRates, type MadePopulation } from './made-population.ts'

/** A place with those who ask there, the threshold that somebody has configured, and what is aimed at. */
interface LoopPlace {
  readonly place: TuningPlace
  readonly population: MadePopulation
  readonly configured: number
  /** The share of the harmless that may be acted on. */
  readonly target: number
}

/** Two groups with thresholds that are far too strict, over scores that overlap otherwise. */
export const loopPlaces: readonly LoopPlace[] = [
  {
    place: { group: 'staff', direction: 'inbound', rule: 'toxicity' },
    population: {
      harmfulShare: 0.06,
      harmful: { mean: 3, deviation: 1.2 },
      harmless: { mean: -2.2, deviation: 1.2 },
    },
    configured: 0.3,
    target: 0.03,
  },
  {
    place: { group: 'guests', direction: 'outbound', rule: 'toxicity/hate' },
    population: {
      harmfulShare: 0.12,
      harmful: { mean: 3.6, deviation: 1.5 },
      harmless: { mean: -2.6, deviation: 1.5 },
    },
    configured: 0.2,
    target: 0.05,
  },
]

const [words, complaintRate, mostIterations] = ['words@1', 0.05, 3]

/** Stages are left by what was counted: a simulation has no days. */
const gates: StageGates = { leastRequests: 200, leastMilliseconds: { shadow: 0, canary: 0, promoted: 0 } }

const rule = (threshold: number) => ({ threshold, action: 'block', mode: 'enforce' }) as const

const profiles = {
  staff: { version: 1, inbound: { toxicity: rule(0.3) }, outbound: {} },
  guests: { version: 1, inbound: {}, outbound: { 'toxicity/hate': rule(0.2) } },
}

const thresholds: ThresholdsOptions = {
  profiles,
  limits: { toxicity: { lowest: 0.1, highest: 0.9 } },
  groups: { staff: ['staff'], guests: ['guests'] },
}

export interface LoopIteration {
  readonly from: number
  readonly to: number
  readonly labels: number
  readonly complaints: number
  /** The stage that its rollout ended in, or why nothing was proposed. */
  readonly ended: RolloutStage | ProposalRefusalReason
}

export interface LoopResult {
  readonly place: TuningPlace
  readonly seed: number
  readonly target: number
  readonly iterations: readonly LoopIteration[]
  /** True rates of the threshold configured, and of the one in force at the end. */
  readonly before: ReturnType<typeof trueRates>
  readonly after: ReturnType<typeof trueRates>
}

export interface LoopOptions {
  readonly seed: number
  readonly storage: Storage
  /** Decisions that an iteration begins with. */
  readonly decisions?: number
}

/** The whole loop at each place, over one storage, with what the service has. The same seed comes to the same. */
export async function runClosedLoop(options: LoopOptions): Promise<readonly LoopResult[]> {
  const results: LoopResult[] = []
  for (const at of loopPlaces) results.push(await new Loop(at, options).run())
  return results
}

/** One place on its way. */
class Loop {
  readonly #at: LoopPlace
  readonly #storage: Storage
  readonly #seed: number
  readonly #decisions: number
  readonly #random: Random
  /** What nobody but the simulation knows. */
  readonly #truths = new Map<string, boolean>()
  readonly #labelled = new Set<string>()
  #clock = Date.parse('2026-11-01T00:00:00.000Z')
  #complaints = 0

  constructor(at: LoopPlace, { seed, storage, decisions = 6_000 }: LoopOptions) {
    ;[this.#at, this.#storage, this.#seed, this.#decisions] = [at, storage, seed, decisions]
    this.#random = createRandom(seed * 1_000 + at.place.group.length)
  }

  async run(): Promise<LoopResult> {
    const { place, population, configured, target } = this.#at
    const iterations: LoopIteration[] = []
    let since = this.#now()
    while (iterations.length < mostIterations) {
      const complaints = this.#complaints
      await this.#traffic(this.#decisions)
      const labels = await this.#label(since)
      const from = await this.#inForce()
      const proposed = await this.#propose(since)
      const ended = typeof proposed === 'string' ? proposed : await this.#rollOut(proposed)
      iterations.push({ from, to: await this.#inForce(), labels, complaints: this.#complaints - complaints, ended })
      // What more labels could decide is asked again with those of more traffic; else there is nothing left to do.
      if (typeof proposed !== 'string') since = this.#now()
      else if (proposed !== 'undecided') break
    }
    const [before, after] = [configured, await this.#inForce()].map((threshold) => trueRates(population, threshold))
    if (before === undefined || after === undefined) throw new Error('there are no rates')
    return { place, seed: this.#seed, target, iterations, before, after }
  }

  #now(): Date {
    return new Date(this.#clock)
  }

  #id(kind: string): string {
    return `${kind}${Array.from({ length: 32 }, () => Math.floor(this.#random() * 16).toString(16)).join('')}`
  }

  async #inForce(): Promise<number> {
    const { thresholds: tuned } = await this.#storage.rollouts.state()
    return tuned.find(({ place }) => place.group === this.#at.place.group)?.threshold ?? this.#at.configured
  }

  /** So many decisions, by whatever is in force, recorded and counted as the service does. */
  async #traffic(count: number): Promise<void> {
    for (let left = count; left > 0; left -= 1_000) await this.#decide(Math.min(left, 1_000))
  }

  async #decide(count: number): Promise<void> {
    const { place, population } = this.#at
    const { rollouts, recordedDecisions: decisions } = this.#storage
    const complained: { readonly decision: string; readonly principal: string }[] = []
    const live = new LiveTuning({
      inForce: createThresholdsInForce(thresholds),
      told: silent,
      isWatched: true,
      keepsTexts: false,
      sampling: createSampling({
        sample: 0.1,
        near: 0.5,
        takesComplaints: true,
        key: Buffer.from(`key ${this.#seed}`),
      }),
      now: () => this.#now(),
      later: () => ({ stop: () => undefined }),
    })
    const profile = namedProfiles(profiles).get(place.group)
    if (profile === undefined) throw new Error(`there is no profile ${place.group}`)
    {
      // Ends with all of it kept.
      await using _ = await live.begin({ rollouts, decisions, texts: null })
      for (let made = 0; made < count; made += 1) {
        this.#clock += 1_000
        const principal = `key_${Math.floor(this.#random() * 200)}`
        const call = live.thresholdsFor({ id: principal, group: place.group }, profile)
        const { isHarmful, score } = drawCase(population, this.#random)
        const threshold = call.profile[place.direction][place.rule]?.threshold ?? 1
        const effective = score >= threshold ? 'block' : 'allow'
        const scores = [{ rule: place.rule, score, threshold, effective, detectors: [words], isBound: false }] as const
        const id = this.#id('dec-')
        const about = { group: place.group, direction: place.direction, conversation: null, api: 'messages' }
        call.decided({ id, principal, ...about, action: effective, scores, texts: [] })
        this.#truths.set(id, isHarmful)
        const isWrong = effective === 'block' && !isHarmful
        if (isWrong && this.#random() < complaintRate) complained.push({ decision: id, principal })
      }
    }
    for (const { decision, principal } of complained) await this.#complain(decision, principal)
  }

  async #complain(decision: string, principal: string): Promise<void> {
    const said = { kind: 'appeal', verdict: 'down', reason: 'harmless', answer: null } as const
    const { group } = this.#at.place
    const sealed = { wrappedKey: 'no key', sealed: 'no comment' }
    const id = this.#id('cmp_')
    const { outcome } = await this.#storage.complaints.keep({ id, ...said, principal, group, decision, ...sealed }, 20)
    if (outcome === 'kept') this.#complaints += 1
  }

  /** A person says of drawn decisions, and of those that were complained of, what they are; how many there were. */
  async #label(since: Date): Promise<number> {
    const { place } = this.#at
    const { complaints } = this.#storage
    const drawn = await this.#draw(since, { withheld: 200, changed: 0, near: 200, passed: 150 })
    for (const id of drawn) await this.#keepLabel(id, 'audit', null)
    const waiting = { group: place.group, kind: 'appeal', state: 'waiting', reason: null, rule: place.rule } as const
    const { complaints: appeals } = await complaints.list(waiting, 1_000)
    for (const { id, decision } of appeals) {
      await this.#keepLabel(decision ?? '', 'appeal', id)
      await complaints.settle(id, 'labelled')
    }
    return drawn.length + appeals.length
  }

  /**
   * So many decisions of each stratum. The storage draws by numbers that nobody outside of it knows, and these come of the
   * seed, so that the same can be had again.
   */
  async #draw(since: Date, most: Readonly<Record<Stratum, number>>): Promise<readonly string[]> {
    const range = { place: this.#at.place, since: since.toISOString(), until: null }
    const ids: Record<Stratum, string[]> = { withheld: [], changed: [], near: [], passed: [] }
    for await (const page of this.#storage.recordedDecisions.pages(range, new AbortController().signal)) {
      for (const [row, id] of page.ids.entries()) {
        if (!this.#labelled.has(id)) ids[page.strata[row] ?? 'passed'].push(id)
      }
    }
    return strata.flatMap((stratum) => shuffled(ids[stratum], this.#random).slice(0, most[stratum]))
  }

  async #keepLabel(decision: string, source: 'audit' | 'appeal', complaint: string | null): Promise<void> {
    this.#labelled.add(decision)
    const truth = this.#truths.get(decision) === true ? 'harmful' : 'harmless'
    const by = { by: 'ann', why: 'so it reads', source, complaint }
    await this.#storage.labels.keep({ id: this.#id('lbl_'), decision, rule: this.#at.place.rule, truth, ...by })
  }

  /** A proposal of what was recorded and labelled since; else why there is none. */
  async #propose(since: Date): Promise<Proposal | ProposalRefusalReason> {
    const { place, target } = this.#at
    const { recordedDecisions, labels, evaluationSets, proposals } = this.#storage
    const range = { place, since: since.toISOString(), until: null }
    const name = `of-${place.group}`
    const built = buildSet({
      name,
      place,
      last: await evaluationSets.find(name, null),
      labels: await labels.of(place, range),
      detectors: words,
      by: 'ann',
    })
    const set = await evaluationSets.keep(built.set)
    const population = await readPopulation(recordedDecisions.pages(range, new AbortController().signal), words)
    const answer = propose({
      set,
      population,
      inForce: { threshold: await this.#inForce(), detectors: words },
      limits: { lowest: 0.1, highest: 0.9 },
      aim: { kind: 'false-positive-rate', most: target, confidence: 0.99 },
    })
    if (answer.kind === 'refused') return answer.reason
    const { from, to } = answer
    const of = { name, version: set.version, digest: set.digest }
    const figures = JSON.stringify(answer)
    return proposals.keep({ id: this.#id('tpr_'), place, from, to, set: of, detectors: words, figures, by: 'ann' })
  }

  /** From shadow into force, and through its watch; where it ended. */
  async #rollOut({ id: proposal, place, from, to, detectors }: Proposal): Promise<RolloutStage> {
    const { rollouts } = this.#storage
    const [id, salt] = [this.#id('rol_'), this.#id('')]
    const begun = { id, place, proposal, from, to, detectors, share: 0, salt, bounds: defaultBounds }
    await rollouts.begin(begun, { by: 'ann', why: 'fewer false blocks' })
    await this.#traffic(500)
    await this.#step(id, 'canary', 0.25)
    await this.#traffic(2_000)
    if ((await this.#look(id)) !== 'canary') return this.#look(id)
    await this.#step(id, 'promoted', 1)
    await this.#traffic(500)
    return this.#look(id)
  }

  async #step(id: string, to: RolloutStage, share: number): Promise<Rollout> {
    const seen = await this.#storage.rollouts.seen(id)
    const refused = seen === null ? 'it is not there' : whyNotYet(seen, to, gates)?.why
    if (seen === null || refused !== undefined) throw new Error(`${id} cannot go to ${to}: ${refused}`)
    const stepped = await this.#storage.rollouts.step(
      seen.rollout,
      { to, by: 'ann', why: 'it kept to its bounds' },
      { share },
    )
    if (stepped === null) throw new Error(`${id} was changed meanwhile`)
    return stepped
  }

  /** Lets the watch look; the stage after it. */
  async #look(id: string): Promise<RolloutStage> {
    const { rollouts } = this.#storage
    await createRolloutWatch({ rollouts, gates, detectorsOf: () => words, onTrail: (_, act) => act() }).look()
    const found = await rollouts.find(id)
    return found?.stage ?? 'stopped'
  }
}

const nobody = (): void => undefined

const silent = {
  onDecided: nobody,
  onCompared: nobody,
  onRecorded: nobody,
  onDropped: (what: string, why: string, count: number): void => {
    throw new Error(`${count} of ${what} were dropped: ${why}`)
  },
  onState: nobody,
  onFault: (error: unknown): void => {
    throw error
  },
  onStale: nobody,
}
