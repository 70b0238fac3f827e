import type { KeyScope } from './key-scopes.ts'

/** The listener that a session of a browser is for. Cookies do not know ports, so that each listener has sessions of its own. */
export const webListeners = ['service', 'operators'] as const

export type WebListener = (typeof webListeners)[number]

/** How somebody signed in: by a one-time link, by typing an API key, or at a provider of OpenID Connect. */
export const signInWays = ['link', 'key', 'oidc'] as const

export type SignInWay = (typeof signInWays)[number]

/** A session of a browser as it is kept: the digest of its token, never the token. */
export interface StoredWebSession {
  /** SHA-256 of the whole token, hexadecimal. A token holds 256 random bits, so a slow hash would add nothing. */
  readonly sha256: string
  readonly listener: WebListener
  readonly way: SignInWay
  readonly principal: string
  readonly group: string
  readonly scopes: readonly KeyScope[]
  /** Digest of the API key that was typed, by which the session ends with its key; null for the other ways. */
  readonly keySha256: string | null
  /** ISO 8601. */
  readonly made: string
  /** ISO 8601. */
  readonly expires: string
}

/** A link was made that signs a browser in, somebody signed in by a browser, or out. */
export interface WebSessionNotice {
  readonly event: 'web-link' | 'web-sign-in' | 'web-sign-out'
  /** Empty for what no request asked. */
  readonly requestId: string
  readonly listener: WebListener
  readonly way: SignInWay
  readonly principal: string
  readonly group: string
  /** ISO 8601: of the link, or of the session. */
  readonly expires: string
}

/** A link that signs one browser in, once. */
export interface SignInLink {
  readonly sha256: string
  readonly listener: WebListener
  /** ISO 8601. */
  readonly expires: string
}

/** Sessions of browsers, and the links that begin them. Nothing of them is in a backup, nor outlives a restore. */
export interface WebSessions {
  /** Keeps one; of a caller with more than `mostSessions` at a listener, the oldest end. */
  add(session: StoredWebSession): Promise<void>
  /** The session of a digest at a listener; null where there is none, or its time is over. */
  find(sha256: string, listener: WebListener): Promise<StoredWebSession | null>
  /** False where there is none. */
  end(sha256: string, listener: WebListener): Promise<boolean>
  addLink(link: SignInLink): Promise<void>
  /** Takes a link, which nobody can take again. False where there is none of this digest and listener, or its time is over. */
  takeLink(sha256: string, listener: WebListener): Promise<boolean>
}

/** Sessions of one caller at one listener. */
export const mostSessions = 100
