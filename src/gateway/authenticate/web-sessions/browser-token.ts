import { hash, randomBytes } from 'node:crypto'
import { Secret } from '../../../core/secret.ts'
import type { WebListener } from '../../../core/web-sessions.ts'

const tokenPrefix = 'spw_'
const linkPrefix = 'spl_'

/**
 * The token of a browser's session, as a cookie brought it. That is told by its type and by nothing that is written in it: the
 * same text in a header for API keys is an ordinary `Secret`, which is looked for among the keys and is nobody's there.
 */
export class BrowserToken extends Secret {
  readonly listener: WebListener

  constructor(value: string, listener: WebListener) {
    super(value)
    this.listener = listener
  }
}

const form = /^spw_[\w-]{43}$/

/** The token in the value of a cookie; null for a text that no service ever gave as one. */
export function browserTokenIn(value: string, listener: WebListener): BrowserToken | null {
  return form.test(value) ? new BrowserToken(value, listener) : null
}

export function newBrowserToken(listener: WebListener): BrowserToken {
  return new BrowserToken(tokenPrefix + randomBytes(32).toString('base64url'), listener)
}

/** What stands in a link that signs in once. */
export function newLinkSecret(): Secret {
  return new Secret(linkPrefix + randomBytes(32).toString('base64url'))
}

/** By which a token, a link or an API key is kept, and looked for: what time a search tells is about digests. */
export function digestOf(secret: Secret): string {
  return hash('sha256', secret.reveal(), 'hex')
}
