import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { timeLimit } from '../../../src/concurrency/time-limit.ts'

describe('a limit of time', () => {
  it('aborts when the time is over, as what `AbortSignal.timeout` makes does', async () => {
    using limit = timeLimit(1)
    if (!limit.signal.aborted) await once(limit.signal, 'abort')
    expect(limit.signal.reason).toMatchObject({ name: 'TimeoutError' })
  })

  it('aborts nothing once it is disposed of', async () => {
    const limit = timeLimit(1)
    limit[Symbol.dispose]()
    // A timer that is begun later and is as long fires behind it.
    await new Promise((resolve) => setTimeout(resolve, 2))
    expect(limit.signal.aborted).toBe(false)
  })
})
