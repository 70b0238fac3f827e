import { mkdtempSync } from 'node:fs'
import { rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DifferencingLedger, type Admission } from '../../../../src/databases/ledger/differencing-ledger.ts'
import { ledgerOptions } from '../../../../src/databases/ledger/options.ts'

const people = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => ({ row: from + index, entity: from + index }))

function asked(sets: Admission['sets'], over: Partial<Admission> = {}): Admission {
  return { source: 'shop', group: 'analysts', relation: 'public.staff', minimum: 5, sets, ...over }
}

describe('the ledger of answers', () => {
  let directory: string
  const ledgers: DifferencingLedger[] = []

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'sallyport-ledger-'))
  })

  afterEach(async () => {
    for (const ledger of ledgers.splice(0)) ledger[Symbol.dispose]()
    await rm(directory, { recursive: true, force: true })
  })

  const open = (options: object = {}, clock = () => 0): DifferencingLedger => {
    const path = join(directory, 'state', 'ledger.sqlite')
    const ledger = new DifferencingLedger({ path, options: ledgerOptions.parse(options), clock })
    ledgers.push(ledger)
    return ledger
  }

  it('refuses what would show a few by difference, and names no member of it', () => {
    const ledger = open()
    ledger.admit(asked([people(0, 100)]))
    expect(() => ledger.admit(asked([people(0, 99)]))).toThrow(
      'Together with earlier answers this one could tell about too few members of a group. [sql/differencing]',
    )
  })

  it('admits all groups of a statement or none', () => {
    const ledger = open()
    ledger.admit(asked([people(0, 100)]))
    expect(() => ledger.admit(asked([people(0, 50), people(50, 98)]))).toThrow(/differencing/)
    ledger.admit(asked([people(0, 48)]))
  })

  it('gives the same answer again for nothing, even when it is full', () => {
    const ledger = open({ maximum_answers: 1 })
    ledger.admit(asked([people(0, 100)]))
    ledger.admit(asked([people(0, 100)]))
    expect(() => ledger.admit(asked([people(0, 50)]))).toThrow(/ledger .* is full: 1 answers.*sql\/ledger-full/)
    ledger.admit(asked([people(0, 100)]))
  })

  it('outlives the process', () => {
    open().admit(asked([people(0, 100)]))
    const next = open()
    expect(() => next.admit(asked([people(0, 99)]))).toThrow(/differencing/)
    next.admit(asked([people(0, 50)]))
  })

  it('lets one of two processes that race see what the other was answered', () => {
    const [one, other] = [open(), open()]
    one.admit(asked([people(0, 50)]))
    other.admit(asked([people(100, 150)]))
    one.admit(asked([people(0, 200)]))
    expect(() => other.admit(asked([people(0, 199)]))).toThrow(/differencing/)
  })

  it('keeps groups of callers, sources and tables apart', () => {
    const ledger = open()
    ledger.admit(asked([people(0, 100)]))
    ledger.admit(asked([people(0, 99)], { group: 'finance' }))
    ledger.admit(asked([people(0, 99)], { source: 'other' }))
    expect(() => ledger.admit(asked([people(0, 99)], { relation: 'public.customers' }))).not.toThrow()
  })

  it('L4: brings what was answered about tables together when one is attached, and keeps it when it is detached', () => {
    const alone = { relation: 'public.north', relations: ['public.north'], columns: ['pay'] }
    const parent = { relation: 'public.staff', relations: ['public.staff'], columns: ['pay'] }
    const tree = { relation: 'public.north', relations: ['public.north', 'public.staff'], columns: ['pay'] }
    const ledger = open()
    ledger.admit(asked([people(0, 50)], alone))
    ledger.admit(asked([people(50, 100)], parent))
    const attached = open()
    expect(() => attached.admit(asked([people(0, 99)], tree))).toThrow(/differencing/)
    expect(() => ledger.admit(asked([people(1, 100)], tree))).toThrow(/differencing/)
    ledger.admit(asked([people(0, 100)], tree))
    expect(() => ledger.admit(asked([people(0, 49)], alone))).toThrow(/differencing/)
    expect(() => attached.admit(asked([people(51, 100)], parent))).toThrow(/differencing/)
  })

  it('L4: keeps rows apart that are numbered by other columns', () => {
    const ledger = open()
    ledger.admit(asked([people(0, 100)], { columns: ['pay'] }))
    expect(() => ledger.admit(asked([people(0, 99)], { columns: ['bonus', 'pay'] }))).not.toThrow()
  })

  it('counts a value that changed as another one', () => {
    const ledger = open()
    ledger.admit(asked([people(0, 100)]))
    const changed = [...people(0, 99), { row: 1_000, entity: 99 }]
    expect(() => ledger.admit(asked([changed]))).toThrow(/differencing/)
  })

  it('forgets after the days it was told to remember', () => {
    let now = 0
    const ledger = open({ remember_days: 30 }, () => now)
    ledger.admit(asked([people(0, 100)]))
    now = 29 * 86_400_000
    expect(() => ledger.admit(asked([people(0, 99)]))).toThrow(/differencing/)
    now = 31 * 86_400_000
    ledger.admit(asked([people(0, 99)]))
  })

  it('answers nothing new where the minimum was raised above what was answered', () => {
    const ledger = open()
    ledger.admit(asked([people(0, 5)]))
    expect(() => ledger.admit(asked([people(50, 100)], { minimum: 20 }))).toThrow(/smaller minimum_group_size/)
  })

  it('is refused more rows or groups than it can follow', () => {
    const ledger = open({ maximum_rows: 100, maximum_groups: 3 })
    expect(() => ledger.admit(asked([people(0, 101)]))).toThrow(/is over 101 rows; at most 100/)
    const four = [0, 10, 20, 30].map((from) => people(from, from + 10))
    expect(() => ledger.admit(asked(four))).toThrow(/makes 4 groups; at most 3/)
    ledger.admit(asked([people(0, 60)]))
    expect(() => ledger.admit(asked([people(60, 120)]))).toThrow(/full: 100 rows/)
  })

  it('is for its owner only', async () => {
    open().admit(asked([people(0, 10)]))
    expect((await stat(join(directory, 'state', 'ledger.sqlite'))).mode & 0o777).toBe(0o600)
  })
})
