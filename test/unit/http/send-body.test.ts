import { Writable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import type { ServerResponse } from 'node:http'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { sendBytes, writeToReader } from '../../../src/http/send-body.ts'

/** A connection whose reader takes one write when `take` is called. */
class Reader extends Writable {
  bytes = 0
  headersSent = true
  #waiting: (() => void) | null = null

  constructor() {
    super({ highWaterMark: 16 })
  }

  get isWaiting(): boolean {
    return this.#waiting !== null
  }

  override _write(piece: Buffer, _encoding: string, done: () => void): void {
    this.bytes += piece.length
    this.#waiting = done
  }

  take(): void {
    this.#waiting?.()
    this.#waiting = null
  }
}

const stall = 1_000

/** Resolves when it has been given something that it has not taken. */
async function given(reader: Reader): Promise<void> {
  while (!reader.isWaiting) await setImmediate()
}

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => void vi.useRealTimers())

describe('a reader of one large piece', () => {
  it.each(['x'.repeat(600_000), Buffer.alloc(600_000, 'x')])(
    'is waited for while it takes some of it, however long all of it takes',
    async (piece) => {
      const reader = new Reader()
      let slices = 0
      const writing = writeToReader(reader as unknown as ServerResponse, piece, stall)
      for (; reader.bytes < piece.length; slices += 1) {
        await given(reader)
        vi.advanceTimersByTime(stall - 1)
        reader.take()
        await setImmediate()
      }
      reader.take()
      await writing
      expect(reader.destroyed).toBe(false)
      expect(slices).toBeGreaterThan(8)
    },
  )

  it('is let go when it stops in the middle', async () => {
    const reader = new Reader()
    const sending = sendBytes(reader as unknown as ServerResponse, Buffer.alloc(600_000), stall)
    sending.catch(() => undefined)
    for (let slice = 0; slice < 3; slice += 1) {
      await given(reader)
      reader.take()
    }
    await given(reader)
    vi.advanceTimersByTime(stall)
    await expect(sending).rejects.toMatchObject({ code: 'cancelled' })
    expect(reader.destroyed).toBe(true)
    expect(reader.bytes).toBeLessThan(600_000)
  })
})
