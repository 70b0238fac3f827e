/** The rungs, each harsher than the one before. */
export interface KillSteps {
  /** Settles when the run is over. */
  readonly ended: Promise<unknown>
  /** Settles when the code has stopped and what it drew is on its way. */
  readonly heeded: Promise<unknown>
  /** Asks the code to stop; its variables may survive. */
  interrupt(): void
  /** Ends every process of the user. Resolves to true when the sandbox confirms that none is left. */
  killProcesses(signal: AbortSignal): Promise<boolean>
  /** Ends the sandbox from outside. Needs nothing from inside. Never rejects. */
  destroy(): Promise<void>
}

export type Rung = 'interrupt' | 'kill' | 'destroy'

export interface LadderTimes {
  /** How long an interrupt may take, milliseconds. */
  readonly interruptMilliseconds: number
  /** How long a run that heeded its interrupt may take to hand over what it drew, milliseconds. */
  readonly figuresMilliseconds: number
  /** How long killing the user's processes may take until the run is over, milliseconds. */
  readonly killMilliseconds: number
}

const stillThere = Symbol('still there')

/** Resolves to false when `promise` has not settled in time. */
async function within(promise: Promise<unknown>, milliseconds: number): Promise<boolean> {
  const late = Promise.withResolvers<false>()
  const timer = setTimeout(() => late.resolve(false), milliseconds)
  const settled = promise.then(
    () => true,
    () => true,
  )
  const result = await Promise.race([settled, late.promise])
  clearTimeout(timer)
  return result
}

/**
 * Ends a run from outside on the host's clock, no harder than needed. Returns the rung that did it; after `interrupt`
 * the session may live on, after the others it does not. Never longer than its times plus the destruction.
 *
 * `while True: pass` ends by `interrupt`. A program that catches the interrupt and goes on ends by `kill`. A supervisor
 * that does not answer any more ends with its sandbox, by `destroy`.
 */
export async function climbKillLadder(steps: KillSteps, from: Rung, times: LadderTimes): Promise<Rung> {
  if (from === 'interrupt') {
    // Twice, because the first may come before the code has begun, or be swallowed by it.
    for (let attempt = 0; attempt < 2; attempt += 1) {
      steps.interrupt()
      const isHeeded = await within(Promise.race([steps.ended, steps.heeded]), times.interruptMilliseconds / 2)
      // The second interrupt ends a drawing that takes too long.
      if (isHeeded && (await within(steps.ended, times.figuresMilliseconds))) return 'interrupt'
    }
  }
  if (from === 'destroy') {
    await steps.destroy()
    return 'destroy'
  }
  const stop = new AbortController()
  const killed = steps.killProcesses(stop.signal).then(
    async (confirmed) => (confirmed ? steps.ended : stillThere),
    () => stillThere,
  )
  try {
    // The order and the end it brings share one span: a sandbox that answers late does not get another.
    const isOver = await within(killed, times.killMilliseconds)
    if (isOver && (await killed) !== stillThere) return 'kill'
    // What it says while it is being ended from outside counts as much: it is busy, and so is whoever ends it.
    const word = killed.then((end) => (end === stillThere ? new Promise<never>(() => {}) : ('kill' as const)))
    return await Promise.race([word, steps.destroy().then(() => 'destroy' as const)])
  } finally {
    stop.abort()
  }
}
