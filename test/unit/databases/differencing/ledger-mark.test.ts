import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { LedgerPlace } from '../../../../src/core/answer-ledger.ts'
import { ledgerFile } from '../../../../src/databases/differencing/ledger-file.ts'
import { advanceMark, markPath, readMark } from '../../../../src/databases/differencing/ledger-mark.ts'

let folder: string
let ledger: LedgerPlace

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mark-'))
  ledger = ledgerFile(join(folder, 'ledger.sqlite'))
})

afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

describe('the mark beside a ledger', () => {
  it('is none before the first answer', async () => {
    expect(markPath(ledger)).toBe(join(folder, 'ledger.sqlite.mark'))
    expect(await readMark(ledger)).toBeNull()
  })

  it('says how far the ledger came, to its owner only, and leaves no draft', async () => {
    await advanceMark(ledger, { id: 'a', answers: 3 })
    expect(await readMark(ledger)).toEqual({ id: 'a', answers: 3 })
    expect(statSync(markPath(ledger)).mode & 0o777).toBe(0o600)
    expect(readdirSync(folder)).toEqual(['ledger.sqlite.mark'])
  })

  it('goes on, and never back: of two processes the slower one knows less', async () => {
    await advanceMark(ledger, { id: 'a', answers: 3 })
    await advanceMark(ledger, { id: 'a', answers: 4 })
    await advanceMark(ledger, { id: 'a', answers: 2 })
    expect(await readMark(ledger)).toEqual({ id: 'a', answers: 4 })
  })

  it('is not written again where it says so already', async () => {
    await advanceMark(ledger, { id: 'a', answers: 3 })
    const { ino } = statSync(markPath(ledger))
    await advanceMark(ledger, { id: 'a', answers: 3 })
    expect(statSync(markPath(ledger)).ino).toBe(ino)
  })

  it('starts from zero for another ledger, however far the last one came', async () => {
    await advanceMark(ledger, { id: 'a', answers: 30 })
    await advanceMark(ledger, { id: 'b', answers: 0 })
    expect(await readMark(ledger)).toEqual({ id: 'b', answers: 0 })
  })

  it.each([
    '',
    '{',
    'null',
    '{"id":"a"}',
    '{"id":"a","answers":-1}',
    '{"id":"a","answers":1.5}',
    '{"id":"a","answers":1,"x":2}',
  ])('is never taken for none where it is damaged: %j', async (text) => {
    writeFileSync(markPath(ledger), text)
    const damaged = expect.objectContaining({
      code: 'refused',
      message: expect.stringMatching('has a damaged mark.*sql/ledger-lost') as string,
    })
    await expect(readMark(ledger)).rejects.toEqual(damaged)
    await expect(advanceMark(ledger, { id: 'a', answers: 9 })).rejects.toEqual(damaged)
  })

  it('is never taken for none where it cannot be read', async () => {
    await expect(readMark(ledgerFile(join(folder, 'x'.repeat(300))))).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringMatching('has a mark that cannot be read.*sql/ledger-lost') as string,
    })
  })
})
