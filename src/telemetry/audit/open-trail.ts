import { appendFile, mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { openKeyFile } from '../../files/key-file.ts'
import { auditKeyPath, auditKeyPurpose, auditPath, type TelemetryConfig } from '../paths.ts'
import { createSigner, type Checkpoint } from './checkpoint.ts'
import { AuditTrail } from './trail.ts'

/** Who is told what the trail does by itself. */
export interface TrailWatch {
  readonly onCheckpoint: (checkpoint: Checkpoint) => void
  readonly onFault: (error: unknown) => void
}

const silent: TrailWatch = { onCheckpoint: () => undefined, onFault: () => undefined }

const bytesPerMegabyte = 1_048_576

/** The trail of a configuration, with its signatures, its former files and its checkpoints elsewhere. */
export async function openTrail(config: TelemetryConfig, watch: TrailWatch = silent): Promise<AuditTrail> {
  const { audit_rotate_mb: megabytes, audit_keep_days: keepDays, audit_checkpoint_file: elsewhere } = config.telemetry
  const signer = createSigner(await openKeyFile(auditKeyPath(config), auditKeyPurpose))
  if (elsewhere !== null) await mkdir(dirname(elsewhere), { recursive: true, mode: 0o700 })
  // One after another, so that lines do not run into each other.
  let keeping: Promise<unknown> = Promise.resolve()
  return AuditTrail.open(auditPath(config), {
    signer,
    keepDays,
    rotateBytes: megabytes === null ? null : megabytes * bytesPerMegabyte,
    onFault: watch.onFault,
    onCheckpoint: (checkpoint) => {
      watch.onCheckpoint(checkpoint)
      if (elsewhere === null) return
      const line = `${JSON.stringify(checkpoint)}\n`
      keeping = keeping.then(() => appendFile(elsewhere, line, { mode: 0o600, flush: true })).catch(watch.onFault)
    },
  })
}
