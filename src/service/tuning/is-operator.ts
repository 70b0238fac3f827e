import type { TuningOperator } from '../../feedback/tuning-keeper.ts'

/** Is a caller this operator, by whom they say they are or by the user of their terminal? */
export function isOperator({ by, caller }: TuningOperator, principal: string): boolean {
  return principal === caller || principal === by || `cli:${principal}` === by
}
