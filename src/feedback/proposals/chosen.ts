import type { Curve } from '../estimates/curve.ts'

/** A threshold that was chosen for an aim and between what the best one lies, in thousandths. */
export interface Chosen {
  readonly kind: 'chosen'
  readonly bin: number
  readonly low: number
  readonly high: number
  readonly heldBy: 'lowest' | 'highest' | null
}

export interface ChooseOptions {
  readonly curve: Curve
  /** In thousandths. */
  readonly from: number
  readonly lowest: number
  readonly highest: number
}
