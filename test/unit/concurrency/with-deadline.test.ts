import { describe, expect, it } from 'vitest'
import { withDeadline } from '../../../src/concurrency/with-deadline.ts'

describe('work with a deadline', () => {
  it('gives what it resolves to, or why it rejects, and leaves no timer behind', async () => {
    const before = process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length
    expect(await withDeadline(60_000, async () => 'done')).toBe('done')
    await expect(withDeadline(60_000, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout')).toHaveLength(before)
  })

  it('is told and left when nothing came in time', async () => {
    const seen: AbortSignal[] = []
    const late = withDeadline(1, (signal) => {
      seen.push(signal)
      return new Promise<never>(() => undefined)
    })
    expect(seen.map(({ aborted }) => aborted)).toEqual([false])
    await expect(late).rejects.toThrow('Nothing came within 1 ms.')
    expect(seen.map(({ aborted }) => aborted)).toEqual([true])
  })
})
