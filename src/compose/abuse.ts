import type { Config } from '../config/schema.ts'
import { createAbuseWatch, type AbuseWatch } from '../gateway/abuse/watch.ts'
import type { Storage } from '../storage/storage.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'

interface AbuseParts {
  readonly config: Pick<Config, 'gateway'>
  readonly storage: () => Promise<Pick<Storage, 'quotas' | 'suspensions'>>
  readonly telemetry: Telemetry
}

/** Counts what callers do in the storage of the service, which is opened where something is counted. */
export function openAbuse({ config, storage, telemetry }: AbuseParts): AbuseWatch {
  return createAbuseWatch({
    options: config.gateway.abuse,
    ledger: {
      hold: async (ask) => (await storage()).quotas.hold(ask),
      settle: async (lease, uses) => (await storage()).quotas.settle(lease, uses),
    },
    suspensions: {
      of: async (subject) => (await storage()).suspensions.of(subject),
      add: async (suspension) => (await storage()).suspensions.add(suspension),
    },
    onNotice: (notice) => telemetry.notices.onSuspension(notice),
    onFault: (error) => telemetry.log.warn({ error }, 'what a caller did could not be counted'),
    now: Date.now,
  })
}
