/**
 * Milliseconds that the processor has worked for this thread: neither the work of other programs counts in which it waited, nor
 * that the process was stopped. Differences of two are meant.
 */
export function threadMilliseconds(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1_000
}
