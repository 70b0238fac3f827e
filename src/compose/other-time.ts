import type { Config } from '../config/schema.ts'
import { holdLedger } from '../databases/differencing/ledger-keeping.ts'
import type { OtherTime } from '../storage/other-time.ts'
import { ledgerPlaceOf } from './ledger-place.ts'
import { onTrail } from './on-trail.ts'

/**
 * Holds what this machine has beside a storage of another time: the ledger of answers may be of another time as well, and
 * would then let differences single somebody out.
 */
export async function settleOtherTime(
  config: Pick<Config, 'telemetry' | 'storage' | 'state_directory' | 'secrets_directory'>,
  why: OtherTime,
): Promise<void> {
  const time = new Date(Date.now()).toISOString()
  await onTrail(config, { event: 'storage-of-other-time', why }, () => holdLedger(ledgerPlaceOf(config), time))
}
