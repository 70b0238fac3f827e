import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AnswerMark } from '../../../../src/core/answer-grounding.ts'
import type { KeptItem } from '../../../../src/core/conversations.ts'
import type { SharedItem } from '../../../../src/core/shares.ts'
import { withMarks } from '../../../../src/service/shares/shared-marks.ts'
import { verifies } from '../../../support/verifies.ts'

const mark: AnswerMark = {
  start: 12,
  end: 13,
  text: '7',
  kind: 'number',
  verdict: 'cell',
  sources: [{ result: 2, row: 1, column: 'n' }],
  sourceCount: 1,
  how: 'n of Ann Example',
  expected: 'secret value',
  coincidence: 0.1,
  reason: 'Ann Example has 7.',
}
const text = 'There were: 7 of ann@example.com, and 9 others.'

const kept = (item: object, run = 'run_1'): KeptItem => ({ run, item }) as unknown as KeptItem
const used = (number: number, table: object | null, run?: string) =>
  kept({ type: 'tool-use', outcome: { kind: 'result', number, table } }, run)
const tableOf = (hidden: readonly string[] = []) => ({
  columns: [{ name: 'n', type: 'bigint' }],
  rows: [[3], [7]],
  totalRows: 2,
  hidden,
})
const call = (tables: readonly object[]): SharedItem =>
  ({
    type: 'call',
    tool: 'run_sql',
    source: null,
    outcome: 'result',
    summary: '',
    output: null,
    tables,
    charts: [],
  }) as unknown as SharedItem
const leftOut: SharedItem = { type: 'left-out', what: 'call', name: 'run_sql', why: 'policy' }

interface Case {
  readonly marks?: readonly Partial<AnswerMark>[]
  readonly steps?: readonly { readonly kept: KeptItem; readonly item: SharedItem }[]
  readonly shown?: string
}

const usual = [
  { kept: used(1, null), item: call([]) },
  { kept: used(2, {}), item: call([tableOf()]) },
]

function marksOf({ marks = [{}], steps = usual, shown = text }: Case = {}) {
  const grounding = { marks: marks.map((each) => ({ ...mark, ...each })), unfilled: [], notes: [] }
  const answer = kept({ type: 'message', role: 'assistant', content: text, grounding })
  const parts = withMarks([...steps, { kept: answer, item: { type: 'message', role: 'assistant', text: shown } }])
  const last = parts.at(-1)
  if (last?.type !== 'message') throw new Error('The answer is none.')
  return last.marks
}

describe('figures of a shared answer', () => {
  it('lead to the part of the share that has their cell, and tell nothing else of it', () => {
    verifies('shares.figures')
    expect(marksOf()).toEqual([
      { start: 12, end: 13, verdict: 'cell', sources: [{ part: 1, cell: { row: 1, column: 'n' } }] },
    ])
    expect(JSON.stringify(marksOf())).not.toMatch(/Ann|secret/)
  })

  it.each([
    ['a step that is left out', { steps: [usual[0], { kept: used(2, {}), item: leftOut }] }],
    ['a column that is hidden', { steps: [usual[0], { kept: used(2, {}), item: call([tableOf(['n'])]) }] }],
    ['a row that is not in it', { marks: [{ sources: [{ result: 2, row: 2, column: 'n' }] }] }],
    ['a step of another run', { steps: [usual[0], { kept: used(2, {}, 'run_2'), item: call([tableOf()]) }] }],
    ['one cell of two', { marks: [{ sources: [...mark.sources, { result: 3, row: 0, column: 'n' }] }] }],
    ['nothing, though it should', { marks: [{ sources: [] }] }],
  ] as readonly (readonly [string, Case])[])('are words where they rest on %s', (_what, of) => {
    verifies('shares.figures')
    expect(marksOf(of)).toBeUndefined()
  })

  it('lead to the step where a program has printed what they rest on', () => {
    const steps = [{ kept: used(2, null), item: call([]) }]
    expect(marksOf({ steps })).toMatchObject([{ sources: [{ part: 0, cell: null }] }])
  })

  it('stand where they stood, before and behind what a filter has changed, and nowhere within it', () => {
    const marks = [{}, { start: 17, end: 20 }, { start: 38, end: 39 }]
    const shown = text.replace('ann@example.com', '[email]')
    expect(marksOf({ marks, shown })).toMatchObject([
      { start: 12, end: 13 },
      { start: 30, end: 31 },
    ])
    expect(shown.slice(30, 31)).toBe('9')
  })

  it('that have no source are told as such', () => {
    expect(marksOf({ marks: [{ verdict: 'unsupported', sources: [], sourceCount: 0 }] })).toEqual([
      { start: 12, end: 13, verdict: 'unsupported', sources: [] },
    ])
  })

  it('never have other words than they had, whatever becomes of the text', () => {
    let bound = 0
    fc.assert(
      fc.property(fc.string(), fc.nat(text.length), fc.nat(text.length), fc.nat(text.length - 1), (put, a, b, at) => {
        const [from, to] = a < b ? [a, b] : [b, a]
        const shown = text.slice(0, from) + put + text.slice(to)
        for (const found of marksOf({ marks: [{ start: at, end: at + 1 }], shown }) ?? []) {
          bound += 1
          expect(shown.slice(found.start, found.end)).toBe(text[at])
        }
      }),
    )
    expect(bound).toBeGreaterThan(0)
  })
})
