import type { Config } from '../config/schema.ts'
import { ServiceError } from '../core/errors.ts'
import { openGivenKeyRing } from '../gateway/privacy/keys/service-key.ts'
import { ReportVault } from '../gateway/privacy/vault/report-vault.ts'
import type { ReportKeeper } from '../service/report-keeper.ts'
import { openStorage, type OpenedStorage } from '../storage/open-storage.ts'
import { onTrail } from './on-trail.ts'
import { settleOtherTime } from './other-time.ts'

const mostListed = 1_000

/** The reports as an operator handles them, in the storage of the configuration. */
export function createReportKeeper(config: Config): ReportKeeper {
  const within = async <T>(work: (storage: OpenedStorage) => Promise<T>): Promise<T> => {
    await using storage = await openStorage(config, {
      for: 'command',
      onOtherTime: (why) => settleOtherTime(config, why),
    })
    return await work(storage)
  }
  return {
    list: () => within(({ missReports }) => missReports.list(mostListed)),
    show: (id, { values }) =>
      within(async ({ missReports }) => {
        if ((await missReports.find(id)) === null) throw noReport(id)
        return onTrail(config, { event: 'privacy-report-show', report: id, values }, async () => {
          const opened = await new ReportVault(missReports, () => openGivenKeyRing(config)).open(id)
          if (opened === null) throw noReport(id)
          return opened
        })
      }),
    close: (ids) =>
      within(async ({ missReports }) => {
        for (const id of ids) if ((await missReports.find(id)) === null) throw noReport(id)
        await onTrail(config, { event: 'privacy-report-close', reports: [...ids] }, async () => {
          for (const id of ids) await missReports.forget(id)
        })
      }),
  }
}

function noReport(id: string): ServiceError {
  return new ServiceError('not-found', `There is no report "${id.slice(0, 100)}".`, {
    advice: '"sallyport pii reports list" shows those that wait.',
  })
}
