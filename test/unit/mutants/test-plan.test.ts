import { describe, expect, it } from 'vitest'
import { TestPlan } from '../../mutants/test-plan.ts'
import type { TestRun } from '../../mutants/tree-copy.ts'

const never = new AbortController().signal

/** A plan for one file, by how near each test is and what became of it without a fault. */
async function plan(tests: Readonly<Record<string, readonly [steps: number, run: TestRun]>>): Promise<TestPlan> {
  const related = Object.entries(tests).map(([test, [steps]]) => ({ test, steps }))
  const made = new TestPlan(new Map([['src/a.ts', related]]))
  const runTests = async ([test = '']: readonly string[]) => tests[test]?.[1] ?? passed(0)
  await made.measure([{ runTests }], never)
  return made
}

const passed = (milliseconds: number): TestRun => ({ kind: 'passed', milliseconds })

describe('the tests of a mutant', () => {
  it('are the nearest, of those the quickest, then the others', async () => {
    const made = await plan({
      far: [2, passed(1_000)],
      'near and slow': [1, passed(3_500)],
      'near and quick': [1, passed(1_600)],
    })
    // One start of a second is all that the one far away takes; it is counted once for each stage.
    expect(made.stages('src/a.ts')).toEqual([
      { tests: ['near and quick', 'near and slow'], deadline: 20_000 + 4 * (1_000 + 600 + 2_500) },
      { tests: ['far'], deadline: 24_000 },
    ])
  })

  it('begin with the one that mirrors the file, however long it takes', async () => {
    const made = await plan({ quick: [1, passed(5)], 'test/unit/a.test.ts': [3, passed(900)], other: [1, passed(10)] })
    expect(made.stages('src/a.ts').map(({ tests }) => tests)).toEqual([['test/unit/a.test.ts', 'quick', 'other']])
  })

  it('take no longer in all than a mutant may, whatever is nearest', async () => {
    const made = await plan({ a: [1, passed(39_000)], b: [2, passed(1_003)], c: [3, passed(1_002)], d: [9, passed(1)] })
    expect(made.stages('src/a.ts').map(({ tests }) => tests)).toEqual([['a'], ['c', 'd']])
    const alone = await plan({ a: [1, passed(60_000)] })
    expect(alone.stages('src/a.ts').map(({ tests }) => tests)).toEqual([['a']])
  })

  it('are none that fail or hang without a fault, which are named', async () => {
    const made = await plan({
      hangs: [1, { kind: 'hung', milliseconds: 20_000 }],
      fails: [1, { kind: 'failed', milliseconds: 1 }],
      passes: [1, passed(1)],
    })
    expect(made.stages('src/a.ts').map(({ tests }) => tests)).toEqual([['passes']])
    expect(made.leftOut).toEqual(['fails', 'hangs'])
  })

  it('are none of a file that no test reaches', async () => {
    expect((await plan({})).stages('src/b.ts')).toEqual([])
  })
})
