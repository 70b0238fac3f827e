import { createRandom } from '../random.ts'
import { generateAnswers, type GeneratedAnswer, type Mutant } from './generate/answers.ts'
import { corpusTables, isLookedAt } from './generate/corpus-tables.ts'
import { madeTables } from './generate/made-tables.ts'

export interface EvaluationSet {
  readonly answers: readonly GeneratedAnswer[]
  readonly mutants: readonly Mutant[]
}

/** Of two halves of the tables, by a hash of their ids, one is looked at when something is wrong and the other is counted alone. */
export const halves = ['looked at', 'counted alone'] as const

/** Answers and mutants over one half of the tables; of made tables alone where the corpora are not on this machine. */
export function evaluationSet(half: (typeof halves)[number], count: number): EvaluationSet {
  const random = createRandom(half === 'looked at' ? 2026 : 2027)
  const tables = [...corpusTables(), ...madeTables(60, random)].filter(
    ({ id }) => isLookedAt(id) === (half === 'looked at'),
  )
  return generateAnswers(tables, { count, mutants: 5, random })
}
