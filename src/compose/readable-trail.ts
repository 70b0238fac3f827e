import { basename } from 'node:path'
import { Turns } from '../concurrency/turns.ts'
import type { Config } from '../config/schema.ts'
import { ServiceError } from '../core/errors.ts'
import { createAuditKeeper, wholeTrail } from '../service/audit-keeper.ts'
import type { ReadableTrail } from '../surfaces/admin/audit.ts'

/**
 * The trail of a configuration, for operators elsewhere. Of checks of the whole chain, which read all of it, one runs at a
 * time, and ends with its caller. That a file of the trail cannot be read is a fault of the service and not of who asks: it
 * is told in the log.
 */
export function createReadableTrail(
  config: Pick<Config, 'telemetry' | 'state_directory' | 'secrets_directory'>,
): ReadableTrail {
  const keeper = createAuditKeeper(config)
  const requireTrail = (): void => {
    if (config.telemetry.audit) return
    throw new ServiceError('not-found', 'No audit trail is kept.', { advice: 'telemetry.audit: true keeps one.' })
  }
  const turns = new Turns()
  return {
    async *search(query, after, signal) {
      requireTrail()
      try {
        for await (const { entry } of keeper.search(null, query, { after, signal })) yield entry
      } catch (thrown) {
        throw ofTheService(thrown)
      }
    },
    async newest(query, options) {
      requireTrail()
      try {
        return await keeper.newest(query, options)
      } catch (thrown) {
        throw ofTheService(thrown)
      }
    },
    async verify(expected, signal) {
      requireTrail()
      const end = await turns.take(signal)
      const report = await keeper
        .check({ ...wholeTrail, expected }, signal)
        .catch((thrown: unknown) => Promise.reject(ofTheService(thrown)))
        .finally(end)
      if (report.kind === 'broken') {
        const breaks = report.breaks.map(({ file, line, reason }) => ({ file: basename(file), line, reason }))
        return { verdict: 'broken', breaks }
      }
      const { entries, first, lastHash, signatures } = report
      const signed = signatures === null ? null : { checkpoints: signatures.count, up_to: signatures.upTo }
      return { verdict: 'intact', entries, first, last_hash: lastHash, signatures: signed }
    },
  }
}

function ofTheService(thrown: unknown): Error {
  if (!(thrown instanceof ServiceError) || thrown.code !== 'invalid-file') return thrown as Error
  return new ServiceError('internal', `The audit trail cannot be read: ${thrown.message}`, { cause: thrown })
}
