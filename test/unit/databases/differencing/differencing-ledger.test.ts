import { mkdtempSync } from 'node:fs'
import { copyFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DifferencingLedger, type Admission } from '../../../../src/databases/differencing/differencing-ledger.ts'
import { ledgerFile } from '../../../../src/databases/differencing/ledger-file.ts'
import { ledgerOptions } from '../../../../src/databases/differencing/options.ts'
import { verifies } from '../../../support/verifies.ts'

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
    for (const ledger of ledgers.splice(0)) await ledger[Symbol.asyncDispose]()
    await rm(directory, { recursive: true, force: true })
  })

  const open = (options: object = {}, clock = () => 0): DifferencingLedger => {
    const path = join(directory, 'state', 'ledger.sqlite')
    const ledger = new DifferencingLedger({ place: ledgerFile(path), options: ledgerOptions.parse(options), clock })
    ledgers.push(ledger)
    return ledger
  }

  it('refuses what would show a few by difference, and names no member of it', async () => {
    const ledger = open()
    await ledger.admit(asked([people(0, 100)]))
    await expect(ledger.admit(asked([people(0, 99)]))).rejects.toThrow(
      'Together with earlier answers this one could tell about too few members of a group. [sql/differencing]',
    )
  })

  it('admits all groups of a statement or none', async () => {
    const ledger = open()
    await ledger.admit(asked([people(0, 100)]))
    await expect(ledger.admit(asked([people(0, 50), people(50, 98)]))).rejects.toThrow(/differencing/)
    await ledger.admit(asked([people(0, 48)]))
  })

  it('gives the same answer again for nothing, even when it is full', async () => {
    verifies('ledger.again')
    const ledger = open({ maximum_answers: 1 })
    await ledger.admit(asked([people(0, 100)]))
    await ledger.admit(asked([people(0, 100)]))
    await expect(ledger.admit(asked([people(0, 50)]))).rejects.toThrow(/ledger .* is full: 1 answers.*sql\/ledger-full/)
    await ledger.admit(asked([people(0, 100)]))
  })

  it('outlives the process', async () => {
    await open().admit(asked([people(0, 100)]))
    const next = open()
    await expect(next.admit(asked([people(0, 99)]))).rejects.toThrow(/differencing/)
    await next.admit(asked([people(0, 50)]))
  })

  it('lets one of two processes that race see what the other was answered', async () => {
    const [one, other] = [open(), open()]
    await one.admit(asked([people(0, 50)]))
    await other.admit(asked([people(100, 150)]))
    await one.admit(asked([people(0, 200)]))
    await expect(other.admit(asked([people(0, 199)]))).rejects.toThrow(/differencing/)
  })

  it('keeps groups of callers, sources and tables apart', async () => {
    const ledger = open()
    await ledger.admit(asked([people(0, 100)]))
    await ledger.admit(asked([people(0, 99)], { group: 'finance' }))
    await ledger.admit(asked([people(0, 99)], { source: 'other' }))
    await expect(ledger.admit(asked([people(0, 99)], { relation: 'public.customers' }))).resolves.toBeUndefined()
  })

  it('L4: brings what was answered about tables together when one is attached, and keeps it when it is detached', async () => {
    const alone = { relation: 'public.north', relations: ['public.north'], columns: ['pay'] }
    const parent = { relation: 'public.staff', relations: ['public.staff'], columns: ['pay'] }
    const tree = { relation: 'public.north', relations: ['public.north', 'public.staff'], columns: ['pay'] }
    const ledger = open()
    await ledger.admit(asked([people(0, 50)], alone))
    await ledger.admit(asked([people(50, 100)], parent))
    const attached = open()
    await expect(attached.admit(asked([people(0, 99)], tree))).rejects.toThrow(/differencing/)
    await expect(ledger.admit(asked([people(1, 100)], tree))).rejects.toThrow(/differencing/)
    await ledger.admit(asked([people(0, 100)], tree))
    await expect(ledger.admit(asked([people(0, 49)], alone))).rejects.toThrow(/differencing/)
    await expect(attached.admit(asked([people(51, 100)], parent))).rejects.toThrow(/differencing/)
  })

  it('sees what was answered about one table between two questions about it and its parent', async () => {
    const north = { relation: 'public.north', relations: ['public.north'] }
    const parent = { relation: 'public.staff', relations: ['public.staff'] }
    const tree = { relation: 'public.staff', relations: ['public.north', 'public.staff'] }
    const [ledger, other] = [open(), open()]
    await ledger.admit(asked([people(0, 50)], north))
    await ledger.admit(asked([people(50, 100)], parent))
    await expect(ledger.admit(asked([people(0, 99)], tree))).rejects.toThrow(/differencing/)
    // Whoever does not know yet that the two belong together asks about one of them alone.
    await other.admit(asked([people(0, 25)], north))
    await ledger.admit(asked([people(0, 100)], tree))
    await expect(ledger.admit(asked([people(0, 26)], tree))).rejects.toThrow(/differencing/)
  })

  it('L4: keeps rows apart that are numbered by other columns', async () => {
    const ledger = open()
    await ledger.admit(asked([people(0, 100)], { columns: ['pay'] }))
    await expect(ledger.admit(asked([people(0, 99)], { columns: ['bonus', 'pay'] }))).resolves.toBeUndefined()
  })

  it('counts a value that changed as another one', async () => {
    const ledger = open()
    await ledger.admit(asked([people(0, 100)]))
    const changed = [...people(0, 99), { row: 1_000, entity: 99 }]
    await expect(ledger.admit(asked([changed]))).rejects.toThrow(/differencing/)
  })

  it('forgets after the configured days', async () => {
    let now = 0
    const ledger = open({ remember_days: 30 }, () => now)
    await ledger.admit(asked([people(0, 100)]))
    now = 29 * 86_400_000
    await expect(ledger.admit(asked([people(0, 99)]))).rejects.toThrow(/differencing/)
    now = 31 * 86_400_000
    await ledger.admit(asked([people(0, 99)]))
  })

  it('answers nothing new where the minimum was raised above what was answered', async () => {
    const ledger = open()
    await ledger.admit(asked([people(0, 5)]))
    await expect(ledger.admit(asked([people(50, 100)], { minimum: 20 }))).rejects.toThrow(/smaller minimum_group_size/)
  })

  it('is refused more rows or groups than it can follow', async () => {
    const ledger = open({ maximum_rows: 100, maximum_groups: 3 })
    await expect(ledger.admit(asked([people(0, 101)]))).rejects.toThrow(/is over 101 rows; at most 100/)
    const four = [0, 10, 20, 30].map((from) => people(from, from + 10))
    await expect(ledger.admit(asked(four))).rejects.toThrow(/makes 4 groups; at most 3/)
    await expect(ledger.admit(asked([people(0, 10), people(0, 101)]))).rejects.toThrow(/is over 101 rows/)
    await ledger.admit(asked([people(0, 60)]))
    await expect(ledger.admit(asked([people(60, 120)]))).rejects.toThrow(/full: 100 rows/)
  })

  it('takes as many rows and groups as it can follow, and what it was answered of them again', async () => {
    const ledger = open({ maximum_rows: 100, maximum_groups: 3 })
    const three = [0, 10, 20].map((from) => people(from, from + 10))
    await ledger.admit(asked(three))
    await ledger.admit(asked([people(0, 100)]))
    await expect(ledger.admit(asked([people(90, 101)]))).rejects.toThrow(/full: 100 rows/)
    await ledger.admit(asked(three))
  })

  it('remembers of a statement that was too much nothing it did not write down', async () => {
    const ledger = open({ maximum_answers: 2 })
    await ledger.admit(asked([people(0, 100)]))
    await expect(ledger.admit(asked([people(0, 50), people(0, 60)]))).rejects.toThrow(/full: 2 answers/)
    await ledger.admit(asked([people(0, 50)]))
    // Whoever reads the file knows of it.
    await expect(open().admit(asked([people(0, 51)]))).rejects.toThrow(/differencing/)
  })

  it('takes the groups of a statement in whatever order they come', async () => {
    const group = (...rows: number[]) => rows.map((row) => ({ row, entity: row }))
    const sets = [group(1, 2, 4, 5, 6), group(1, 3, 4, 5)]
    await open().admit(asked(sets, { minimum: 3 }))
    const turned = asked(sets.toReversed(), { minimum: 3, relation: 'public.customers' })
    await expect(open().admit(turned)).resolves.toBeUndefined()
  })

  it('holds a raised minimum for what comes, in the process that answered under the smaller one too', async () => {
    const ledger = open()
    await ledger.admit(asked([people(0, 100)]))
    await expect(ledger.admit(asked([people(0, 90)], { minimum: 20 }))).rejects.toThrow(/sql\/differencing/)
    await ledger.admit(asked([people(0, 90)]))
  })

  it('is for its owner only', async () => {
    await open().admit(asked([people(0, 10)]))
    expect((await stat(join(directory, 'state', 'ledger.sqlite'))).mode & 0o777).toBe(0o600)
  })

  const stateOf = (name: string): string => join(directory, 'state', name)
  const lost = (how: string) =>
    expect.objectContaining({ code: 'refused', message: expect.stringMatching(`${how}.*sql/ledger-lost`) as string })

  it('L10: lets other work go on while another process holds the file', async () => {
    const ledger = open()
    await ledger.admit(asked([people(0, 50)]))
    const holder = new DatabaseSync(stateOf('ledger.sqlite'))
    holder.exec('BEGIN EXCLUSIVE')
    const admitted = ledger.admit(asked([people(50, 100)]))
    // Only a timer of this process frees the file: a wait that stood in its way would end in a refusal.
    setTimeout(() => holder.close(), 100)
    await expect(admitted).resolves.toBeUndefined()
  })

  it('answers nothing more where its file was removed, in use or not', async () => {
    verifies('ledger.lost')
    const ledger = open()
    await ledger.admit(asked([people(0, 100)]))
    await rm(stateOf('ledger.sqlite'))
    await expect(ledger.admit(asked([people(0, 99)]))).rejects.toEqual(lost('was removed or replaced while'))
    await expect(ledger.admit(asked([people(0, 99)]))).rejects.toEqual(lost('was removed'))
    await expect(open().admit(asked([people(0, 99)]))).rejects.toEqual(lost('was removed'))
  })

  it('answers nothing more from an older copy of its file, put back over it or in its place', async () => {
    verifies('ledger.lost')
    await open().admit(asked([people(0, 50)]))
    await copyFile(stateOf('ledger.sqlite'), stateOf('copy'))
    const ledger = open()
    await ledger.admit(asked([people(0, 100)]))
    await copyFile(stateOf('copy'), stateOf('ledger.sqlite'))
    await expect(ledger.admit(asked([people(0, 99)]))).rejects.toEqual(lost('was put back from an older copy'))
    await rename(stateOf('copy'), stateOf('ledger.sqlite'))
    await expect(open().admit(asked([people(0, 99)]))).rejects.toEqual(lost('was put back from an older copy'))
  })

  it('answers nothing from another file of its name, a damaged one, or one of another version', async () => {
    const ledger = open()
    await ledger.admit(asked([people(0, 100)]))
    const other = join(directory, 'other.sqlite')
    const stranger = new DifferencingLedger({ place: ledgerFile(other), options: ledgerOptions.parse({}) })
    ledgers.push(stranger)
    await stranger.admit(asked([people(0, 50)]))
    await copyFile(other, stateOf('ledger.sqlite'))
    await expect(open().admit(asked([people(0, 99)]))).rejects.toEqual(lost('was replaced by another one'))
    await writeFile(stateOf('ledger.sqlite'), 'no database at all'.repeat(100))
    await expect(open().admit(asked([people(0, 99)]))).rejects.toEqual(lost('is damaged'))
    await rm(stateOf('ledger.sqlite'))
    await rm(stateOf('ledger.sqlite.mark'))
    const old = new DatabaseSync(stateOf('ledger.sqlite'))
    old.exec('CREATE TABLE ledger (id INTEGER PRIMARY KEY)')
    old.close()
    await expect(open().admit(asked([people(0, 99)]))).rejects.toEqual(lost('another version'))
  })

  it('begins empty where the operator removes the file and its mark', async () => {
    const ledger = open()
    await ledger.admit(asked([people(0, 100)]))
    await rm(stateOf('ledger.sqlite'))
    await rm(stateOf('ledger.sqlite.mark'))
    await expect(ledger.admit(asked([people(0, 99)]))).rejects.toEqual(lost('was removed or replaced while'))
    await ledger.admit(asked([people(0, 99)]))
  })
})
