import type { LinkKeeper } from '../../gateway/authenticate/web-sessions/link-keeper.ts'
import { makeWebLink } from '../wire/admin/web-links.ts'
import { answers, type AdminRoute } from './handlers.ts'

export function webLinkRoutes(keeper: LinkKeeper): readonly AdminRoute[] {
  return [
    answers(makeWebLink, async ({ body: { listener }, requestId }) => {
      const { url, expires } = await keeper.make(listener, requestId)
      return { object: 'web.link' as const, listener, url, expires_at: expires }
    }),
  ]
}
