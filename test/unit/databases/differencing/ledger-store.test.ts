import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, it } from 'vitest'
import { ledgerFile } from '../../../../src/databases/differencing/ledger-file.ts'
import { LedgerStore } from '../../../../src/databases/differencing/ledger-store.ts'
import { ledgerStoreContract } from '../../../contract/ledger-store-contract.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'

ledgerStoreContract(async () => ledgerFile(join(temporaryFolder('store-'), 'ledger.sqlite')))

it.each([
  ['["shop","analysts","public.staff"]', {}],
  ['["shop","analysts","public.staff",["pay"]]', { columns: ['pay'] }],
  ['["shop","analysts","public.staff",["pay"],"rows"]', { columns: ['pay'], of: 'rows' }],
] as const)('is found in a file that an earlier release wrote, where its name is %s', async (written, more) => {
  const path = join(temporaryFolder('store-'), 'ledger.sqlite')
  await using store = await LedgerStore.open(ledgerFile(path))
  const file = new DatabaseSync(path)
  file.prepare('INSERT INTO ledger (id, name, prime, generation) VALUES (7, ?, 13, 2)').run(written)
  file.prepare('INSERT INTO covered (name, ledger) VALUES (?, 7)').run(written)
  file.close()
  const name = { source: 'shop', group: 'analysts', relation: 'public.staff', ...more }
  expect(await store.exclusively((rows) => rows.ledger(name, 7))).toEqual({ id: 7, prime: 13, generation: 2 })
})
