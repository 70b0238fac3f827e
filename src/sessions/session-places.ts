import { ServiceError } from '../core/errors.ts'
import type { HeldSessions, SessionElsewhere, SessionPlace } from '../core/held-sessions.ts'

/** Where sessions are that other processes of the storage have. */
export class SessionPlaces {
  readonly #held: () => Promise<HeldSessions | null>
  readonly #noted = new Set<string>()

  /** Where `held` gives null there are no other processes. */
  constructor(held: () => Promise<HeldSessions | null>) {
    this.#held = held
  }

  /** Tells others that this process has it. Rejects where that cannot be kept. */
  async note(principal: string, id: string): Promise<void> {
    const held = await this.#held()
    if (held === null) return
    await held.add({ id, principal })
    this.#noted.add(id)
  }

  /** It was closed. What the storage cannot take now goes with the lease of the process. */
  async forget(id: string): Promise<void> {
    if (!this.#noted.delete(id)) return
    await this.#held()
      .then((held) => held?.remove(id))
      .catch(() => undefined)
  }

  /** Those that were noted so far were lost with the lease of this process, as others tell. */
  startOver(): void {
    this.#noted.clear()
  }

  /** Open sessions of a principal that other processes have; null where there are no others. */
  async elsewhere(principal: string): Promise<readonly SessionElsewhere[] | null> {
    return (await (await this.#held())?.elsewhere(principal)) ?? null
  }

  /** Throws what the owner of a session is told that this process has not got; nothing is said of one that is nowhere, or another principal's. */
  async refuse(principal: string, id: string): Promise<void> {
    const place = await (await this.#held())?.placeOf(principal, id)
    if (place !== undefined && place !== null) throw faultOf(id, place)
  }
}

/** What is told to whatever runs in a process that was taken for dead. */
export function lostProcess(): ServiceError {
  return new ServiceError(
    'sandbox-lost',
    'The process said nothing for too long and was taken for dead; its sandboxes were ended.',
  )
}

function faultOf(id: string, { replica, state }: SessionPlace): ServiceError {
  const shown = id.slice(0, 100)
  if (state === 'lost') {
    const message = `The session "${shown}" was lost with the replica "${replica}", which has ended or said nothing for too long.`
    return new ServiceError('not-found', message, {
      parameter: 'session',
      advice: 'Begin a new one. Its variables and files are gone.',
    })
  }
  return new ServiceError('wrong-replica', `The session "${shown}" is open at the replica "${replica}".`, {
    parameter: 'session',
    headers: ['x-sallyport-replica', replica],
  })
}
