import { ServiceError } from '../../core/errors.ts'
import type { SuspensionKeeper } from '../../gateway/abuse/suspension-keeper.ts'
import {
  addSuspension,
  liftSuspension,
  listSuspensions,
  showSuspension,
  toSuspension,
} from '../wire/admin/suspensions.ts'
import { answers, type AdminRoute } from './handlers.ts'
import { requireEnd } from './require-end.ts'

export function suspensionRoutes(keeper: SuspensionKeeper): readonly AdminRoute[] {
  return [
    answers(listSuspensions, async ({ query: { limit, after = null, state } }) => {
      if (after !== null) await requireEnd(keeper.show(after))
      const found = await keeper.list({ isInForce: state === 'in-force', after, most: limit + 1 })
      const data = found.slice(0, limit)
      return { data: data.map(toSuspension), next: found.length > limit ? (data.at(-1)?.id ?? null) : null }
    }),
    answers(addSuspension, async ({ body: { principal, person = null, note = null, lasts = null }, principal: by }) => {
      if (principal === by.id && person === null) {
        throw new ServiceError('invalid-request', 'The caller that asks is the one to be suspended.', {
          parameter: 'principal',
          advice: 'Ask with another key, or at the command line of the service.',
        })
      }
      return toSuspension(await keeper.add({ principal, person, note, lasts }, by.id))
    }),
    answers(showSuspension, async ({ params: { id } }) => toSuspension(await keeper.show(id))),
    answers(liftSuspension, async ({ params: { id }, principal: by }) => {
      await keeper.lift(id, by.id)
    }),
  ]
}
