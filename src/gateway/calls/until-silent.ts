/** Milliseconds that a stream may go on behind its end, with its usage or with nothing. */
const afterEndMilliseconds = 5_000

/** What comes, until it has said that it is over and goes on for longer than what is left of it may take. */
export async function* untilSilent(
  events: AsyncGenerator<Buffer>,
  isOver: () => boolean,
  leave: () => void,
): AsyncGenerator<Buffer> {
  let late: Promise<null> | null = null
  let timer: NodeJS.Timeout | undefined
  let isLeft = false
  try {
    for (;;) {
      if (isOver()) late ??= new Promise((resolve) => (timer = setTimeout(resolve, afterEndMilliseconds, null)))
      const coming = events.next()
      const next = late === null ? await coming : await Promise.race([coming, late])
      if (next === null) {
        isLeft = true
        coming.catch(() => undefined)
        return
      }
      if (next.done === true) return
      yield next.value
    }
  } catch (thrown) {
    // What breaks off behind the end has cost nothing of the answer.
    if (!isOver()) throw thrown
  } finally {
    clearTimeout(timer)
    // Somebody who waits for a piece is not waited for.
    if (isLeft) leave()
    else await events.return(undefined)
  }
}
