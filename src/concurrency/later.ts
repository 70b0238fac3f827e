/** Calls once, after so many milliseconds, unless it is stopped. */
export type Later = (work: () => void, milliseconds: number) => { readonly stop: () => void }

/** A timer that keeps no process alive. */
export const laterUnnoticed: Later = (work, milliseconds) => {
  const timer = setTimeout(work, milliseconds).unref()
  return { stop: () => clearTimeout(timer) }
}
