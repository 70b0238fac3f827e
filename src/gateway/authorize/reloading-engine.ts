export interface ReloadingOptions<Engine> {
  readonly open: () => Promise<Engine>
  /** Tells one state of the rules' file from another; null where there is no file that could change. */
  readonly stamp: () => Promise<string | null>
  /** How long what was looked at is taken for what is there. */
  readonly everyMilliseconds: number
  /** Told of each change of the file: null where the new rules are in force, else why the last good ones stay. */
  readonly onChange: (fault: unknown) => void
  /** Milliseconds since any fixed point. */
  readonly clock?: () => number
}

/**
 * The rules in force. A bundle that is put in the place of another one counts within moments, for decisions that begin from then
 * on; one that cannot be used changes nothing. Looks when it is asked, beside the decision, and needs no timer.
 */
export function createReloadingEngine<Engine>(options: ReloadingOptions<Engine>): () => Promise<Engine> {
  const { open, stamp, everyMilliseconds, onChange, clock = () => performance.now() } = options
  let inForce: Promise<Engine> | null = null
  let seen: string | null = null
  let nextLook = 0
  let looking = false
  const first = async (): Promise<Engine> => {
    looking = true
    try {
      seen = await stamp()
      return await open()
    } finally {
      looking = false
      nextLook = clock() + everyMilliseconds
    }
  }
  const look = async (): Promise<void> => {
    looking = true
    try {
      const found = await stamp()
      if (found === seen) return
      // What cannot be used is not tried again until it changes.
      seen = found
      const engine = await open()
      inForce = Promise.resolve(engine)
      onChange(null)
    } catch (fault) {
      onChange(fault)
    } finally {
      looking = false
      nextLook = clock() + everyMilliseconds
    }
  }
  return () => {
    if (inForce === null) {
      const opening = first()
      inForce = opening
      // What could not be opened is opened anew by the next who asks.
      opening.catch(() => {
        if (inForce === opening) inForce = null
      })
    } else if (!looking && clock() >= nextLook) void look()
    return inForce
  }
}
