import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { appendRecord, countsIn, thisMachine } from '../../lanes/lane-record.ts'
import { verifies } from '../../support/verifies.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const documented = readFileSync(resolve(import.meta.dirname, '../../../docs/verification.md'), 'utf8')
const run = {
  lane: 'leaks',
  size: '30 mixed runs',
  commit: '0123abc with changes',
  date: '2026-11-27',
  machine: '2 cores, 24 GiB, Linux 6.18, Node 24.21.0',
  passed: 11,
  failed: 1,
  skipped: 0,
  seconds: 90,
}

function documentOf(text: string): string {
  const path = join(temporaryFolder('sallyport-lane-'), 'verification.md')
  writeFileSync(path, text)
  return path
}

describe('the record of a lane', () => {
  it('is a row at the end of the document, one that failed too', () => {
    verifies('lanes.recorded')
    const path = documentOf(documented)
    appendRecord(path, run)
    appendRecord(path, { ...run, lane: 'truth' })
    const row =
      '30 mixed runs | 0123abc with changes | 2026-11-27 | 2 cores, 24 GiB, Linux 6.18, Node 24.21.0 | 11 | 1 | 0 | 90 |\n'
    expect(readFileSync(path, 'utf8')).toBe(`${documented}| leaks | ${row}| truth | ${row}`)
  })

  it.each(['# Verification\n', `${documented}\nMore.\n`])(
    'is not written where no table stands at the end: %#',
    (text) => {
      const path = documentOf(text)
      expect(() => appendRecord(path, run)).toThrow('does not end with the table of runs')
      expect(readFileSync(path, 'utf8')).toBe(text)
    },
  )

  it('has the counts that a run ends with, and none of a run that did not end', () => {
    const end = '11 passed, 1 failed, 0 skipped\n'
    expect(countsIn(`… 3 passed, 0 failed, 0 skipped\n…\n\n${end}`)).toEqual({ passed: 11, failed: 1, skipped: 0 })
    expect(countsIn(end)).toEqual({ passed: 11, failed: 1, skipped: 0 })
    expect(countsIn(`${end}Killed\n`)).toBeNull()
    expect(countsIn('')).toBeNull()
  })

  it('names the processors, the memory, the kernel and the Node of the machine', () => {
    expect(thisMachine()).toMatch(/^\d+ cores, \d+ GiB, Linux \d+\.\d+, Node 24\.\d+\.\d+$/)
  })
})
