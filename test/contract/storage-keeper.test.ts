import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { beforeEach, describe, expect, it } from 'vitest'
import { createStorageKeeper } from '../../src/compose/storage-keeping.ts'
import { createConfigSchema, type Config } from '../../src/config/schema.ts'
import { DifferencingLedger } from '../../src/databases/differencing/differencing-ledger.ts'
import { ledgerFile } from '../../src/databases/differencing/ledger-file.ts'
import { ledgerOptions } from '../../src/databases/differencing/options.ts'
import { openKeyKeeper } from '../../src/service/api-keys.ts'
import { AuditTrail } from '../../src/telemetry/audit/trail.ts'
import { verifyAuditTrail } from '../../src/telemetry/audit/verify.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { verifies } from '../support/verifies.ts'

let folder = ''
let config: Config
beforeEach(() => {
  folder = temporaryFolder('storage-keeper-')
  config = createConfigSchema(folder, join(folder, 'secrets')).parse({})
})

const keeper = () => createStorageKeeper(config)
const ledgerPath = () => join(folder, 'ledger.sqlite')
const openLedger = () => new DifferencingLedger({ place: ledgerFile(ledgerPath()), options: ledgerOptions.parse({}) })
const people = (from: number, to: number) => ({
  source: 'shop',
  group: 'default',
  relation: 'public.staff',
  minimum: 5,
  sets: [Array.from({ length: to - from }, (_, index) => ({ row: from + index, entity: from + index }))],
})

async function makeKey(name: string): Promise<string> {
  await using keys = await openKeyKeeper(config)
  return (await keys.create({ name, group: 'default' })).id
}

async function backedUp(): Promise<string> {
  const path = join(folder, 'backup.db')
  await keeper().backup(path, { overwrite: true })
  return path
}

const factsOnTrail = () =>
  readFileSync(join(folder, 'audit.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { fact: Record<string, unknown> }).fact)
    .filter(({ event }) => event !== 'checkpoint')

describe('the storage and what is beside it', () => {
  it('after a restore has aggregate-only columns refused, also by a service that runs, until the ledger is accepted', async () => {
    verifies('storage.restore-noticed')
    await using running = openLedger()
    await running.admit(people(0, 100))
    await makeKey('alice')
    const backup = await backedUp()
    await running.admit(people(0, 50))
    await keeper().restore(backup)
    await expect(running.admit(people(0, 100))).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining('the storage was restored. [sql/ledger-lost]') as string,
      advice: expect.stringContaining('sallyport storage accept ledger') as string,
    })
    await using later = openLedger()
    await expect(later.admit(people(0, 100))).rejects.toThrow('sql/ledger-lost')
    expect((await keeper().check()).ledger).toMatchObject({ kind: 'refused' })
    expect(await keeper().acceptLedger()).toEqual({ answers: 2 })
    // All that was answered is known still.
    await running.admit(people(0, 100))
    await expect(running.admit(people(0, 99))).rejects.toThrow('sql/differencing')
    expect((await keeper().check()).ledger).toMatchObject({ kind: 'whole', answers: 2 })
  })

  it('takes no older ledger for the one that was answered from, accepted by name or not', async () => {
    verifies('storage.restore-noticed')
    {
      await using ledger = openLedger()
      await ledger.admit(people(0, 100))
      copyFileSync(ledgerPath(), join(folder, 'older.sqlite'))
      await ledger.admit(people(0, 50))
    }
    await makeKey('alice')
    await keeper().restore(await backedUp())
    copyFileSync(ledgerPath(), join(folder, 'newer.sqlite'))
    copyFileSync(join(folder, 'older.sqlite'), ledgerPath())
    await expect(keeper().acceptLedger()).rejects.toThrow('was put back from an older copy')
    rmSync(ledgerPath())
    await expect(keeper().acceptLedger()).rejects.toThrow('was removed')
    await using other = new DifferencingLedger({
      place: ledgerFile(join(folder, 'other.sqlite')),
      options: ledgerOptions.parse({}),
    })
    await other.admit(people(0, 1_000))
    copyFileSync(join(folder, 'other.sqlite'), ledgerPath())
    await expect(keeper().acceptLedger()).rejects.toThrow('was replaced by another one')
    await using ledger = openLedger()
    await expect(ledger.admit(people(0, 99))).rejects.toThrow('sql/ledger-lost')
    copyFileSync(join(folder, 'newer.sqlite'), ledgerPath())
    await expect(ledger.admit(people(0, 100))).rejects.toThrow('is held since')
    expect(await keeper().acceptLedger()).toEqual({ answers: 2 })
    await ledger.admit(people(0, 100))
  })

  it('holds a ledger that is put there after the restore, where there was none', async () => {
    await makeKey('alice')
    {
      await using ledger = openLedger()
      await ledger.admit(people(0, 100))
    }
    copyFileSync(ledgerPath(), join(folder, 'kept.sqlite'))
    rmSync(ledgerPath())
    rmSync(`${ledgerPath()}.mark`)
    await keeper().restore(await backedUp())
    await using ledger = openLedger()
    await expect(ledger.admit(people(0, 100))).rejects.toThrow('is held since')
    copyFileSync(join(folder, 'kept.sqlite'), ledgerPath())
    await expect(ledger.admit(people(0, 100))).rejects.toThrow('is held since')
    expect(await keeper().acceptLedger()).toEqual({ answers: 1 })
    await ledger.admit(people(0, 100))
  })

  it('lets a ledger begin empty where nothing was ever answered, once it is accepted', async () => {
    await makeKey('alice')
    await keeper().restore(await backedUp())
    await using ledger = openLedger()
    await expect(ledger.admit(people(0, 100))).rejects.toThrow('is held since')
    expect(existsSync(ledgerPath())).toBe(false)
    expect(await keeper().acceptLedger()).toEqual({ answers: 0 })
    await ledger.admit(people(0, 100))
  })

  it('has each restore and each acceptance on the audit trail, with its end', async () => {
    verifies('storage.accept-trail')
    const id = await makeKey('alice')
    const backup = await backedUp()
    await keeper().restore(backup)
    await keeper().acceptQuota([id])
    await expect(keeper().acceptKeys(['no-such-key'])).rejects.toMatchObject({ code: 'not-found' })
    const told = factsOnTrail().map((fact) => Object.assign(fact, { requestId: 'some' }))
    expect(told).toEqual([
      { event: 'storage-restore', requestId: 'some' },
      { event: 'storage-restore-end', done: true, requestId: 'some' },
      { event: 'storage-of-other-time', why: 'restored', requestId: 'some' },
      { event: 'storage-of-other-time-end', done: true, requestId: 'some' },
      { event: 'storage-accept', of: 'quota', ids: [id], requestId: 'some' },
      { event: 'storage-accept-end', done: true, requestId: 'some' },
      { event: 'storage-accept', of: 'keys', ids: ['no-such-key'], requestId: 'some' },
      { event: 'storage-accept-end', done: false, requestId: 'some' },
    ])
    // Each of the four has signed its own two lines.
    expect(await verifyAuditTrail(join(folder, 'audit.jsonl'))).toMatchObject({ kind: 'intact', entries: 8 + 4 })
  })

  it('accepts nothing that the trail cannot know', async () => {
    verifies('storage.accept-trail')
    const id = await makeKey('alice')
    await keeper().restore(await backedUp())
    writeFileSync(join(folder, 'audit.jsonl'), 'no trail\n')
    await expect(keeper().acceptQuota([id])).rejects.toMatchObject({ code: 'invalid-config' })
    expect((await keeper().check()).found?.usedQuota).toHaveLength(1)
  })

  it('tells of a trail that is not the one of the backup, or not all of it', async () => {
    await makeKey('alice')
    const path = join(folder, 'audit.jsonl')
    const write = async (event: string): Promise<void> => {
      await using trail = await AuditTrail.open(path)
      await trail.append({ event, requestId: event })
    }
    await write('one')
    const short = readFileSync(path)
    await write('two')
    const backup = await backedUp()
    await write('three')
    expect(await keeper().restore(backup)).toMatchObject({ notes: [] })
    writeFileSync(path, short)
    const { notes } = await keeper().restore(backup)
    expect(notes).toEqual([expect.stringContaining('is not the one of the backup, or not all of it')])
  })
})

describe('the check', () => {
  it('finds nothing where nothing was made, and makes nothing', async () => {
    expect(await keeper().check()).toEqual({
      kind: 'embedded',
      place: join(folder, 'sallyport.db'),
      found: null,
      problems: [],
      ledger: { kind: 'none' },
      audit: null,
    })
    expect(existsSync(join(folder, 'sallyport.db'))).toBe(false)
  })

  it('counts what there is', async () => {
    const [alice] = [await makeKey('alice'), await makeKey('bob')]
    {
      await using keys = await openKeyKeeper(config)
      await keys.revoke(alice)
      await keys.create({ name: 'carol', group: 'default', expires: { milliseconds: 1 } })
      await setTimeout(5)
    }
    expect(await keeper().check()).toMatchObject({
      found: {
        keys: { active: 1, held: 0, expired: 1, revoked: 1 },
        ownedIds: 0,
        missing: [],
        waiting: [],
        usedQuota: [],
      },
      problems: [],
    })
  })

  it('tells of a storage that is gone, older, another one, or damaged', async () => {
    const path = join(folder, 'sallyport.db')
    await makeKey('alice')
    copyFileSync(path, `${path}.old`)
    await makeKey('bob')
    copyFileSync(path, `${path}.new`)
    const problems = async () => (await keeper().check()).problems.join(' ')
    copyFileSync(`${path}.old`, path)
    expect(await problems()).toContain('older copy')
    rmSync(path)
    expect(await problems()).toContain('It is gone')
    copyFileSync(`${path}.new`, path)
    expect(await problems()).toBe('')
    writeFileSync(`${path}.mark`, '{"id":"another","revision":1}\n')
    expect(await problems()).toContain('another storage')
    // A page in the middle: the counts are there still.
    const bytes = readFileSync(path)
    bytes.fill(0xff, bytes.length - 4_096)
    writeFileSync(path, bytes)
    const found = await keeper()
      .check()
      .then(
        ({ problems: told }) => told.join(' '),
        (thrown: Error) => thrown.message,
      )
    expect(found).toMatch(/damaged|btree|Tree|page/)
  })
})
