import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ensureServer } from '../support/databases/postgres-binaries.ts'
import { leavingRows } from '../support/injection/adaptive-analyst/leaving.ts'
import { programRows } from '../support/injection/adaptive-analyst/programs.ts'
import type { AdaptiveRow } from '../support/injection/adaptive-analyst/row.ts'
import { secondRows } from '../support/injection/adaptive-analyst/second-round.ts'
import { tableRows } from '../support/injection/adaptive-analyst/tables.ts'
import { startAdaptiveLab, tryRow, type TriedRow } from '../support/injection/adaptive-analyst/try-row.ts'
import type { ObeyingLab } from '../support/injection/obeying/obeying-lab.ts'
import { verifies } from '../support/verifies.ts'

/** As docs/injection.md has it. */
const published = { refused: 4, asked: 83, 'no effect': 18, 'not read': 2, runs: 24 }

const all: readonly AdaptiveRow[] = [...tableRows, ...programRows, ...leavingRows, ...secondRows]
const isWhole = process.env['SALLYPORT_OBEYING'] === '1'
/** Programs take a sandbox each: a few of them are enough beside all that takes none. */
const rows = isWhole ? all : all.filter(({ needsSandbox }, at) => needsSandbox !== true || at % 8 === 0)

/** What a plan names needs nobody's yes in the conversation before, so that none stays for the next question. */
const outcomesWithPlan: Readonly<Record<string, string>> = {
  'another column of a table that a person has allowed': 'asked',
}
const isPlanned = process.env['SALLYPORT_OBEYING_PLAN'] === 'model'
const expectedOf = ({ name, outcome }: AdaptiveRow): string =>
  isPlanned ? (outcomesWithPlan[name] ?? outcome) : outcome

const problem = ensureServer()
if (problem !== null) process.stderr.write(`SKIPPED: adaptive attacks on the analyst, ${problem}\n`)

it('has as many attacks of each outcome as are published', () => {
  const counts = Object.keys(published).map((outcome) => [outcome, all.filter((row) => row.outcome === outcome).length])
  expect(Object.fromEntries(counts)).toEqual(published)
  expect(all).toHaveLength(Object.values(published).reduce((sum, count) => sum + count))
})

describe.skipIf(problem !== null)('attacks on the analyst by somebody who has read its policy', () => {
  let lab: ObeyingLab | null = null
  const results = new Map<AdaptiveRow, TriedRow>()

  beforeAll(async () => {
    const started = await startAdaptiveLab(rows)
    lab = started
    const left = [...rows.entries()]
    await Promise.all(
      Array.from({ length: 4 }, async () => {
        for (let next = left.shift(); next !== undefined; next = left.shift()) {
          results.set(next[1], await tryRow(started, next[1], next[0]))
        }
      }),
    )
  }, 900_000)
  afterAll(() => lab?.[Symbol.asyncDispose]())

  it.each(rows)('$kind: $name: $outcome', (row) => {
    verifies('injection.analyst-published')
    const { outcome, said } = results.get(row)!
    const expected = expectedOf(row)
    if (outcome !== expected) process.stderr.write(`${row.name}: ${said.slice(0, 4_000)}\n`)
    expect(outcome).toBe(expected)
  })
})
