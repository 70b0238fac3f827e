import type ivm from 'isolated-vm'

export interface Timers {
  /** Forgets the timers of the run before, which was broken off: they do not go on in this run. */
  readonly begin: () => void
  /** Resolves when no timer is left; rejects with what one of them threw. */
  readonly idle: () => Promise<void>
}

type Callback = (...values: unknown[]) => unknown
type Milliseconds = number | undefined

type Timer = ivm.Reference<(milliseconds: number) => Promise<void>>

/**
 * Gives the globals of a context (`scope`) `setTimeout` and its kin. `timer(ms)` resolves on the clock of the process.
 */
export function createTimers(scope: Record<string, unknown>, timer: Timer): Timers {
  const { apply } = Reflect
  const PromiseConstructor = Promise
  const TypeErrorOf = TypeError
  const awaited = { result: { promise: true, copy: true }, arguments: { copy: true } }
  const applyReference = timer.apply
  const wait = (milliseconds: number): Promise<void> =>
    apply(applyReference, timer, [undefined, [milliseconds], awaited])

  // Timers that are set and have neither come nor been cancelled. A run ends when it has none, or when one of them throws.
  const none = () => ({ __proto__: null }) as unknown as Record<number, true>
  let timers = none()
  let timerCount = 0
  let nextTimer = 1
  let failure: { readonly thrown: unknown } | null = null
  let whenIdle: (() => void) | null = null

  const wake = () => {
    if (whenIdle !== null && (timerCount === 0 || failure !== null)) whenIdle()
  }
  const drop = (id: number) => {
    if (timers[id] === undefined) return false
    delete timers[id]
    timerCount -= 1
    return true
  }
  const fire = (callback: Callback, values: unknown[]) => {
    try {
      apply(callback, undefined, values)
    } catch (thrown) {
      failure ??= { thrown }
    }
  }
  const setTimer = (callback: Callback, milliseconds: Milliseconds, values: unknown[], repeats: boolean) => {
    if (typeof callback !== 'function') throw new TypeErrorOf('The first argument of a timer is a function')
    const id = nextTimer++
    const mine = timers
    const next = async () => {
      await wait(Number(milliseconds) || 0)
      if (mine !== timers || timers[id] === undefined) return
      if (!repeats) drop(id)
      fire(callback, values)
      if (repeats && failure === null && timers[id] !== undefined) void next()
      wake()
    }
    timers[id] = true
    timerCount += 1
    void next()
    return id
  }
  const clearTimer = (id: number) => {
    if (drop(id)) wake()
  }

  scope.setTimeout = (callback: Callback, milliseconds?: Milliseconds, ...values: unknown[]) =>
    setTimer(callback, milliseconds, values, false)
  scope.setInterval = (callback: Callback, milliseconds?: Milliseconds, ...values: unknown[]) =>
    setTimer(callback, milliseconds, values, true)
  scope.clearTimeout = clearTimer
  scope.clearInterval = clearTimer

  return {
    begin: () => {
      timers = none()
      timerCount = 0
      failure = null
      whenIdle = null
    },
    idle: () =>
      new PromiseConstructor((resolve, reject) => {
        whenIdle = () => {
          if (failure === null) resolve()
          else reject(failure.thrown)
        }
        wake()
      }),
  }
}
