import { describe, expect, it } from 'vitest'
import { Turns } from '../../../src/concurrency/turns.ts'

const never = new AbortController().signal

describe('turns', () => {
  it('go one after the other, in the order of asking', async () => {
    const turns = new Turns()
    const seen: string[] = []
    const work = async (name: string): Promise<void> => {
      const end = await turns.take(never)
      seen.push(`${name} begins`)
      await Promise.resolve()
      seen.push(`${name} ends`)
      end()
    }
    await Promise.all([work('a'), work('b'), work('c')])
    expect(seen).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends'])
  })

  it('pass on from one who gave up, whose fault is what the caller makes of it', async () => {
    const turns = new Turns()
    const end = await turns.take(never)
    const gone = new AbortController()
    const waiting = turns.take(gone.signal)
    const told = turns.take(gone.signal, () => new Error('my own words'))
    const next = turns.take(never)
    gone.abort(new Error('gone'))
    await expect(waiting).rejects.toThrow('gone')
    await expect(told).rejects.toThrow('my own words')
    end()
    ;(await next)()
    await expect(turns.ended()).resolves.toBeUndefined()
  })

  it('have not ended while one is taken', async () => {
    const turns = new Turns()
    const end = await turns.take(never)
    let ended = false
    const all = turns.ended().then(() => {
      ended = true
    })
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect(ended).toBe(false)
    end()
    await all
    expect(ended).toBe(true)
  })
})
