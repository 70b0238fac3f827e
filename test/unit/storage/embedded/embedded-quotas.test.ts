import { statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { QuotaLimit } from '../../../../src/core/quotas.ts'
import { openEmbeddedQuotas } from '../../../../src/storage/embedded/embedded-quotas.ts'
import { StorageHealth } from '../../../../src/storage/health.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'

/** Four pages for each transaction: 2,000 that may be waited for, and those of the times before at which the log was still short. */
const mostBytes = 4 * (2_000 + 3 * 500) * 4_120

it('the log of a file of quotas has an end also where somebody always writes', async () => {
  const path = join(temporaryFolder('quotas-'), 'quotas.db')
  const health = new StorageHealth(path, (thrown) => thrown)
  await using ledger = openEmbeddedQuotas({ path, timeoutMilliseconds: 60_000, health, now: Date.now })
  const limits: readonly QuotaLimit[] = [{ account: 'key:a', unit: 'tokens', window: 'day', most: 1e9 }]
  let longest = 0
  for (let order = 0; order < 4_000; order += 1) {
    const ask = { id: `lease ${order}`, limits, bounds: { tokens: 2 }, known: {}, leaseMilliseconds: 30_000 }
    const held = await ledger.hold(ask)
    if (held.kind !== 'held') throw new Error('the account has room')
    await ledger.settle(held.lease, { tokens: 1 })
    longest = Math.max(longest, statSync(`${path}-wal`).size)
  }
  const [standing] = await ledger
    .hold({ id: 'last', limits, bounds: { tokens: 0 }, known: {}, leaseMilliseconds: 30_000 })
    .then((last) => (last.kind === 'held' ? last.standings : []))
  expect(standing).toMatchObject({ used: 4_000, held: 0 })
  expect(longest).toBeGreaterThan(0)
  expect(longest).toBeLessThan(mostBytes)
})
