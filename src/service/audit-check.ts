import type { AuditReport, AuditRequest } from './sallyport.ts'
import { openRegularFile } from '../files/regular-file.ts'
import { verifyAuditTrail } from '../telemetry/audit.ts'
import { auditPath, type TelemetryConfig } from '../telemetry/paths.ts'

const unbounded = { bytes: Number.MAX_SAFE_INTEGER, setting: null }

/** Reads a trail to its end. Rejects with `invalid-file` where the file cannot be read. */
export async function checkAudit(
  config: Pick<TelemetryConfig, 'telemetry' | 'state_directory'>,
  { path: named, expected }: AuditRequest,
): Promise<AuditReport> {
  const path = named ?? auditPath(config)
  const { handle } = await openRegularFile(path, unbounded)
  await handle.close()
  return { path, ...(await verifyAuditTrail(path, expected)) }
}
