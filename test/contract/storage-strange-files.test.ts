import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, readdirSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { restoreBackup } from '../../src/storage/backup/restore-backup.ts'
import { writeBackup } from '../../src/storage/backup/write-backup.ts'
import { openStorage, type OpenedStorage } from '../../src/storage/open-storage.ts'
import { storageOptions } from '../../src/storage/options.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { verifies } from '../support/verifies.ts'
import { backUp, keyOf, nothingBeside, standing } from './storage-restore-contract.ts'

let storage: OpenedStorage
let backup = ''
let folder = ''
beforeEach(async () => {
  folder = temporaryFolder('strange files ')
  const path = join(folder, 'sallyport.db')
  const config = { storage: storageOptions.parse({ path }), state_directory: folder }
  storage = await openStorage(config, { for: 'command', onOtherTime: async () => undefined })
  onTestFinished(() => storage[Symbol.asyncDispose]())
  await storage.keys.add(keyOf('alice'))
  await storage.ownedIds.remember({ principal: 'alice', upstream: 'openai', ids: ['resp_1'] })
  backup = await backUp(storage)
})

/** A storage as one file, without a log beside it. */
function wholeCopy(): string {
  const path = join(folder, 'copy')
  using file = new DatabaseSync(storage.place)
  file.exec(`VACUUM INTO '${path}'`)
  return path
}

/** The backup as somebody changed it. */
const changed = (sql: string) => () => {
  using file = new DatabaseSync(backup)
  file.exec(`PRAGMA writable_schema = OFF; ${sql}`)
  return backup
}
const copied = (change: (bytes: Buffer) => void) => () => {
  const bytes = readFileSync(backup)
  change(bytes)
  writeFileSync(backup, bytes)
  return backup
}
const digest = 'f'.repeat(64)
const key = (columns: string) =>
  `INSERT INTO api_keys (id, name, key_group, sha256, created, state, revoked) VALUES (${columns})`
const row = (own: Readonly<Record<string, string>>) =>
  key(
    Object.values({
      id: "'id-m'",
      name: "'mallory'",
      group: "'operator'",
      sha256: `'${digest}'`,
      created: "'2026-01-01T00:00:00.000Z'",
      state: "'active'",
      revoked: 'NULL',
      ...own,
    }).join(', '),
  )

const strange: readonly (readonly [what: string, make: () => string, reason: RegExp])[] = [
  ['that is not there', () => join(folder, 'none'), /it does not exist/],
  ['that is a folder', () => folder, /it is a folder/],
  [
    'that is a pipe',
    () => {
      spawnSync('mkfifo', [join(folder, 'pipe')])
      return join(folder, 'pipe')
    },
    /not a regular file/,
  ],
  [
    'that is a link to a pipe',
    () => {
      spawnSync('mkfifo', [join(folder, 'pipe')])
      symlinkSync(join(folder, 'pipe'), join(folder, 'link'))
      return join(folder, 'link')
    },
    /not a regular file/,
  ],
  ['that is a device', () => '/dev/zero', /not a regular file/],
  ['that is empty', () => (writeFileSync(join(folder, 'empty'), ''), join(folder, 'empty')), /no backup of a storage/],
  ['that is a text', () => (writeFileSync(join(folder, 'text'), 'x'.repeat(9_000)), join(folder, 'text')), /no backup/],
  ["that is another program's", changed('PRAGMA application_id = 7'), /no backup of a storage/],
  ['that is the storage itself', () => storage.place, /it is the storage itself/],
  ['of which a part is missing', () => (truncateSync(backup, 8_192), backup), /it is damaged/],
  ['of which a page is overwritten', copied((bytes) => bytes.fill(0xff, 4_096 * 2, 4_096 * 3)), /it is damaged/],
  [
    'whose index tells of other rows',
    () => {
      const of = 'owned_ids_made_day'
      using file = new DatabaseSync(backup)
      const page = Number(file.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').get(of)?.['rootpage'])
      return copied((bytes) => bytes.fill(0x41, page * 4_096 - 6, page * 4_096))()
    },
    /it is damaged/,
  ],
  ['of a newer program', changed("INSERT INTO storage_migrations VALUES ('9999-future', '2099')"), /has 9999-future/],
  ['with a trigger', changed('CREATE TRIGGER t AFTER INSERT ON api_keys BEGIN SELECT 1; END'), /trigger t/],
  ['with a view', changed('CREATE VIEW v AS SELECT 1'), /view v/],
  [
    'with a view in the place of a table',
    changed('DROP TABLE api_keys; CREATE VIEW api_keys AS SELECT 1 AS id'),
    /view api_keys/,
  ],
  [
    'with a table that another module makes',
    changed('DROP TABLE owned_ids; CREATE VIRTUAL TABLE owned_ids USING fts5(upstream, id, principal, made_day)'),
    /it has what no backup of a storage has/,
  ],
  ['with a table of another program', changed('CREATE TABLE other (a)'), /table other/],
  ['without a table', changed('DROP TABLE owned_ids'), /it has no table owned_ids/],
  ['with a computed column', changed('ALTER TABLE api_keys ADD COLUMN c AS (upper(name))'), /column api_keys.c/],
  ['with a column more', changed('ALTER TABLE api_keys ADD COLUMN c'), /Unrecognized key/],
  [
    'with an index over an expression',
    changed('DROP INDEX owned_ids_made_day; CREATE INDEX owned_ids_made_day ON owned_ids (upper(id))'),
    /index owned_ids_made_day/,
  ],
  ['without facts', changed('DELETE FROM storage_facts'), /does not say which it is/],
  ['whose facts are no JSON', changed("UPDATE storage_facts SET backup = '{'"), /it is damaged/],
  ['whose facts are others', changed(`UPDATE storage_facts SET backup = '{"made":1}'`), /it is damaged: made/],
  ['with a key of no id', changed(row({ id: "''" })), /it is damaged: id/],
  ['with a key that is bytes', changed(row({ name: "x'00'" })), /it is damaged: name/],
  ['with a key in a state that is none', changed(row({ state: "'root'" })), /it is damaged: state/],
  ['with a digest that is none', changed(row({ sha256: "'x'" })), /it is damaged: sha256/],
  ['with a key revoked at no time', changed(row({ state: "'revoked'" })), /revoked at no time/],
  ['with a name of a megabyte', changed(row({ name: 'hex(zeroblob(500000))' })), /it is damaged: name/],
  [
    "with another key of somebody's digest",
    changed(`UPDATE api_keys SET id = 'id-m', key_group = 'operator'`),
    /two keys have the same sha256/,
  ],
  ['with an id of nobody', changed("INSERT INTO owned_ids VALUES ('openai', 'resp_9', '', 1)"), /principal/],
  ['with an id of no day', changed("INSERT INTO owned_ids VALUES ('openai', 'resp_9', 'p', 'x')"), /made_day/],
]

describe('a file that is given as a backup', () => {
  it.each(strange)('%s is refused, and nothing is changed', async (_what, make, reason) => {
    verifies('storage.strange-files')
    const before = (await storage.keys.list()).length
    await expect(restoreBackup(storage, make())).rejects.toMatchObject({
      code: 'invalid-file',
      message: expect.stringMatching(reason) as string,
    })
    expect([await standing(storage), before]).toEqual([['alice in force'], 1])
    expect((await storage.ownedIds.owners('openai', ['resp_9'])).get('resp_9')).toBeNull()
  })

  it('is read by itself: what stands beside it under the name of its log is not', async () => {
    writeFileSync(`${backup}-wal`, Buffer.alloc(100_000, 7))
    writeFileSync(`${backup}-journal`, Buffer.alloc(100_000, 7))
    expect(await restoreBackup(storage, backup)).toMatchObject({ keys: { active: 1 } })
  })

  it('may be one of before there were restores, and may be linked to', async () => {
    {
      using file = new DatabaseSync(backup)
      file.exec(`ALTER TABLE api_keys DROP COLUMN held_because; ALTER TABLE api_keys DROP COLUMN quota_used_day;
        ALTER TABLE api_keys DROP COLUMN scopes; ALTER TABLE api_keys DROP COLUMN expires;
        ALTER TABLE api_keys DROP COLUMN last_used; ALTER TABLE api_keys DROP COLUMN replaced_by;
        ALTER TABLE storage_facts DROP COLUMN backup; ALTER TABLE storage_facts DROP COLUMN former_ids;
        DELETE FROM storage_migrations WHERE name = '0002-restores'`)
    }
    const link = join(folder, 'a link.db')
    symlinkSync(backup, link)
    expect(await restoreBackup(storage, link)).toMatchObject({ backup: null, keys: { active: 1 } })
  })
})

describe('the place of a backup', () => {
  const write = (path: string, overwrite: boolean) => writeBackup(storage, { path, overwrite, beside: nothingBeside })

  it.each<readonly [string, () => string]>([
    ['the storage itself', () => storage.place],
    ['what it is told by', () => `${storage.place}.changed`],
    ['a text', () => (writeFileSync(join(folder, 'text'), 'mine'), join(folder, 'text'))],
    ['a whole copy of a storage', wholeCopy],
    ['a folder', () => (mkdirSync(join(folder, 'some')), join(folder, 'some'))],
    ['a link', () => (symlinkSync(backup, join(folder, 'link')), join(folder, 'link'))],
    ['a folder that is not there', () => join(folder, 'none', 'backup.db')],
  ])('is never %s, told to overwrite or not', async (_what, make) => {
    const path = make()
    for (const overwrite of [false, true]) {
      await expect(write(path, overwrite)).rejects.toMatchObject({ code: 'invalid-file' })
    }
    expect(await standing(storage)).toEqual(['alice in force'])
  })

  it('is cleared of what killed commands have left beside it, and of nothing else', async () => {
    verifies('storage.backup-drafts')
    const path = join(folder, 'next.db')
    const id = 'a3bb189e-8bf9-4be2-8f0c-1234567890ab'
    const left = [`next.db.${id}`, `next.db.${id}-wal`, `next.db.${id}-journal`]
    const others = [`other.db.${id}`, `next.db.${id}.txt`, 'next.db.old', `next.dbx${id}`]
    for (const name of [...left, ...others]) writeFileSync(join(folder, name), 'x')
    mkdirSync(join(folder, `next.db.${id.replace('a', 'b')}`))
    await write(path, false)
    const there = readdirSync(folder)
    expect(there.filter((name) => left.includes(name))).toEqual([])
    expect(others.filter((name) => !there.includes(name))).toEqual([])
    expect(there).toContain(`next.db.${id.replace('a', 'b')}`)
  })

  it('is written by one command at a time, so that nobody takes the draft of another away', async () => {
    verifies('storage.backup-drafts')
    const path = join(folder, 'same.db')
    const ended = await Promise.allSettled([1, 2, 3].map(async () => write(path, true)))
    expect(ended.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled'])
    expect(readdirSync(folder).filter((name) => name.startsWith('same.db'))).toEqual(['same.db'])
  })

  it('is a backup that is there only when told, and then it is whole at every moment', async () => {
    const before = statSync(backup).ino
    await expect(write(backup, false)).rejects.toMatchObject({
      message: expect.stringContaining('it is there') as string,
    })
    expect(statSync(backup).ino).toBe(before)
    await storage.keys.add(keyOf('bob'))
    expect(await write(backup, true)).toMatchObject({ keys: 2, ownedIds: 1 })
    expect([statSync(backup).mode & 0o777, statSync(backup).ino === before]).toEqual([0o600, false])
  })
})
