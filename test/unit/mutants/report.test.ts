import { describe, expect, it } from 'vitest'
import type { HuntReport } from '../../mutants/hunt.ts'
import { reportText } from '../../mutants/report.ts'

const clean: HuntReport = {
  folders: ['src/sandbox'],
  seed: 7,
  possible: 4_000,
  sampled: 8,
  killed: 8,
  hung: 1,
  survived: [],
  notRun: 0,
  score: 1,
  filesLeftOut: [],
  testsLeftOut: [],
  milliseconds: 61_400,
}

describe('the report of a hunt', () => {
  it('says how many were killed, of how many, by which seed', () => {
    expect(reportText(clean)).toBe(
      'src/sandbox, seed 7: 8 of 8 mutants killed (100.0 %), 1 of them by a deadline.\n' +
        '4000 are possible, 8 were drawn, in 61 s.\n',
    )
  })

  it('names what was not looked at, and each survivor with its place and both texts on one line', () => {
    const survivor = { file: 'src/sandbox/pool.ts', kind: 'statement', start: 0, end: 1, line: 12 } as const
    const report: HuntReport = {
      ...clean,
      killed: 4,
      notRun: 2,
      score: 4 / 6,
      filesLeftOut: ['src/sandbox/cgroup.ts'],
      testsLeftOut: ['test/unit/slow.test.ts'],
      survived: [
        { ...survivor, before: 'f(\n  a,\n)', after: ';' },
        { ...survivor, line: 13, before: '', after: ' return;' },
        { ...survivor, line: 14, before: 'x'.repeat(200), after: "''" },
      ],
    }
    expect(reportText(report)).toBe(
      [
        'src/sandbox, seed 7: 4 of 6 mutants killed (66.7 %), 1 of them by a deadline.',
        '4000 are possible, 8 were drawn, in 61 s.',
        '2 were not run: the time was used up. --minutes gives more.',
        'Without mutants, as they reach out: src/sandbox/cgroup.ts.',
        'Not run, as they fail or take long without a fault: test/unit/slow.test.ts.',
        '',
        'Survivors:',
        '  src/sandbox/pool.ts:12  f( a, ) → ;',
        '  src/sandbox/pool.ts:13  (nothing) → return;',
        `  src/sandbox/pool.ts:14  ${'x'.repeat(60)} … ${'x'.repeat(17)} → ''`,
        '',
      ].join('\n'),
    )
  })

  it('names every folder', () => {
    expect(reportText({ ...clean, folders: ['src/http', 'src/core/json.ts'] })).toMatch(
      /^src\/http, src\/core\/json\.ts, seed 7: /,
    )
  })

  it('gives no score where nothing ran', () => {
    expect(reportText({ ...clean, sampled: 0, killed: 0, hung: 0, score: null })).toContain(
      '0 of 0 mutants killed (none ran)',
    )
  })
})
