import { describe, expect, it } from 'vitest'
import { groundingSteps } from '../../../src/grounding/ground-answer.ts'
import { indexEvidence, type Evidence } from '../../../src/grounding/tables/evidence.ts'

const table = (id: string) => ({
  id,
  columns: [{ name: 'store' }, { name: 'revenue' }],
  rows: [
    ['Berlin', 12],
    ['Paris', 7],
  ],
})
const tables = (count: number): Evidence =>
  indexEvidence(Array.from({ length: count }, (_, at) => table(`run${at + 1}`)))

/** How many times others can have their turn. */
function turns(answer: string, evidence: Evidence, question = ''): number {
  const steps = groundingSteps(answer, evidence, { question })
  let count = 0
  while (steps.next().done !== true) count += 1
  return count
}

describe('the steps of an answer that is held against results', () => {
  it('are one for each sentence and table at least, whether it has figures or not', () => {
    const words = 'Stores are open. '.repeat(30)
    expect(turns(words, tables(40)) - turns(words, tables(1))).toBeGreaterThan(30 * 39)
  })

  it('are no more for a longer question than for what was asked last', () => {
    const asked = 'How is Berlin? Berlin had 12. '.repeat(700)
    const longer = `${'How is Paris? Paris had 7. '.repeat(20_000)}${asked}`
    expect(turns('Revenue is 12.', tables(1), longer)).toBe(turns('Revenue is 12.', tables(1), asked))
  })

  it('know what a long question ends with, and every figure of it as one that nobody claims', () => {
    const filler = 'Some words about nothing. '.repeat(2_000)
    const ground = (answer: string, question: string) => {
      const steps = groundingSteps(answer, tables(1), { question })
      for (let step = steps.next(); ; step = steps.next()) if (step.done === true) return step.value.marks
    }
    expect(ground('The revenue is 12.', `${filler}What about Berlin?`)).toMatchObject([{ text: '12', verdict: 'cell' }])
    expect(ground('You named 4,711.', 'Why?')).toMatchObject([{ text: '4,711', verdict: 'unsupported' }])
    expect(ground('You named 4,711.', `I have 4,711. ${filler}`)).toEqual([])
  })
})
