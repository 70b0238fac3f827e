import type { Config } from '../config/schema.ts'
import { createLimitsFor } from '../gateway/admit/limits.ts'
import { createStandingsOf } from '../gateway/admit/standings.ts'
import { groupsInForce } from '../gateway/options.ts'
import { openKeyStore } from '../service/key-store.ts'
import { createLimitKeeper, type LimitKeeper } from '../service/limits.ts'
import { openStorage } from '../storage/open-storage.ts'

/** The limits of a configuration, and how they stand in its storage, for an operator at the command line. */
export async function openLimitKeeper(config: Config): Promise<LimitKeeper & AsyncDisposable> {
  const storage = await openStorage(config, { for: 'command' })
  const groups = groupsInForce(config.gateway)
  const keeper = createLimitKeeper({
    standingsOf: createStandingsOf(createLimitsFor(groups), storage.quotas),
    keys: openKeyStore(config, async () => storage),
    groups,
  })
  return { ...keeper, [Symbol.asyncDispose]: () => storage[Symbol.asyncDispose]() }
}
