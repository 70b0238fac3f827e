import { ServiceError } from '../../../core/errors.ts'
import { defaultKeyScopes } from '../../../core/key-scopes.ts'
import type { Principal } from '../../../core/principal.ts'
import type { Secret } from '../../../core/secret.ts'
import type {
  SignInWay,
  StoredWebSession,
  WebListener,
  WebSessionNotice,
  WebSessions,
} from '../../../core/web-sessions.ts'
import { requireScope } from '../../authorize/scopes.ts'
import type { KeyStore } from '../keys.ts'
import { tokenPrincipalId } from '../tokens/principal-id.ts'
import { type BrowserToken, digestOf, newBrowserToken, newLinkSecret } from './browser-token.ts'

/** By what somebody signs in; `found` is whom an identity provider has signed in. */
export type SignInBy = { readonly link: Secret } | { readonly key: Secret } | { readonly found: Principal }

/** Somebody who has just signed in. */
export interface SignedIn {
  readonly token: BrowserToken
  readonly way: SignInWay
  readonly principal: Principal
  /** Milliseconds since 1970. */
  readonly made: number
  /** ISO 8601. */
  readonly expires: string
}

/** Which request asks, at which listener. */
interface AskedAt {
  readonly listener: WebListener
  readonly requestId: string
}

export interface NewLink {
  readonly secret: Secret
  /** ISO 8601. */
  readonly expires: string
}

/** Sessions of browsers, as requests are held against them. */
export interface WebSignIns {
  /**
   * Begins a session at a listener. Rejects with `unauthenticated` for a link that is over, was taken or is of the other listener,
   * and for a key that is nobody's; with `forbidden` for a key that is not for operators at theirs; and with whatever keeps a
   * caller out.
   */
  signIn(by: SignInBy, at: AskedAt): Promise<SignedIn>
  /** Whose token it is now; null where it is nobody's, has expired, or where the key it came from is not in force. */
  find(token: BrowserToken): Promise<Principal | null>
  /** What is kept of the session of a token that `find` knows. */
  show(token: BrowserToken): Promise<Pick<StoredWebSession, 'way' | 'expires'> | null>
  /** Signs out. False where the session was over already. */
  end(token: BrowserToken, at: AskedAt): Promise<boolean>
  /** A link that signs one browser in at a listener, in clear for the only time. `requestId`: empty where no request asked for it. */
  makeLink(listener: WebListener, requestId?: string): Promise<NewLink>
}

interface WebSignInsParts {
  readonly sessions: () => Promise<WebSessions>
  readonly keys: Pick<KeyStore, 'find' | 'findByDigest'>
  /** Milliseconds. */
  readonly sessionMilliseconds: number
  readonly linkMilliseconds: number
  /** Of whoever takes a link of the service's own listener. */
  readonly linkGroup: string
  /** Rejects for a caller who is kept out. */
  readonly refuseSuspended?: (principal: Principal) => Promise<void>
  /** Rejects where the trail cannot be told: then nobody is signed in. */
  readonly tell: (notice: WebSessionNotice) => Promise<void>
  /** Milliseconds since 1970. */
  readonly now?: () => number
}

/** Where the ids of those who sign in by links come from: they are callers like those whom an issuer knows. */
const linkIssuer = 'urn:sallyport:sign-in-link'

/**
 * Whoever takes a link. Who could read it could read what the service printed, and is taken for the person who started it: at the
 * operators' listener an operator, who decides about approvals as at the command line, at the service's own a caller of one group who may, too. Both are the same
 * callers for ever, whose conversations the next link finds again.
 */
export function linkPrincipal(listener: WebListener, group: string): Principal {
  const id = tokenPrincipalId(linkIssuer, listener)
  return listener === 'operators'
    ? { id, kind: 'token', group: 'operator', scopes: ['metrics', 'approve', 'admin'] }
    : { id, kind: 'token', group, scopes: [...defaultKeyScopes, 'approve'] }
}

export function createWebSignIns(parts: WebSignInsParts): WebSignIns {
  const { sessions, keys, tell, refuseSuspended = async () => undefined, now = Date.now } = parts
  const ofLink = (listener: WebListener): Pick<WebSessionNotice, 'principal' | 'group'> => {
    const { id: principal, group } = linkPrincipal(listener, parts.linkGroup)
    return { principal, group }
  }

  const keep = async (
    { principal, way }: Pick<SignedIn, 'principal' | 'way'>,
    { listener, requestId }: AskedAt,
    keySha256: string | null,
  ): Promise<SignedIn> => {
    if (listener === 'operators') requireScope(principal, 'admin')
    await refuseSuspended(principal)
    const token = newBrowserToken(listener)
    const { id, group, scopes = defaultKeyScopes } = principal
    const made = now()
    const expires = new Date(made + parts.sessionMilliseconds).toISOString()
    const of = { listener, way, principal: id, group }
    await tell({ event: 'web-sign-in', requestId, ...of, expires })
    const kept = { ...of, scopes, keySha256, made: new Date(made).toISOString(), expires }
    await (await sessions()).add({ sha256: digestOf(token), ...kept })
    return { token, way, principal, made, expires }
  }

  return {
    async signIn(by, at) {
      if ('found' in by) return keep({ principal: by.found, way: 'oidc' }, at, null)
      if ('link' in by) {
        if (!(await (await sessions()).takeLink(digestOf(by.link), at.listener))) throw linkIsOver()
        return keep({ principal: linkPrincipal(at.listener, parts.linkGroup), way: 'link' }, at, null)
      }
      const principal = await keys.find(by.key)
      if (principal === null) throw new ServiceError('unauthenticated', 'The API key is not valid.')
      return keep({ principal, way: 'key' }, at, digestOf(by.key))
    },
    async find(token) {
      const session = await (await sessions()).find(digestOf(token), token.listener)
      if (session === null) return null
      if (session.keySha256 !== null) return await keys.findByDigest(session.keySha256)
      const { principal: id, group, scopes } = session
      return { id, kind: 'token', group, scopes }
    },
    async show(token) {
      const session = await (await sessions()).find(digestOf(token), token.listener)
      return session === null ? null : { way: session.way, expires: session.expires }
    },
    async end(token, { listener, requestId }) {
      const sha256 = digestOf(token)
      const session = await (await sessions()).find(sha256, listener)
      if (session === null) return false
      const { way, principal, group, expires } = session
      await tell({ event: 'web-sign-out', requestId, listener, way, principal, group, expires })
      return (await sessions()).end(sha256, listener)
    },
    async makeLink(listener, requestId = '') {
      const secret = newLinkSecret()
      const expires = new Date(now() + parts.linkMilliseconds).toISOString()
      await tell({ event: 'web-link', requestId, listener, way: 'link', expires, ...ofLink(listener) })
      await (await sessions()).addLink({ sha256: digestOf(secret), listener, expires })
      return { secret, expires }
    },
  }
}

function linkIsOver(): ServiceError {
  return new ServiceError('unauthenticated', 'The link was taken before, or its time is over.', {
    advice: 'Sign in with an API key, or ask whoever runs the service for another link.',
  })
}
