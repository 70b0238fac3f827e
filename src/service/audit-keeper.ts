import { open, unlink } from 'node:fs/promises'
import { ServiceError } from '../core/errors.ts'
import { existingKeyFile } from '../files/key-file.ts'
import { openRegularFile, readRegularFile } from '../files/regular-file.ts'
import { createSigner, parseCheckpoint, type Checkpoint } from '../telemetry/audit/checkpoint.ts'
import { newestInAuditTrail, type NewestOptions } from '../telemetry/audit/newest.ts'
import { searchAuditTrail, type AuditQuery, type FoundEntry, type SearchOptions } from '../telemetry/audit/search.ts'
import { verifyAuditTrail, type AuditVerdict } from '../telemetry/audit/verify.ts'
import { auditKeyPath, auditKeyPurpose, auditPath, type TelemetryConfig } from '../telemetry/paths.ts'

export type { AuditQuery, FoundEntry, SearchOptions }

export interface AuditRequest {
  /** null for the one of the configuration. */
  readonly path: string | null
  /** A hash noted earlier that has to be in the trail still; null for none. */
  readonly expected: string | null
  /** Public keys whose signatures count; without any, the key of this installation where it is here. */
  readonly keys: readonly string[]
  /** A file of checkpoints that was kept elsewhere, a line of JSON each; null for none. */
  readonly checkpoints: string | null
}

/** A whole look at the trail of the configuration. */
export const wholeTrail: AuditRequest = { path: null, expected: null, keys: [], checkpoints: null }

export type AuditReport = { readonly path: string } & AuditVerdict

/** The audit trail as an operator handles it. */
export interface AuditKeeper {
  /** Reads a trail to its end, or until the signal is aborted. Rejects with `invalid-file` where a file cannot be read. */
  check(request: AuditRequest, signal?: AbortSignal): Promise<AuditReport>
  /** Lines of a trail, oldest first; a path of null is the configured one. Rejects with `invalid-file` where it cannot be read. */
  search(path: string | null, query: AuditQuery, options?: SearchOptions): AsyncIterable<FoundEntry>
  /** The last lines of the configured trail, newest first. Rejects as `search` does. */
  newest(query: AuditQuery, options: NewestOptions): Promise<readonly FoundEntry['entry'][]>
  /**
   * Copies lines of the configured trail into a new file, byte for byte, and gives their number; `passedOver` lines do not match
   * their hash and are not copied. Where it fails, no file is left.
   */
  export(query: AuditQuery, to: string): Promise<{ readonly entries: number; readonly passedOver: number }>
  /** The public key of the checkpoints of this installation, hexadecimal; null where no service has made one yet. */
  key(): Promise<string | null>
}

type AuditConfig = Pick<TelemetryConfig, 'telemetry' | 'state_directory' | 'secrets_directory'>

const unbounded = { bytes: Number.MAX_SAFE_INTEGER, setting: null }

export function createAuditKeeper(config: AuditConfig): AuditKeeper {
  const key = async (): Promise<string | null> => {
    const seed = await existingKeyFile(auditKeyPath(config), auditKeyPurpose)
    return seed === null ? null : createSigner(seed).key
  }
  const search: AuditKeeper['search'] = async function* (named, query, options) {
    const path = named ?? auditPath(config)
    await requireReadable(path)
    yield* searchAuditTrail(path, query, options)
  }
  return {
    key,
    search,
    async newest(query, options) {
      const path = auditPath(config)
      await requireReadable(path)
      return newestInAuditTrail(path, query, options)
    },
    async check({ path: named, expected, keys: given, checkpoints }, signal) {
      const path = named ?? auditPath(config)
      await requireReadable(path)
      const own = given.length > 0 ? null : await key()
      const keys = own === null ? given : [own]
      const kept = checkpoints === null ? [] : await readCheckpoints(checkpoints)
      if (kept.length > 0 && keys.length === 0) {
        throw new ServiceError('invalid-request', 'Checkpoints say nothing without the key that signed them.', {
          advice: 'Give it as --public-key; "sallyport audit key" prints it where the service runs.',
        })
      }
      const signed = keys.length === 0 ? {} : { keys, kept }
      return { path, ...(await verifyAuditTrail(path, { expected, ...signed, ...(signal && { signal }) })) }
    },
    async export(query, to) {
      const file = await open(to, 'wx', 0o600).catch((thrown: NodeJS.ErrnoException) => {
        const what = thrown.code === 'EEXIST' ? 'is there already; nothing is written over' : 'cannot be made'
        throw new ServiceError('invalid-file', `${to} ${what}.`, { cause: thrown, advice: 'Name a new file.' })
      })
      try {
        let [entries, passedOver] = [0, 0]
        const onPassedOver = () => (passedOver += 1)
        for await (const { line } of search(null, query, { onPassedOver })) {
          await file.write(line)
          entries += 1
        }
        await file.sync()
        return { entries, passedOver }
      } catch (thrown) {
        await unlink(to)
        throw thrown
      } finally {
        await file.close()
      }
    },
  }
}

async function requireReadable(path: string): Promise<void> {
  const { handle } = await openRegularFile(path, unbounded)
  await handle.close()
}

/** More than a million checkpoints, which is a year of them. */
const largestCheckpoints = { bytes: 512 * 1024 * 1024, setting: null }

async function readCheckpoints(path: string): Promise<readonly Checkpoint[]> {
  const lines = (await readRegularFile(path, largestCheckpoints)).toString('utf8').split('\n')
  return lines.flatMap((line, index) => {
    if (line.trim() === '') return []
    const checkpoint = parseCheckpoint(line)
    if (checkpoint !== null) return [checkpoint]
    throw new ServiceError('invalid-file', `${path}: line ${index + 1} is no checkpoint of an audit trail.`, {
      advice:
        'A line is what telemetry.audit_checkpoint_file holds (sequence, hash, time, key and signature), or one of the log that says "the audit trail has come to here".',
    })
  })
}
