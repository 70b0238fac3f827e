import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { Departure } from '../../../src/cli/departure.ts'

/** A departure, and something open whose disposal the test ends. */
function open() {
  const codes: number[] = []
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  let disposals = 0
  const departure = new Departure((code) => codes.push(code))
  const kept = {
    async [Symbol.asyncDispose]() {
      disposals += 1
      await promise
    },
  }
  return { departure, kept, codes, resolve, reject, disposals: () => disposals }
}

describe('a departure', () => {
  it('ends at once where nothing is open', () => {
    const { departure, codes } = open()
    departure.leave(130)
    expect(codes).toEqual([130])
  })

  it('disposes what is open before it ends', async () => {
    const { departure, kept, codes, resolve, disposals } = open()
    departure.keep(kept)
    departure.leave(0)
    await turn()
    expect([codes, disposals()]).toEqual([[], 1])
    resolve()
    await turn()
    expect(codes).toEqual([0])
  })

  it('ends also where that fails', async () => {
    const { departure, kept, codes, reject } = open()
    departure.keep(kept)
    departure.leave(1)
    reject(new Error('it stays'))
    await turn()
    expect(codes).toEqual([1])
  })

  it('ends at once when it is asked for again', async () => {
    const { departure, kept, codes, disposals } = open()
    departure.keep(kept)
    departure.leave(130)
    departure.leave(130)
    await turn()
    expect([codes, disposals()]).toEqual([[130], 1])
  })
})
