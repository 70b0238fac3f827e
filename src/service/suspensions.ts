import { ServiceError } from '../core/errors.ts'
import type { Suspensions } from '../core/suspensions.ts'
import { personSubject } from '../gateway/abuse/subjects.ts'
import type { SuspensionKeeper } from '../gateway/abuse/suspension-keeper.ts'
import type { KeyStore } from '../gateway/authenticate/keys.ts'
import { isTokenPrincipalId } from '../gateway/authenticate/tokens/principal-id.ts'
import { isPrintable } from '../core/is-printable.ts'

export type { Suspension } from '../core/suspensions.ts'
export type { SuspensionKeeper, SuspensionRequest } from '../gateway/abuse/suspension-keeper.ts'

interface KeeperParts {
  readonly suspensions: Pick<Suspensions, 'list' | 'find' | 'add' | 'lift'>
  readonly keys: Pick<KeyStore, 'list'>
  /** Milliseconds since 1970. */
  readonly now: () => number
}

export function createSuspensionKeeper({ suspensions, keys, now }: KeeperParts): SuspensionKeeper {
  return {
    list: (asked) => suspensions.list(asked),
    async show(id) {
      const found = await suspensions.find(id)
      if (found === null) throw noSuspension(id)
      return found
    },
    async add({ principal, person, note, lasts }, by) {
      const isToken = isTokenPrincipalId(principal)
      if (!isToken && !(await keys.list()).some(({ id }) => id === principal)) {
        throw new ServiceError('not-found', 'There is no caller of this id.', {
          advice: '"sallyport keys list" shows the ids of keys; the audit trail has those of tokens, token-….',
        })
      }
      if (note !== null && (note.trim() === '' || note.length > 1_000 || !isPrintable(note))) {
        throw new ServiceError('invalid-request', 'A note has 1 to 1,000 characters that can be shown, in one line.')
      }
      const until =
        lasts === null ? null : 'until' in lasts ? lasts.until : new Date(now() + lasts.milliseconds).toISOString()
      if (until !== null && Date.parse(until) <= now()) {
        throw new ServiceError('invalid-request', `A suspension until ${until} would never count.`)
      }
      const subject = person === null ? principal : personSubject(principal, person)
      const about = { kind: 'suspended', reason: 'operator', subject, principal } as const
      const made = await suspensions.add({ ...about, note, until, madeBy: by })
      if (made !== null) return made
      throw new ServiceError('invalid-request', 'The caller is suspended at least as long already.', {
        advice: '"sallyport suspensions list" shows by which suspension.',
      })
    },
    async lift(id, by) {
      const lifted = await suspensions.lift(id, by)
      if (lifted === null) throw noSuspension(id)
      return lifted
    },
  }
}

function noSuspension(id: string): ServiceError {
  return new ServiceError('not-found', `There is no suspension "${id.slice(0, 100)}" in force.`, {
    advice: '"sallyport suspensions list" shows the ids.',
  })
}
