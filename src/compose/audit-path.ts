import { join } from 'node:path'
import type { Config } from '../config/schema.ts'

/** Where the audit trail of this configuration is. */
export function auditPath({ telemetry, state_directory: folder }: Config): string {
  return telemetry.audit_file ?? join(folder, 'audit.jsonl')
}
