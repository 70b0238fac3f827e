import { ServiceError } from '../../core/errors.ts'
import type { KeyFacts, KeyKeeper } from '../../gateway/authenticate/key-keeper.ts'
import type { KeyTerms } from '../../gateway/authenticate/keys.ts'
import { createKey, listKeys, revokeKey, rotateKey, showKey } from '../wire/admin/keys.ts'
import { answers, type AdminRoute } from './handlers.ts'

export function keyRoutes(keys: KeyKeeper): readonly AdminRoute[] {
  return [
    answers(listKeys, async ({ query: { limit, after } }) => {
      const all = (await keys.list()).toSorted((one, other) => (placeOf(one) < placeOf(other) ? -1 : 1))
      const from = after === undefined ? '' : placeIn(after)
      const rest = all.filter((key) => placeOf(key) > from)
      const data = rest.slice(0, limit)
      const last = data.at(-1)
      return { data: data.map(toKey), next: last === undefined || rest.length <= limit ? null : cursorOf(last) }
    }),
    answers(createKey, async ({ body: { name, group, scopes, expires } }) => {
      const terms = { ...(scopes && { scopes }), ...(expires && { expires }) } satisfies KeyTerms
      return toNewKey(await keys.create({ name, group, ...terms }))
    }),
    answers(showKey, async ({ params: { id } }) => toKey(await keys.show(id))),
    answers(rotateKey, async ({ params: { id }, body: { overlap_ms: overlap, expires } }) => {
      const terms = { ...(overlap && { overlapMilliseconds: overlap }), ...(expires && { expires }) }
      return toNewKey(await keys.rotate(id, terms))
    }),
    answers(revokeKey, async ({ params: { id } }) => keys.revoke(id)),
  ]
}

/** By which a list goes on even where the key that it ended with is gone. */
const placeOf = ({ created, id }: KeyFacts): string => `${created} ${id}`
const cursorOf = (key: KeyFacts): string => Buffer.from(placeOf(key)).toString('base64url')

function placeIn(cursor: string): string {
  const place = Buffer.from(cursor, 'base64url').toString()
  if (/^\d{4}-\d\d-\d\dT[\d:.]+Z [\w-]+$/.test(place)) return place
  throw new ServiceError('invalid-request', 'after: is nothing that a list ended with.', { parameter: 'after' })
}

/** Member by member: nothing else of a key leaves. */
function toKey({ id, name, group, created, state, scopes, expires, lastUsed, replacedBy }: KeyFacts) {
  const kept = { id, name, group, created, state, scopes: [...scopes] }
  return { ...kept, expires, last_used: lastUsed, replaced_by: replacedBy }
}

function toNewKey({ key, place, ...facts }: Awaited<ReturnType<KeyKeeper['create']>>) {
  return { ...toKey(facts), key, place }
}
