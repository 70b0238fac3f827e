import { describe, expect, it } from 'vitest'
import {
  adviceOfFile,
  faultOfFile,
  isBusy,
  isLost,
  lost,
} from '../../../../src/databases/differencing/ledger-faults.ts'

const path = '/state/ledger.sqlite'
const failure = (errcode: number) => Object.assign(new Error('sqlite'), { errcode })

describe('a failure of the file of the ledger', () => {
  it.each([
    [11, 'SQLITE_CORRUPT'],
    [26, 'SQLITE_NOTADB'],
    [11 + 256, 'SQLITE_CORRUPT_VTAB'],
  ])('%d (%s) is the loss of what was answered', (errcode) => {
    const thrown = failure(errcode)
    const fault = faultOfFile(path, thrown)
    expect(fault).toMatchObject({
      code: 'refused',
      message:
        'The ledger of answers with aggregate-only columns is damaged: what was answered before is not known. [sql/ledger-lost]',
      advice:
        'Have the operator put back the last ledger.sqlite, or remove it and ledger.sqlite.mark to forget all answers knowingly.',
      cause: thrown,
    })
    expect([isLost(fault), isBusy(thrown)]).toEqual([true, false])
  })

  it.each([
    [5, 'SQLITE_BUSY'],
    [6, 'SQLITE_LOCKED'],
    [5 + 512, 'SQLITE_BUSY_SNAPSHOT'],
  ])('%d (%s) is for others to end', (errcode) => {
    const thrown = failure(errcode)
    const fault = faultOfFile(path, thrown)
    expect(fault).toMatchObject({
      code: 'database-unavailable',
      message: 'The ledger of answers is in use by other processes, and the statement was not answered.',
      advice: 'Send it again shortly.',
      cause: thrown,
    })
    expect([isLost(fault), isBusy(thrown)]).toEqual([false, true])
  })

  it.each([
    [13, 'SQLITE_FULL'],
    [10, 'SQLITE_IOERR'],
    [8, 'SQLITE_READONLY'],
  ])('%d (%s) is for the operator to mend', (errcode) => {
    const thrown = failure(errcode)
    expect(faultOfFile(path, thrown)).toMatchObject({
      code: 'database-unavailable',
      message: 'The ledger of answers cannot be read or written, and the statement was not answered.',
      advice: 'Have the operator see that the service can write ledger.sqlite, and that the disk has room.',
      cause: thrown,
    })
    expect(isBusy(thrown)).toBe(false)
  })

  it('that is none of SQLite is given back', () => {
    const thrown = Object.assign(new Error('other'), { errcode: 'x' })
    expect(faultOfFile(path, thrown)).toBe(thrown)
    expect([isBusy(thrown), isLost(thrown)]).toEqual([false, false])
  })

  it('is a loss by its code alone', () => {
    expect(isLost(lost(adviceOfFile(path), 'is gone'))).toBe(true)
    expect(isLost(new Error('[sql/ledger-lost]'))).toBe(false)
    expect(isLost(null)).toBe(false)
  })
})
