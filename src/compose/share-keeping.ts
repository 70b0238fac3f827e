import type { Config } from '../config/schema.ts'
import type { OperatorShares } from '../core/shares.ts'
import { openGivenKeyRing } from '../gateway/privacy/keys/service-key.ts'
import { ShareVault } from '../sealed/share-vault.ts'
import { createOperatorShares } from '../service/shares/operator-shares.ts'
import { openStorage, type OpenedStorage } from '../storage/open-storage.ts'
import { onTrail } from './on-trail.ts'
import { settleOtherTime } from './other-time.ts'
import { whoDecides } from './who-decides.ts'

/** The shares of everybody as an operator handles them, in the storage of the configuration. What is read and ended is on the trail before. */
export function createShareKeeper(config: Config): OperatorShares {
  const within = async <T>(work: (shares: OperatorShares) => Promise<T>): Promise<T> => {
    await using storage: OpenedStorage = await openStorage(config, {
      for: 'command',
      onOtherTime: (why) => settleOtherTime(config, why),
    })
    return await work(createOperatorShares(new ShareVault(storage.shares, () => openGivenKeyRing(config))))
  }
  const told = <T>(event: string, id: string, work: (shares: OperatorShares) => Promise<T>): Promise<T> =>
    within((shares) => onTrail(config, { event, share: id, by: whoDecides() }, () => work(shares)))
  return {
    list: (filter, page) => within((shares) => shares.list(filter, page)),
    read: (id) => told('share-show', id, (shares) => shares.read(id)),
    revoke: (id) => told('share-revoke', id, (shares) => shares.revoke(id)),
  }
}
