import type { TellRoute } from '../../gateway/calls/routing/told-route.ts'
import { explainRoute } from '../wire/admin/routes.ts'
import { answers, type AdminRoute } from './handlers.ts'

export function routeRoutes(tell: TellRoute): readonly AdminRoute[] {
  return [
    answers(explainRoute, async ({ body: { body, api = null, principal = null, group = null, person = null } }) => {
      const { asked, skipped, ...told } = await tell({ body, api, principal, group, person })
      return { ...told, asked: [...asked], skipped: [...skipped] }
    }),
  ]
}
