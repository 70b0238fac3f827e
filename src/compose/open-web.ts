import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../config/schema.ts'
import { ServiceError } from '../core/errors.ts'
import type { Principal } from '../core/principal.ts'
import type { KeyStore } from '../gateway/authenticate/keys.ts'
import type { OidcProvider } from '../gateway/authenticate/web-sessions/oidc-provider.ts'
import { createWebSignIns, type WebSignIns } from '../gateway/authenticate/web-sessions/web-sign-ins.ts'
import type { GrantFor } from '../gateway/authorize/policy.ts'
import { groupsInForce } from '../gateway/options.ts'
import type { ServerHandle } from '../service/sallyport.ts'
import { signInAddress } from '../service/sign-in-links.ts'
import type { Storage } from '../storage/storage.ts'
import type { WebUse } from '../surfaces/web/session-routes.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'

interface WebParts {
  readonly config: Pick<Config, 'web'>
  readonly storage: () => Promise<Pick<Storage, 'webSessions'>>
  readonly keys: KeyStore
  readonly refuseSuspended: (principal: Principal) => Promise<void>
  readonly telemetry: Pick<Telemetry, 'notices'>
}

/** Sessions of browsers; null where no app is served. */
export function openWebSignIns({ config: { web }, storage, telemetry, ...parts }: WebParts): WebSignIns | null {
  if (!web.enabled) return null
  return createWebSignIns({
    ...parts,
    tell: (notice) => telemetry.notices.onWebSession(notice),
    sessions: async () => (await storage()).webSessions,
    sessionMilliseconds: web.session_ms,
    linkMilliseconds: web.link_ms,
    linkGroup: web.link_group,
  })
}

/** The folder that the app was built into: beside the compiled program in a package, below `build` in a checkout. */
export function webFolder(from: string = import.meta.dirname): string {
  const inPackage = join(from, '../../web')
  return existsSync(join(inPackage, 'index.html')) ? inPackage : join(from, '../../build/web')
}

interface WebUseParts {
  readonly config: Pick<Config, 'shares' | 'web' | 'gateway'>
  readonly telemetry: Pick<Telemetry, 'log'>
  readonly signIns: WebSignIns | null
  readonly grantFor: GrantFor
  /** Questions that the model knows, where it knows no others. */
  readonly knownQuestions: readonly string[]
}

/** What both listeners use of the app; null where none is served. */
export async function webUseOf(parts: WebUseParts): Promise<WebUse | null> {
  const { signIns, grantFor, config, knownQuestions } = parts
  if (signIns === null) return null
  const permits = { shares: true, anonymous_shares: config.shares.anonymous_group !== null }
  const questions = config.web.questions.length > 0 ? config.web.questions : knownQuestions
  const tellRefused: WebUse['tellRefused'] = ({ code, message, cause }, requestId) => {
    const reason = cause instanceof Error ? cause.message : message
    parts.telemetry.log.info({ requestId, code, reason }, 'a sign-in at the identity provider has signed nobody in')
  }
  const oidc = await openOidc(parts)
  return { signIns, grantFor, permits, questions, folder: webFolder(), oidc, tellRefused }
}

/** null, and nothing of it loaded, where there is no identity provider. */
async function openOidc({ config, telemetry }: WebUseParts): Promise<OidcProvider | null> {
  const { oidc: options } = config.web
  if (options === null) return null
  const { issuers } = config.gateway.identity
  const issuer = Object.hasOwn(issuers, options.issuer) ? issuers[options.issuer] : undefined
  if (issuer === undefined) {
    throw new ServiceError(
      'invalid-config',
      `web.oidc.issuer: there is no "${options.issuer}" in gateway.identity.issuers.`,
      {
        advice: 'Describe the provider there, with the claim that gives groups, and name it here.',
      },
    )
  }
  const { createOidcProvider } = await import('../gateway/authenticate/web-sessions/oidc-provider.ts')
  return createOidcProvider({
    options,
    issuer,
    onFault: (name, error) =>
      telemetry.log.warn({ issuer: name, error }, 'the keys of the identity provider could not be had'),
  })
}

interface LinkParts {
  readonly config: Pick<Config, 'web' | 'gateway'>
  readonly signIns: WebSignIns | null
  /** Addresses of the listeners; null for one that is off. */
  readonly url: string
  readonly adminUrl: string | null
}

/** Where the app is, with a link for each listener that signs in once; null where no app is served. */
export async function openedApp({ config, signIns, url, adminUrl }: LinkParts): Promise<ServerHandle['app']> {
  if (signIns === null) return null
  const { print_links: isPrinted, link_group: group, link_ms: linkMilliseconds } = config.web
  const linkTo = async (listener: 'service' | 'operators', at: string): Promise<string> =>
    signInAddress(at, (await signIns.makeLink(listener)).secret.reveal())
  const hasGroup = Object.hasOwn(groupsInForce(config.gateway), group)
  return {
    url: `${url}/app/`,
    operatorsUrl: adminUrl === null ? null : `${adminUrl}/app/`,
    signIn: isPrinted && hasGroup ? await linkTo('service', url) : null,
    operatorsSignIn: isPrinted && adminUrl !== null ? await linkTo('operators', adminUrl) : null,
    linkMilliseconds,
  }
}
