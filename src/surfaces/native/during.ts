import type { Response } from 'express'
import { reasonOf, signalFor } from '../../http/caller-signal.ts'

/** Work for a request, aborted when its caller leaves or the service stops; it failed for that reason then, whatever it says itself. */
export async function during<T>(
  response: Response,
  stopping: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const signal = signalFor(response, stopping)
  try {
    return await work(signal)
  } catch (thrown) {
    throw reasonOf(thrown, signal)
  }
}
