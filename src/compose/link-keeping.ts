import type { Config } from '../config/schema.ts'
import { ServiceError } from '../core/errors.ts'
import type { WebListener } from '../core/web-sessions.ts'
import { createWebSignIns } from '../gateway/authenticate/web-sessions/web-sign-ins.ts'
import { groupsInForce } from '../gateway/options.ts'
import { openKeyStore } from '../service/key-store.ts'
import { createLinkKeeper, type LinkKeeper } from '../service/sign-in-links.ts'
import { openStorage } from '../storage/open-storage.ts'
import { tellTrail } from './on-trail.ts'

/** Links of the service of a configuration, for whoever is at the command line of its machine; each is on the trail as well. */
export async function openLinkKeeper(config: Config): Promise<LinkKeeper & AsyncDisposable> {
  const storage = await openStorage(config, { for: 'command' })
  const signIns = createWebSignIns({
    sessions: async () => storage.webSessions,
    keys: openKeyStore(config, async () => storage),
    sessionMilliseconds: config.web.session_ms,
    linkMilliseconds: config.web.link_ms,
    linkGroup: config.web.link_group,
    tell: ({ requestId: _given, ...notice }) => tellTrail(config, notice),
  })
  return {
    ...createLinkKeeper({
      signIns: config.web.enabled ? signIns : null,
      addressOf: (listener) => configuredAddress(config, listener),
      group: config.web.link_group,
      groups: Object.keys(groupsInForce(config.gateway)),
    }),
    [Symbol.asyncDispose]: () => storage[Symbol.asyncDispose](),
  }
}

/** Where the configuration has a listener. Throws `invalid-request` where it takes any free port. */
function configuredAddress({ http, admin }: Pick<Config, 'http' | 'admin'>, listener: WebListener): string | null {
  const { base_url: baseUrl, base_path: basePath, tls } = http
  if (listener === 'operators' && !admin.enabled) return null
  if (listener === 'service' && baseUrl !== null) return baseUrl.replace(/\/$/, '')
  const own = listener === 'service' ? http : { host: admin.host, port: admin.port ?? (http.port && http.port + 1) }
  if (own.port === 0) {
    throw new ServiceError('invalid-request', 'The port is any free one, so the address of the link is not known.', {
      advice: 'Ask the running service with --server, by the address of its routes for operators.',
    })
  }
  const host = own.host === '0.0.0.0' ? '127.0.0.1' : own.host === '::' ? '::1' : own.host
  const scheme = tls === null ? 'http' : 'https'
  const path = listener === 'service' ? (basePath ?? '') : ''
  return `${scheme}://${host.includes(':') ? `[${host}]` : host}:${own.port}${path}`
}
