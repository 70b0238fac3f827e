import type { OperatorRoutes } from '../../api/generated/operators.ts'
import type { Costs, Point } from './points.ts'

/** What is asked of a proposal, as it is typed. */
export interface AimDraft {
  readonly kind: 'rate' | 'costs'
  /** Percent of harmless decisions that may be acted on at most. */
  readonly most: string
  readonly confidence: '0.8' | '0.9' | '0.95' | '0.99'
  readonly falseBlock: string
  readonly miss: string
}

export const emptyAim: AimDraft = { kind: 'rate', most: '5', confidence: '0.95', falseBlock: '1', miss: '5' }

/** The numbers of both costs; null where one is none above 0. */
export function costsOf({ falseBlock, miss }: Pick<AimDraft, 'falseBlock' | 'miss'>): Costs | null {
  const costs = { falseBlock: numberOf(falseBlock), miss: numberOf(miss) }
  const isCost = (value: number) => value > 0 && value <= 1_000_000
  return isCost(costs.falseBlock) && isCost(costs.miss) ? costs : null
}

/**
 * The aim of a point: at most its false-positive rate, by the upper bound, since that is what a proposal is held to. Null where
 * nothing is known of it.
 */
export function aimAt(
  { false_positive_rate: rate }: Pick<Point, 'false_positive_rate'>,
  draft: AimDraft,
): AimDraft | null {
  if (rate.rate === null || rate.high >= 1) return null
  return { ...draft, kind: 'rate', most: String(Math.max(0.1, Math.ceil(rate.high * 1_000) / 10)) }
}

type Asked = OperatorRoutes['POST /admin/v1/tuning/proposals']['body']

/** What is sent of a draft, or what is wrong with it and where. */
export function readAim(
  draft: AimDraft,
): { readonly aim: Omit<Asked, 'set'> } | { readonly fault: string; readonly field: 'most' | 'costs' } {
  if (draft.kind === 'costs') {
    const costs = costsOf(draft)
    if (costs === null) return { field: 'costs', fault: 'Both costs are numbers above 0.' }
    return { aim: { costs: { false_block: costs.falseBlock, miss: costs.miss } } }
  }
  const share = numberOf(draft.most) / 100
  if (!(share > 0 && share < 1)) return { field: 'most', fault: 'A number of percent above 0 and below 100.' }
  const confidence = Number(draft.confidence) as 0.8 | 0.9 | 0.95 | 0.99
  return { aim: { false_positive_rate: share, confidence } }
}

const numberOf = (text: string): number => (text.trim() === '' ? Number.NaN : Number(text))
