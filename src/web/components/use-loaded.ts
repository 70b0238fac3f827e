import { useCallback, useEffect, useRef, useState } from 'preact/hooks'

/** What a page has read so far. What was read before stays while it is read anew. */
export interface Loaded<T> {
  readonly value: T | null
  readonly error: unknown
  readonly isLoading: boolean
  readonly reload: () => void
}

/**
 * Reads when it is first shown, when `by` changes, and when it is asked to. A read that another one has followed is ended,
 * so that an old answer never stands in the place of a new one.
 * @param load is given `show` to have a part of a long value shown on the way to it, where nothing whole is shown yet
 * @param everyMilliseconds reads again so often while the page is seen; 0 for never
 */
export function useLoaded<T>(
  load: (signal: AbortSignal, show: (part: T) => void) => Promise<T>,
  by: readonly unknown[],
  everyMilliseconds = 0,
): Loaded<T> {
  const [state, setState] = useState<Omit<Loaded<T>, 'reload'>>({ value: null, error: null, isLoading: true })
  const [turn, setTurn] = useState(0)
  const latest = useRef(load)
  const isWhole = useRef(false)
  latest.current = load
  useEffect(() => {
    const ending = new AbortController()
    setState((before) => ({ ...before, isLoading: true }))
    const show = (part: T): void => {
      if (!ending.signal.aborted && !isWhole.current) setState({ value: part, error: null, isLoading: true })
    }
    latest.current(ending.signal, show).then(
      (value) => {
        if (ending.signal.aborted) return
        isWhole.current = true
        setState({ value, error: null, isLoading: false })
      },
      (error: unknown) => {
        if (!ending.signal.aborted) setState((before) => ({ ...before, error, isLoading: false }))
      },
    )
    return () => ending.abort()
  }, [...by, turn])
  const reload = useCallback(() => setTurn((before) => before + 1), [])
  useEffect(() => {
    if (everyMilliseconds === 0) return undefined
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') reload()
    }, everyMilliseconds)
    return () => clearInterval(timer)
  }, [everyMilliseconds, reload])
  return { ...state, reload }
}

/** Something that is done once at a time. */
export interface Doing {
  readonly isBusy: boolean
  readonly error: unknown
  /** Resolves to whether it was done; what it rejects with is in `error`. */
  readonly run: (work: () => Promise<unknown>) => Promise<boolean>
  readonly forget: () => void
}

export function useDoing(): Doing {
  const [state, setState] = useState<{ readonly isBusy: boolean; readonly error: unknown }>({
    isBusy: false,
    error: null,
  })
  const run = async (work: () => Promise<unknown>): Promise<boolean> => {
    setState({ isBusy: true, error: null })
    try {
      await work()
      setState({ isBusy: false, error: null })
      return true
    } catch (error) {
      setState({ isBusy: false, error })
      return false
    }
  }
  return { ...state, run, forget: () => setState({ isBusy: false, error: null }) }
}
