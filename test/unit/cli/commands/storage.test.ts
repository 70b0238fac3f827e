import { describe, expect, it } from 'vitest'
import type { RestoredReport, StorageKeeper, StorageReport } from '../../../../src/service/storage-keeper.ts'
import { createFakeSallyport, runCommand } from '../../../support/cli/fake-sallyport.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'

const run = (words: readonly string[], storage: Partial<StorageKeeper>) => {
  const { sallyport, openers } = createFakeSallyport({ storage })
  return runCommand(['storage', ...words], {
    sallyport,
    openers,
    workingDirectory: temporaryFolder('storage-command-'),
  })
}

const waiting = { id: 'k2', name: 'bob\u001b[2J', group: 'default', because: 'revoked-since' } as const
const report: StorageReport = {
  place: '/state/sallyport.db',
  kind: 'embedded',
  found: {
    id: 'an-id',
    revision: 7,
    migrations: ['0001-a', '0002-b'],
    missing: [],
    keys: { active: 1, held: 0, expired: 4, revoked: 1 },
    ownedIds: 1_234,
    waiting: [waiting],
    usedQuota: [{ id: 'k1', name: 'alice', group: 'default', because: null }],
  },
  problems: [],
  ledger: { kind: 'whole', answers: 12 },
  audit: { kind: 'intact', path: '/state/audit.jsonl', entries: 3, lastHash: 'f00', first: 1, signatures: null },
}

describe('storage check', () => {
  it('writes what there is and what waits, and ends with 0', async () => {
    const { exitCode, stdout } = await run(['check'], { check: async () => report })
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: [
        'storage   /state/sallyport.db (embedded)',
        'id        an-id, revision 7',
        'schema    0002-b',
        'keys      1 in force, 0 held, 4 expired, 1 revoked',
        'ids       1,234 of upstreams',
        'ledger    12 answers',
        'audit     intact: 3 entries, last hash f00',
        'waits     k2  bob\u{fffd}[2J: was revoked after the backup that was restored',
        'quota     k1  alice: what it had of the day counts as used',
        '',
      ].join('\n'),
    })
  })

  it.each<readonly [string, Partial<StorageReport>]>([
    ['a problem', { problems: ['It is gone.'] }],
    ['a ledger that is refused', { ledger: { kind: 'refused', reason: 'It is held.' } }],
    [
      'a broken trail',
      {
        audit: {
          kind: 'broken',
          path: '/a',
          breaks: [{ file: '/a', line: 2, reason: 'the line does not match its hash' }],
        },
      },
    ],
  ])('ends with 1 for %s', async (_what, own) => {
    const check = async () => ({ ...report, ...own })
    expect((await run(['check'], { check })).exitCode).toBe(1)
    expect((await run(['check', '--output', 'json'], { check })).exitCode).toBe(1)
  })

  it('gives a program one document', async () => {
    const { stdout } = await run(['check', '--output', 'json'], { check: async () => report })
    expect(JSON.parse(stdout)).toEqual({
      place: '/state/sallyport.db',
      kind: 'embedded',
      storage: {
        id: 'an-id',
        revision: 7,
        schema: ['0001-a', '0002-b'],
        missing: [],
        keys: { active: 1, held: 0, expired: 4, revoked: 1 },
        owned_ids: 1_234,
        waiting: [waiting],
        used_quota: [{ id: 'k1', name: 'alice', group: 'default' }],
      },
      ledger: { kind: 'whole', answers: 12 },
      audit: { verdict: 'intact', entries: 3, last_hash: 'f00' },
      problems: [],
    })
    const none = await run(['check', '--output', 'json'], {
      check: async () => ({ ...report, found: null, audit: null }),
    })
    expect(JSON.parse(none.stdout)).toMatchObject({ storage: null, audit: null })
  })
})

describe('storage backup and restore', () => {
  const made = '2026-01-02T03:04:05.000Z'
  const backup = { made, kind: 'postgresql', place: 'postgresql://host/db', ledger: null, audit: null } as const
  const written = {
    ...backup,
    path: '/b.db',
    id: 'an-id',
    revision: 7,
    migrations: ['0001-a'],
    keys: 1,
    ownedIds: 2,
    conversations: 3,
    files: 1,
    labels: 4,
    rollouts: 5,
  }

  it('say what the file has, and overwrite one only where they are told to', async () => {
    const asked: unknown[] = []
    const storage: Partial<StorageKeeper> = {
      backup: async (...given) => {
        asked.push(given)
        return written
      },
    }
    const { stdout } = await run(['backup', '/b.db'], storage)
    expect(stdout).toBe(
      `/b.db: 1 key, 2 ids of upstreams, 3 conversations, 1 file, 4 labels and 5 rollouts of thresholds, as they were at ${made} (revision 7, schema 0001-a).\n`,
    )
    const json = await run(['backup', '/b.db', '--overwrite', '--output', 'json'], storage)
    const { migrations: schema, ownedIds: owned_ids, ...same } = written
    expect(JSON.parse(json.stdout)).toEqual({ ...same, schema, owned_ids })
    expect(asked).toEqual([
      ['/b.db', { overwrite: false }],
      ['/b.db', { overwrite: true }],
    ])
  })

  it('say what was put back, and what waits for the operator', async () => {
    const restored: RestoredReport = {
      path: '/b.db',
      place: '/state/sallyport.db',
      backup,
      keys: { active: 1, held: 2, expired: 4, revoked: 3 },
      addedIds: 4,
      addedConversations: 5,
      addedFiles: 6,
      addedLabels: 7,
      addedRollouts: 8,
      notes: ['The trail is another one.'],
    }
    const restore = async () => restored
    const { stdout } = await run(['restore', '/b.db'], { restore })
    expect(stdout).toContain(
      `/state/sallyport.db has what /b.db of ${made} has: 4 more ids of upstreams, 5 more conversations, 6 more files, 7 more labels.`,
    )
    expect(stdout).toContain('Keys: 1 in force, 2 held, 4 expired, 3 revoked.')
    expect(stdout).toContain('"sallyport storage accept keys|quota|ledger" accepts it.\nThe trail is another one.')
    const json = await run(['restore', '/b.db', '--output', 'json'], { restore })
    const { addedIds, addedConversations, addedFiles, addedLabels, addedRollouts, ...same } = restored
    expect(JSON.parse(json.stdout)).toEqual({
      ...same,
      added_ids: addedIds,
      added_conversations: addedConversations,
      added_files: addedFiles,
      added_labels: addedLabels,
      added_rollouts: addedRollouts,
    })
    expect(stdout).toContain("had put in force are not in force: the configuration's are.")
    const without = await run(['restore', '/b.db'], { restore: async () => ({ ...restored, addedRollouts: 0 }) })
    expect(without.stdout).not.toContain('in force are not in force')
    const unknown = await run(['restore', '/b.db', '--output', 'json'], {
      restore: async () => ({ ...restored, backup: null }),
    })
    expect(JSON.parse(unknown.stdout)).toMatchObject({ backup: null })
  })
})

describe('storage accept', () => {
  it.each([['keys'], ['quota']] as const)(
    '%s takes ids, or all by that word, and nothing without a name',
    async (what) => {
      const asked: unknown[] = []
      const accept = async (ids: readonly string[] | null) => {
        asked.push(ids)
        return ids ?? ['k1', 'k2', 'k3']
      }
      const storage: Partial<StorageKeeper> = { acceptKeys: accept, acceptQuota: accept }
      expect((await run(['accept', what, 'k1', 'k2'], storage)).stdout).toContain('2 keys')
      const all = await run(['accept', what, '--all', '--output', 'json'], storage)
      expect(JSON.parse(all.stdout)).toEqual({ [what]: ['k1', 'k2', 'k3'] })
      for (const words of [[], ['k1', '--all']]) {
        expect((await run(['accept', what, ...words], storage)).exitCode).toBe(2)
      }
      expect(asked).toEqual([['k1', 'k2'], null])
    },
  )

  it('ledger says how much counts', async () => {
    const acceptLedger = async () => ({ answers: 1 })
    expect((await run(['accept', 'ledger'], { acceptLedger })).stdout).toBe('The ledger of 1 answer counts.\n')
    const json = await run(['accept', 'ledger', '--output', 'json'], { acceptLedger })
    expect(JSON.parse(json.stdout)).toEqual({ ledger: { answers: 1 } })
  })
})
