import { ServiceError } from '../core/errors.ts'

/** Why a session is gone. */
interface Past {
  readonly tenant: string
  /** How long it was unused, milliseconds; null where its lifetime was over. */
  readonly unused: number | null
}

/** How many are remembered. */
const most = 1000

/** Sessions that have expired, as long as their owners are told why they are gone. */
export class ExpiredSessions {
  /** By their ids, oldest first. */
  readonly #expired = new Map<string, Past>()

  note(id: string, past: Past): void {
    this.#expired.set(id, past)
    for (const old of [...this.#expired.keys()].slice(0, -most)) this.#expired.delete(old)
  }

  /** What is told of a session that is not there: to its owner why, to everybody else as of one that never was. */
  faultOf(tenant: string, id: string): ServiceError {
    const shown = id.slice(0, 100)
    const past = this.#expired.get(id)
    if (past?.tenant !== tenant) {
      return new ServiceError('not-found', `There is no session "${shown}".`, {
        parameter: 'session',
        advice: 'It may have been closed, or have expired. Begin a new one.',
      })
    }
    const { unused } = past
    const why =
      unused === null ? 'has reached the end of its lifetime' : `was unused for ${Math.round(unused / 1000)} s`
    return new ServiceError('not-found', `The session "${shown}" ${why} and was closed.`, {
      parameter: 'session',
      advice: 'Begin a new one. Its variables and files are gone.',
    })
  }
}
