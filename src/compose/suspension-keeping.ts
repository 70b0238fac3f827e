import type { Config } from '../config/schema.ts'
import { openKeyStore } from '../service/key-store.ts'
import { createSuspensionKeeper, type SuspensionKeeper } from '../service/suspensions.ts'
import { openStorage } from '../storage/open-storage.ts'
import { onTrail } from './on-trail.ts'

/** The suspensions of a configuration, for an operator at the command line, whose changes are on the trail as well. */
export async function openSuspensionKeeper(config: Config): Promise<SuspensionKeeper & AsyncDisposable> {
  const storage = await openStorage(config, { for: 'command' })
  const keys = openKeyStore(config, async () => storage)
  const keeper = createSuspensionKeeper({ suspensions: storage.suspensions, keys, now: Date.now })
  return {
    ...keeper,
    add: (request, by) => {
      const fact = { event: 'suspension', principal: request.principal, reason: 'operator', by }
      return onTrail(config, fact, () => keeper.add(request, by))
    },
    lift: (id, by) => onTrail(config, { event: 'suspension-lift', suspension: id, by }, () => keeper.lift(id, by)),
    [Symbol.asyncDispose]: () => storage[Symbol.asyncDispose](),
  }
}
