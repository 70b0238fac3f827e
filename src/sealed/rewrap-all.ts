import type { WrappedRows } from '../core/wrapped-rows.ts'
import type { KeyRing } from './key-ring.ts'

export interface RewrapCounts {
  /** How many a former key had wrapped. */
  readonly rewrapped: number
  /** How many need a key that is not there. */
  readonly lost: number
}

const step = 200

/** Wraps by the key in use what former ones have wrapped, while it is used and more is kept. Stops where the signal ends it. */
export async function rewrapAll(stored: WrappedRows, keys: KeyRing, signal: AbortSignal): Promise<RewrapCounts> {
  let [rewrapped, lost] = [0, 0]
  for (let after = ''; !signal.aborted;) {
    const found = await stored.wrappedOtherwise(keys.prefix, after, step)
    for (const row of found) {
      if (keys.opens(row.wrappedKey)) {
        const dataKey = keys.unwrap(row.wrappedKey, row.id)
        await stored.rewrap(row, keys.wrap(dataKey, row.id))
        rewrapped += 1
      } else lost += 1
      after = row.id
    }
    if (found.length < step) break
  }
  return { rewrapped, lost }
}
