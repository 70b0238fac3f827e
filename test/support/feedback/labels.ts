import type { ScorePage, Stratum } from '../../../src/core/recorded-decisions.ts'
import type { LabelledScore } from '../../../src/core/tuning.ts'
import { madeDetectors } from './made-traffic.ts'

let made = 0

/** A drawn label of a withheld decision, each of another one. */
export function label(changed: Partial<LabelledScore> = {}): LabelledScore {
  made += 1
  return {
    decision: `dec-${String(made).padStart(6, '0')}`,
    principal: 'ada',
    score: 0.9,
    isBound: false,
    weight: 1,
    stratum: 'withheld',
    detectors: madeDetectors,
    truth: 'harmless',
    source: 'audit',
    ...changed,
  }
}

export interface Row {
  readonly id?: string
  readonly score: number
  readonly stratum?: Stratum
  readonly weight?: number
  readonly acted?: boolean
  readonly isBound?: boolean
  readonly detectors?: string
  /** ISO 8601. */
  readonly made?: string
}

/** A page of decisions as a storage gives it. */
export function pageOfRows(rows: readonly Row[]): ScorePage {
  return {
    ids: rows.map(({ id }, index) => id ?? `dec-${index}`),
    scores: Float64Array.from(rows, ({ score }) => score),
    weights: Float64Array.from(rows, ({ weight = 1 }) => weight),
    acted: Uint8Array.from(rows, ({ acted, score }) => Number(acted ?? score >= 0.5)),
    bounds: Uint8Array.from(rows, ({ isBound = false }) => Number(isBound)),
    strata: rows.map(({ stratum }) => stratum ?? 'withheld'),
    detectors: rows.map(({ detectors }) => detectors ?? madeDetectors),
    made: Float64Array.from(rows, ({ made: at }) => Date.parse(at ?? '2026-11-30T12:00:00Z')),
  }
}
