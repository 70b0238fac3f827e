import type { LinkKeeper } from '../../service/sign-in-links.ts'
import { makeWebLink } from '../../surfaces/wire/admin/web-links.ts'
import type { AskAdmin } from './admin-client.ts'

/** Links of a service that runs elsewhere. */
export function createRemoteLinks(ask: AskAdmin): LinkKeeper {
  return {
    async make(listener) {
      const { url, expires_at: expires } = await ask(makeWebLink, { body: { listener } })
      return { listener, url, expires }
    },
  }
}
