import type { Config } from '../config/schema.ts'
import { approvalEvent } from '../core/approvals.ts'
import { ServiceError } from '../core/errors.ts'
import { openGivenKeyRing } from '../gateway/privacy/keys/service-key.ts'
import { ApprovalVault } from '../sealed/approval-vault.ts'
import type { ApprovalKeeper } from '../service/approval-keeper.ts'
import { openStorage, type OpenedStorage } from '../storage/open-storage.ts'
import { onTrail } from './on-trail.ts'
import { settleOtherTime } from './other-time.ts'
import { whoDecides } from './who-decides.ts'

/** The approvals as an operator handles them, in the storage of the configuration. */
export function createApprovalKeeper(config: Config): ApprovalKeeper {
  const within = async <T>(work: (storage: OpenedStorage) => Promise<T>): Promise<T> => {
    await using storage = await openStorage(config, {
      for: 'command',
      onOtherTime: (why) => settleOtherTime(config, why),
    })
    return await work(storage)
  }
  const found = async ({ approvals }: OpenedStorage, id: string) => {
    const stored = await approvals.show(id)
    if (stored === null) throw noApproval(id)
    return stored
  }
  return {
    list: (filter) => within(({ approvals }) => approvals.list(filter)),
    show: (id) =>
      within(async (storage) => {
        await found(storage, id)
        return onTrail(config, { event: 'approval-show', approval: id, by: whoDecides() }, async () => {
          const milliseconds = config.policy.approvals.expires_ms
          const vault = new ApprovalVault(storage.approvals, () => openGivenKeyRing(config), milliseconds)
          const opened = await vault.show(id)
          if (opened === null) throw noApproval(id)
          return opened
        })
      }),
    decide: (id, verdict) =>
      within(async (storage) => {
        const by = whoDecides()
        const fact = { ...approvalEvent(`approval-${verdict}`, await found(storage, id)), by }
        return onTrail(config, fact, () => storage.approvals.decide(id, verdict, by))
      }),
  }
}

function noApproval(id: string): ServiceError {
  return new ServiceError('not-found', `There is no approval "${id.slice(0, 100)}".`, {
    advice: '"sallyport approvals list" shows those that wait.',
  })
}
