const firstMilliseconds = 500
const mostMilliseconds = 8_000

/**
 * Milliseconds before the next attempt at a target: as long as it asks for, else twice as long each time. A part of it is
 * drawn by lot, so that callers who failed together do not come back together; nobody comes back before they were asked to.
 */
export function backoff(retry: number, askedSeconds: number | undefined, random: () => number = Math.random): number {
  const usual = Math.min(mostMilliseconds, firstMilliseconds * 2 ** retry)
  const drawn = usual * (0.5 + random() / 2)
  // Who asks for no wait at all is waited for as long as who asks for nothing: a date may be past by their clock only.
  return askedSeconds === undefined
    ? drawn
    : Math.max(drawn, askedSeconds * 1_000 + (random() * firstMilliseconds) / 10)
}
