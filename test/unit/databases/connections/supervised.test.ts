import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { ServerConnection } from '../../../../src/databases/connections/connection-pool.ts'
import { supervised } from '../../../../src/databases/connections/supervised.ts'

/** A connection to a server that works until it is cut; `isGone` is what it answers to a request to cancel. */
function deafConnection(isGone: () => boolean) {
  const working = Promise.withResolvers<never>()
  const asked: boolean[] = []
  const connection: ServerConnection = {
    reusable: false,
    cancel: async () => {
      const answer = isGone()
      asked.push(answer)
      return answer
    },
    cut: () => working.reject(new Error('cut')),
    clean: async () => {},
    [Symbol.asyncDispose]: async () => {},
  }
  return { connection, asked, work: () => working.promise }
}

const never = new AbortController().signal

describe('a statement that is late on a server that does not heed', () => {
  it('is cancelled again and again, also after its connection was cut, since the server may work on', async () => {
    const { connection, asked, work } = deafConnection(() => false)
    const limits = { signal: never, timeoutMilliseconds: 1 }
    await expect(supervised(connection, limits, work)).rejects.toMatchObject({ code: 'deadline-exceeded' })
    const before = asked.length
    await expect.poll(() => asked.length, { timeout: 60_000 }).toBeGreaterThan(before)
  })

  it('is asked about no more once the server says that it has no such connection', async () => {
    let isCut = false
    const { connection, asked, work } = deafConnection(() => isCut)
    const cut = (): void => {
      isCut = true
      connection.cut()
    }
    const cutting = { ...connection, cut }
    const limits = { signal: never, timeoutMilliseconds: 1 }
    await expect(supervised(cutting, limits, work)).rejects.toMatchObject({ code: 'deadline-exceeded' })
    await expect.poll(() => asked.at(-1), { timeout: 60_000 }).toBe(true)
    const total = asked.length
    // The next would have come after a quarter to half a second.
    await sleep(700)
    expect(asked).toHaveLength(total)
  })
})
