import { Turns } from '../concurrency/turns.ts'
import type { Config } from '../config/schema.ts'
import { ServiceError } from '../core/errors.ts'
import { createLimitsFor } from '../gateway/admit/limits.ts'
import { createStandingsOf } from '../gateway/admit/standings.ts'
import type { Identify } from '../gateway/authenticate/authenticate.ts'
import type { Guesses } from '../gateway/authenticate/guesses.ts'
import type { KeyStore } from '../gateway/authenticate/keys.ts'
import { groupsInForce } from '../gateway/options.ts'
import type { HttpServerOptions } from '../surfaces/server.ts'
import { createKeyKeeper } from '../service/api-keys.ts'
import { createAuditKeeper, wholeTrail } from '../service/audit-keeper.ts'
import { createLimitKeeper } from '../service/limits.ts'
import type { Storage } from '../storage/storage.ts'
import { createSuspensionKeeper } from '../service/suspensions.ts'
import { AdminServer } from '../surfaces/admin/admin-server.ts'
import type { ReadableTrail } from '../surfaces/admin/audit.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'

interface AdminParts {
  readonly config: Config
  readonly keys: KeyStore
  readonly storage: Pick<Storage, 'suspensions' | 'quotas'>
  readonly identify: Identify
  readonly guesses: Pick<Guesses, 'failed'>
  readonly telemetry: Telemetry
  readonly onTlsReload: HttpServerOptions['onTlsReload']
}

/** The routes for operators while they are served; null where they are off. */
export async function openAdmin(parts: AdminParts): Promise<AdminServer | null> {
  const { config, keys, storage, identify, guesses, telemetry, onTlsReload } = parts
  if (!config.admin.enabled) return null
  const groups = groupsInForce(config.gateway)
  const server = new AdminServer({
    settings: config.admin,
    http: config.http,
    identify,
    guesses,
    keys: createKeyKeeper(keys, Object.keys(groups)),
    groups,
    limits: createLimitKeeper({
      standingsOf: createStandingsOf(createLimitsFor(groups), storage.quotas),
      keys,
      groups,
    }),
    suspensions: createSuspensionKeeper({ suspensions: storage.suspensions, keys, now: Date.now }),
    trail: trailOf(config),
    onChange: (change) => telemetry.notices.onAdminChange(change),
    onTlsReload,
    onFault: (error, requestId) => telemetry.onHttpFault(error, requestId),
    onResponse: (response) => telemetry.onResponse(response),
  })
  await server.listen()
  return server
}

/** The trail of the configuration. Of checks of the whole chain, which read all of it, one runs at a time. */
function trailOf(config: Config): ReadableTrail {
  const keeper = createAuditKeeper(config)
  const requireTrail = (): void => {
    if (config.telemetry.audit) return
    throw new ServiceError('not-found', 'No audit trail is kept.', { advice: 'telemetry.audit: true keeps one.' })
  }
  const turns = new Turns()
  return {
    async *search(query, after, signal) {
      requireTrail()
      for await (const { entry } of keeper.search(null, query, { after, signal })) yield entry
    },
    async verify(expected, signal) {
      requireTrail()
      const end = await turns.take(signal)
      const report = await keeper.check({ ...wholeTrail, expected }).finally(end)
      if (report.kind === 'broken') {
        return { verdict: 'broken', breaks: report.breaks.map(({ line, reason }) => ({ line, reason })) }
      }
      const { entries, first, lastHash, signatures } = report
      const signed = signatures === null ? null : { checkpoints: signatures.count, up_to: signatures.upTo }
      return { verdict: 'intact', entries, first, last_hash: lastHash, signatures: signed }
    },
  }
}
