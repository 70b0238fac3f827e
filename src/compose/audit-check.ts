import type { AuditReport, AuditRequest } from '../cli/service.ts'
import type { Config } from '../config/schema.ts'
import { openRegularFile } from '../core/regular-file.ts'
import { verifyAuditTrail } from '../telemetry/audit.ts'
import { auditPath } from './audit-path.ts'

const unbounded = { bytes: Number.MAX_SAFE_INTEGER, setting: null }

/** Reads a trail to its end. Rejects with `invalid-file` where there is none that can be read. */
export async function checkAudit(config: Config, { path: named, expected }: AuditRequest): Promise<AuditReport> {
  const path = named ?? auditPath(config)
  const { handle } = await openRegularFile(path, unbounded)
  await handle.close()
  return { path, ...(await verifyAuditTrail(path, expected)) }
}
