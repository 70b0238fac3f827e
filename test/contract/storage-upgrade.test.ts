import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { createStorageKeeper } from '../../src/compose/storage-keeping.ts'
import { createConfigSchema } from '../../src/config/schema.ts'
import { Secret } from '../../src/core/secret.ts'
import { DifferencingLedger } from '../../src/databases/differencing/differencing-ledger.ts'
import { ledgerFile } from '../../src/databases/differencing/ledger-file.ts'
import { ledgerOptions } from '../../src/databases/differencing/options.ts'
import { openKeyStore } from '../../src/service/key-store.ts'
import { openStorage } from '../../src/storage/open-storage.ts'
import { AuditTrail } from '../../src/telemetry/audit/trail.ts'
import { verifyAuditTrail } from '../../src/telemetry/audit/verify.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { verifies } from '../support/verifies.ts'
import { keyOf, standing } from './storage-restore-contract.ts'

const former = join(import.meta.dirname, 'state-before-storage')
const alice = new Secret('sp-ljlkYZKumrlFq4v_sYUkqgPlfBqrUc-iYeG6p6zc0t8')
const bob = new Secret('sp-mcxZ5sRFHwuLGceLUNjo0PkK3MtbcyLXCdW30yaUU9A')
const lastHash = 'fe6ff15ba310d2dc7c820b79a275bda2658d609819e959da1fd991f10b4d54f3'

const configOf = (folder: string) => createConfigSchema(folder, join(folder, 'secrets')).parse({})
const rows = (count: number) => ({
  source: 'shop',
  group: 'default',
  relation: 'public.staff',
  minimum: 5,
  sets: [Array.from({ length: count }, (_, row) => ({ row, entity: row }))],
})

describe('the state folder of the version before the storage', () => {
  it('goes on as it was: keys, what the ledger refuses, and the trail with its anchor', async () => {
    verifies('storage.upgrade')
    const folder = temporaryFolder('storage-upgrade-')
    cpSync(former, folder, { recursive: true })
    const config = configOf(folder)
    const noticed: string[] = []
    {
      await using storage = await openStorage(config, {
        for: 'service',
        onOtherTime: async (why) => void noticed.push(why),
      })
      const keys = openKeyStore(config, async () => storage)
      expect(await keys.find(alice)).toMatchObject({ group: 'default' })
      expect(await keys.find(bob)).toBeNull()
      expect(await keys.ensureFirst('default')).toBeNull()
    }
    expect(noticed).toEqual([])
    {
      await using ledger = new DifferencingLedger({
        place: ledgerFile(join(folder, 'ledger.sqlite')),
        options: ledgerOptions.parse({}),
      })
      await expect(ledger.admit(rows(99))).rejects.toThrow('sql/differencing')
      await ledger.admit(rows(100))
    }
    const trail = join(folder, 'audit.jsonl')
    {
      await using audit = await AuditTrail.open(trail)
      await audit.append({ event: 'request', requestId: 'r2' })
    }
    expect(await verifyAuditTrail(trail, { expected: lastHash })).toMatchObject({ kind: 'intact', entries: 3 })
    expect(await createStorageKeeper(config).check()).toMatchObject({
      problems: [],
      found: { keys: { active: 1, held: 0, revoked: 0 } },
      ledger: { kind: 'whole', answers: 1 },
    })
  })
})

describe('a storage of the version before there were restores', () => {
  it('has its keys in force, and held those that were', async () => {
    verifies('storage.upgrade')
    const folder = temporaryFolder('storage-upgrade-')
    const config = configOf(folder)
    {
      await using storage = await openStorage(config, { for: 'service' })
      await storage.keys.add(keyOf('alice'))
      await storage.keys.takeOver('/first.json', [])
      await storage.keys.takeOver('/second.json', [keyOf('bob')])
    }
    {
      using file = new DatabaseSync(join(folder, 'sallyport.db'))
      file.exec(`ALTER TABLE api_keys DROP COLUMN held_because; ALTER TABLE api_keys DROP COLUMN quota_used_day;
        ALTER TABLE api_keys DROP COLUMN scopes; ALTER TABLE api_keys DROP COLUMN expires;
        ALTER TABLE api_keys DROP COLUMN last_used; ALTER TABLE api_keys DROP COLUMN replaced_by;
        ALTER TABLE storage_facts DROP COLUMN backup; ALTER TABLE storage_facts DROP COLUMN former_ids;
        ALTER TABLE storage_facts DROP COLUMN suspensions_revision; DROP TABLE suspensions; DROP TABLE approvals;
        DROP TABLE masked_conversations; DROP TABLE masked_values; DROP TABLE masked_answers; DROP TABLE miss_reports;
        DROP TABLE process_leases; DROP TABLE conversations; DROP TABLE conversation_runs; DROP TABLE conversation_items;
        DROP TABLE stored_files; DROP TABLE file_contents; DROP TABLE content_pieces; DROP TABLE containers;
        DROP TABLE shares; DROP TABLE share_pieces;
        ALTER TABLE storage_facts DROP COLUMN tuning_revision; DROP TABLE recorded_decisions; DROP TABLE recorded_places;
        DROP TABLE recorded_detectors; DROP TABLE recorded_scores; DROP TABLE recorded_samples; DROP TABLE complaints;
        DROP TABLE complaint_rules; DROP TABLE labels; DROP TABLE evaluation_sets; DROP TABLE tuning_proposals;
        DROP TABLE tuning_rollouts; DROP TABLE tuning_thresholds; DROP TABLE tuning_counts;
        DROP TABLE web_sessions; DROP TABLE web_links; DROP TABLE lease_numbers; DROP TABLE held_sessions;
        DROP TABLE request_keys; DROP TABLE sealing_key;
        DELETE FROM storage_migrations WHERE name >= '0002'`)
    }
    expect(await createStorageKeeper(config).check()).toMatchObject({
      found: { migrations: ['0001-keys-and-owned-ids'], waiting: [{ name: 'bob', because: 'file' }] },
      problems: [],
    })
    await using storage = await openStorage(config, { for: 'service' })
    expect(await standing(storage)).toEqual(['alice in force', 'bob file'])
  })
})
