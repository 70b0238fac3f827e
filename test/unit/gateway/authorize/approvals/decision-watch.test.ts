import { describe, expect, it } from 'vitest'
import { DecisionWatch } from '../../../../../src/gateway/authorize/approvals/decision-watch.ts'

const never = new AbortController().signal
const long = 1_000_000_000

describe('whoever waits for a decision', () => {
  it('is woken by it, also where it came before the wait began, and by no other', async () => {
    const watch = new DecisionWatch()
    using early = watch.await('apr-1')
    using late = watch.await('apr-1')
    using other = watch.await('apr-2')
    const woken: string[] = []
    void other.within(long, never).then(
      () => woken.push('other'),
      () => undefined,
    )
    const waits = early.within(long, never)
    watch.decided('apr-1')
    await waits
    await late.within(long, never)
    expect(woken).toEqual([])
  })

  it('goes on by itself when its time is over, and ends with its caller', async () => {
    const watch = new DecisionWatch()
    using decision = watch.await('apr-1')
    await decision.within(1, never)
    await expect(decision.within(long, AbortSignal.abort(new Error('gone')))).rejects.toMatchObject({
      name: 'AbortError',
    })
    const leaving = new AbortController()
    const waits = decision.within(long, leaving.signal)
    leaving.abort()
    await expect(waits).rejects.toMatchObject({ name: 'AbortError' })
  })

  it('is forgotten when it waits no more', async () => {
    const watch = new DecisionWatch()
    const gone = watch.await('apr-1')
    gone[Symbol.dispose]()
    watch.decided('apr-1')
    using later = watch.await('apr-1')
    await later.within(1, never)
    const ended = AbortSignal.abort()
    await expect(later.within(long, ended)).rejects.toMatchObject({ name: 'AbortError' })
  })
})
