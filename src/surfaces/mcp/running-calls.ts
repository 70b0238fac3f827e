/** Names one request of the old protocol: ids are counted by each client, so the session tells clients of one key apart. */
export interface CallName {
  readonly owner: string
  /** As the client sent it; empty for none. */
  readonly session: string
  readonly id: string | number
}

/** Requests that run right now, so that a message of a connection of its own finds the one it is about. */
export class RunningCalls<Running> {
  readonly #running = new Map<string, Set<Running>>()

  begin(name: CallName, running: Running): Disposable {
    const key = keyOf(name)
    const same = this.#running.get(key) ?? new Set()
    this.#running.set(key, same.add(running))
    return {
      [Symbol.dispose]: () => {
        same.delete(running)
        if (same.size === 0) this.#running.delete(key)
      },
    }
  }

  /** Null where there is none, and where there are several of this name: nobody can tell which one is meant. */
  find(name: CallName): Running | null {
    const [only = null, ...others] = this.#running.get(keyOf(name)) ?? []
    return others.length === 0 ? only : null
  }
}

function keyOf({ owner, session, id }: CallName): string {
  return JSON.stringify([owner, session, id])
}
