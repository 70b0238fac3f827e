import { ServiceError } from '../core/errors.ts'
import type { WebListener } from '../core/web-sessions.ts'
import type { LinkKeeper } from '../gateway/authenticate/web-sessions/link-keeper.ts'
import type { WebSignIns } from '../gateway/authenticate/web-sessions/web-sign-ins.ts'

export type { LinkKeeper } from '../gateway/authenticate/web-sessions/link-keeper.ts'

interface LinkKeeperParts {
  /** null where no app is served. */
  readonly signIns: Pick<WebSignIns, 'makeLink'> | null
  /** Where browsers reach a listener, without a stroke at the end; null where there is none. Throws where it is not known. */
  readonly addressOf: (listener: WebListener) => string | null
  /** Whoever takes a link of the service's own listener is of this group. */
  readonly group: string
  /** Of the groups there are. */
  readonly groups: readonly string[]
}

export function createLinkKeeper({ signIns, addressOf, group, groups }: LinkKeeperParts): LinkKeeper {
  return {
    async make(listener, requestId) {
      if (signIns === null) {
        throw new ServiceError('invalid-request', 'No app for browsers is served here.', {
          advice: 'Set web.enabled: true and start the service again.',
        })
      }
      if (listener === 'service' && !groups.includes(group)) {
        throw new ServiceError('invalid-request', `There is no group "${group}", of which whoever takes the link is.`, {
          advice: 'Name a group of gateway.groups in web.link_group and start the service again.',
        })
      }
      const address = addressOf(listener)
      if (address === null) {
        throw new ServiceError('invalid-request', 'The routes for operators are off, and their app with them.', {
          advice: 'Set admin.enabled: true and start the service again.',
        })
      }
      const { secret, expires } = await signIns.makeLink(listener, requestId)
      return { listener, url: signInAddress(address, secret.reveal()), expires }
    },
  }
}

/** What is behind the number sign no browser sends to anybody. */
export function signInAddress(address: string, secret: string): string {
  return `${address}/app/#/sign-in?link=${secret}`
}
