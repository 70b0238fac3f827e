import type { WebListener } from '../../../core/web-sessions.ts'

/** A link that signs one browser in, once, in clear for the only time. */
interface MadeLink {
  readonly listener: WebListener
  readonly url: string
  /** ISO 8601. */
  readonly expires: string
}

/** Makes links that sign browsers in. */
export interface LinkKeeper {
  /**
   * Rejects with `invalid-request` where no app is served at the listener, where nobody could sign in by the link, and where the address
   * that it begins with is not known.
   */
  make(listener: WebListener, requestId: string): Promise<MadeLink>
}
