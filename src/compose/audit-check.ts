import type { AuditReport, AuditRequest } from '../cli/service.ts'
import type { Config } from '../config/schema.ts'
import { invalidFile } from '../core/local-file.ts'
import { verifyAuditTrail } from '../telemetry/audit.ts'
import { auditPath } from './audit-path.ts'

/** Reads a trail to its end. Rejects with `invalid-file` where there is none that can be read. */
export async function checkAudit(config: Config, { path: named, expected }: AuditRequest): Promise<AuditReport> {
  const path = named ?? auditPath(config)
  const verdict = await verifyAuditTrail(path, expected).catch((error: NodeJS.ErrnoException) => {
    if (error.code === undefined) throw error
    const isMissing = error.code === 'ENOENT'
    throw invalidFile(path, isMissing ? 'it does not exist' : `it cannot be read (${error.code})`)
  })
  return { path, ...verdict }
}
