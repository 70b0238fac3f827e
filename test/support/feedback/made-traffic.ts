import type { ScorePage, Stratum } from '../../../src/core/recorded-decisions.ts'
import type { LabelledScore } from '../../../src/core/tuning.ts'
import { createRandom, shuffled, type Random } from '../random.ts'

export interface MadeTrafficOptions {
  readonly seed: number
  readonly decisions: number
  /** In force when the decisions were made. */
  readonly threshold?: number
  /** Share of decisions that are harmful. */
  readonly baseRate?: number
  /** Means of the logits of the scores: the nearer, the harder the two are told apart. */
  readonly harmful?: number
  readonly harmless?: number
  /** Share recorded of decisions near the threshold, and of the rest. */
  readonly near?: number
  readonly sample?: number
  /** Days that the decisions are spread over. */
  readonly days?: number
}

export const madeDetectors = 'words@1'

interface MadeDecision {
  readonly id: string
  readonly score: number
  readonly isHarmful: boolean
  readonly stratum: Stratum
  readonly weight: number
  readonly made: number
}

/** Decisions of a simulated population whose truth is known, what was recorded of them, and labels that people would make. */
export interface MadeTraffic {
  readonly recorded: readonly MadeDecision[]
  /** Over all decisions, recorded or not. */
  trueRates(threshold: number): {
    readonly acted: number
    readonly falsePositives: number
    readonly misses: number
    readonly wrongActions: number
  }
  pages(): AsyncGenerator<ScorePage>
  page(): ScorePage
  /** So many of each stratum, drawn evenly; fewer where there are fewer. */
  draw(most: number, seed: number): LabelledScore[]
  /** Labels of harmless decisions that were acted on, each complained of with this chance. */
  appeals(chance: number, seed: number): LabelledScore[]
}

/** Two standard normal numbers of two even ones (Box and Muller). */
export const normal = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())

export function madeTraffic(options: MadeTrafficOptions): MadeTraffic {
  const {
    seed,
    decisions,
    threshold = 0.5,
    baseRate = 0.03,
    harmful = 2,
    harmless = -2.5,
    near = 0.2,
    sample = 0.02,
    days = 1,
  } = options
  const random = createRandom(seed)
  const all: { readonly score: number; readonly isHarmful: boolean }[] = []
  const recorded: MadeDecision[] = []
  const begin = Date.UTC(2026, 10, 1)
  for (let index = 0; index < decisions; index += 1) {
    const isHarmful = random() < baseRate
    const score = 1 / (1 + Math.exp(-((isHarmful ? harmful : harmless) + 1.3 * normal(random))))
    all.push({ score, isHarmful })
    const stratum = score >= threshold ? 'withheld' : score >= threshold - 0.2 ? 'near' : 'passed'
    const chance = stratum === 'withheld' ? 1 : stratum === 'near' ? near : sample
    if (random() >= chance) continue
    const made = begin + Math.floor((index / decisions) * days * 86_400_000)
    recorded.push({ id: `dec-${index}`, score, isHarmful, stratum, weight: 1 / chance, made })
  }
  const labelled = (each: MadeDecision, source: LabelledScore['source']): LabelledScore => ({
    decision: each.id,
    principal: 'ada',
    score: each.score,
    isBound: false,
    weight: each.weight,
    stratum: each.stratum,
    detectors: madeDetectors,
    truth: each.isHarmful ? 'harmful' : 'harmless',
    source,
  })
  const page = (): ScorePage => pageOf(recorded, threshold)
  return {
    recorded,
    page,
    async *pages() {
      for (let from = 0; from < recorded.length; from += 10_000)
        yield pageOf(recorded.slice(from, from + 10_000), threshold)
    },
    trueRates(at) {
      const count = (is: (each: (typeof all)[number]) => boolean) => all.filter(is).length
      const bad = count(({ isHarmful }) => isHarmful)
      const [wrong, right] = [
        count(({ isHarmful, score }) => !isHarmful && score >= at),
        count(({ isHarmful, score }) => isHarmful && score >= at),
      ]
      return {
        acted: (wrong + right) / all.length,
        falsePositives: wrong / (all.length - bad),
        misses: 1 - right / bad,
        wrongActions: wrong / (wrong + right),
      }
    },
    draw(most, of) {
      const byStratum = Map.groupBy(shuffled(recorded, createRandom(of)), ({ stratum }) => stratum)
      return [...byStratum.values()].flatMap((group) => group.slice(0, most).map((each) => labelled(each, 'audit')))
    },
    appeals(chance, of) {
      const complains = createRandom(of)
      const wrong = recorded.filter(({ stratum, isHarmful }) => stratum === 'withheld' && !isHarmful)
      return wrong.filter(() => complains() < chance).map((each) => labelled(each, 'appeal'))
    },
  }
}

function pageOf(rows: readonly MadeDecision[], threshold: number): ScorePage {
  return {
    ids: rows.map(({ id }) => id),
    scores: Float64Array.from(rows, ({ score }) => score),
    weights: Float64Array.from(rows, ({ weight }) => weight),
    acted: Uint8Array.from(rows, ({ score }) => (score >= threshold ? 1 : 0)),
    bounds: new Uint8Array(rows.length),
    strata: rows.map(({ stratum }) => stratum),
    detectors: rows.map(() => madeDetectors),
    made: Float64Array.from(rows, ({ made }) => made),
  }
}

/** The labels of complaints hold before those that were drawn, of the same decision. */
export function together(drawn: readonly LabelledScore[], appeals: readonly LabelledScore[]): LabelledScore[] {
  const complained = new Set(appeals.map(({ decision }) => decision))
  return [...drawn.filter(({ decision }) => !complained.has(decision)), ...appeals]
}
