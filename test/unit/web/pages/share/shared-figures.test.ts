import { describe, expect, it } from 'vitest'
import type { SharedMark, SharedPart } from '../../../../../src/client/generated/shares.ts'
import { marksOf } from '../../../../../src/web/pages/share/shared-figures.ts'

const source = { part: 0, cell: { row: 0, column: 'n' } }
const at = (start: number, end: number, part = 0): SharedMark => ({
  start,
  end,
  verdict: 'cell',
  sources: [{ ...source, part }],
})
const call = { type: 'call' } as unknown as SharedPart
const question = { type: 'message', role: 'user', text: 'How many?', marks: [] } as unknown as SharedPart

describe('figures of a share', () => {
  it('are those that fit its text, apart from each other, and lead to a step of it', () => {
    const marks = [at(10, 12), at(0, 2), at(1, 3), at(5, 5), at(11, 40), at(3, 4, 1), at(3, 4, 7), at(6, 8)]
    expect(marksOf({ text: '12 of 34\n5 77.', marks }, [call, question])).toEqual([at(0, 2), at(6, 8), at(10, 12)])
  })
})
