import { describe, expect, it } from 'vitest'
import { ClaimQueue, type Wanted } from '../../../../src/sandbox/engine/claim-queue.ts'

const never = new AbortController().signal
/** Longer than any test: what settles did not settle by its deadline. */
const farOff = 600_000

function createQueue(capacity: number, waitMilliseconds = farOff) {
  const queue = new ClaimQueue<string>({ capacity, waitMilliseconds })
  /** What became of the claims, by their labels, in order; those that wait are not in it. */
  const settled: string[] = []
  const faults = new Map<string, unknown>()
  function wait(label: string, tenant = label, wanted: Wanted = 'ready', signal = never) {
    void queue.wait({ tenant, wanted }, signal).then(
      (item) => settled.push(`${label} got ${item}`),
      (fault: unknown) => {
        faults.set(label, fault)
        settled.push(`${label} failed`)
      },
    )
  }
  return { queue, settled, faults, wait }
}

const settle = () => new Promise((resolve) => setImmediate(resolve))
const nobodyHolds = () => 0

describe('a full queue', () => {
  it('has the last claim of the greediest tenant give way at once, and keeps the modest one waiting', async () => {
    const { queue, settled, faults, wait } = createQueue(3)
    for (const label of ['greedy 1', 'greedy 2', 'greedy 3']) wait(label, 'greedy')
    wait('modest')
    await settle()
    expect(settled).toEqual(['greedy 3 failed'])
    expect(faults.get('greedy 3')).toMatchObject({
      code: 'sandbox-busy',
      message: '3 claims are waiting already',
      retryAfterSeconds: 600,
    })
    expect(queue.length).toBe(3)
    for (const item of ['a', 'b', 'c']) queue.take('ready', nobodyHolds, 9)?.resolve(item)
    await settle()
    expect(settled.slice(1)).toEqual(['greedy 1 got a', 'greedy 2 got b', 'modest got c'])
  })

  it('refuses the newcomer where nobody has more than one claim above its own', async () => {
    const { queue, settled, faults, wait } = createQueue(2)
    wait('ann 1', 'ann')
    wait('bob 1', 'bob')
    wait('cleo')
    await settle()
    expect(settled).toEqual(['cleo failed'])
    expect(faults.get('cleo')).toMatchObject({ code: 'sandbox-busy', message: '2 claims are waiting already' })
    expect(queue.length).toBe(2)
  })

  it('lets a tenant with fewer claims come up to one with more, and no further', async () => {
    const { settled, wait } = createQueue(4)
    for (const label of ['ann 1', 'ann 2', 'ann 3']) wait(label, 'ann')
    wait('bob 1', 'bob')
    wait('bob 2', 'bob')
    await settle()
    expect(settled).toEqual(['ann 3 failed'])
    wait('bob 3', 'bob')
    await settle()
    expect(settled).toEqual(['ann 3 failed', 'bob 3 failed'])
  })

  it('refuses more of the tenant that fills it', async () => {
    const { settled, wait } = createQueue(2)
    for (const label of ['greedy 1', 'greedy 2', 'greedy 3']) wait(label, 'greedy')
    await settle()
    expect(settled).toEqual(['greedy 3 failed'])
  })

  it('has the greediest of several give way', async () => {
    const { settled, wait } = createQueue(5)
    for (const label of ['ann 1', 'ann 2']) wait(label, 'ann')
    for (const label of ['bob 1', 'bob 2', 'bob 3']) wait(label, 'bob')
    wait('cleo')
    await settle()
    expect(settled).toEqual(['bob 3 failed'])
  })

  it('has room again when a claim has left', async () => {
    const { settled, wait } = createQueue(1)
    const stop = new AbortController()
    wait('ann', 'ann', 'ready', stop.signal)
    stop.abort()
    wait('bob')
    await settle()
    expect(settled).toEqual(['ann failed'])
  })
})

describe('a claim that waits', () => {
  it('fails at its deadline, with the seconds until it may be tried again', async () => {
    const { queue, faults, wait } = createQueue(1, 20)
    wait('ann')
    await expect
      .poll(() => faults.get('ann'))
      .toMatchObject({
        code: 'sandbox-busy',
        message: 'No sandbox became free within 20 ms',
        retryAfterSeconds: 1,
      })
    expect(queue.length).toBe(0)
  })

  it('is told at its deadline why there may be none, as far as anybody knows by then', async () => {
    const reasons = ['no room', null]
    for (const reason of reasons) {
      let known: string | null = 'nothing yet'
      const queue = new ClaimQueue<string>({ capacity: 1, waitMilliseconds: 20, lastFault: () => known })
      const waiting = queue.wait({ tenant: 'ann', wanted: 'ready' }, never)
      known = reason
      const said = `No sandbox became free within 20 ms${reason === null ? '' : `: the last start failed (${reason})`}`
      await expect(waiting).rejects.toMatchObject({ code: 'sandbox-busy', message: said })
    }
  })

  it("does not come in when it was given up before, and takes nobody's place", async () => {
    const { queue, settled, faults, wait } = createQueue(2)
    for (const label of ['greedy 1', 'greedy 2']) wait(label, 'greedy')
    wait('late', 'late', 'ready', AbortSignal.abort(new Error('gone')))
    await settle()
    expect(settled).toEqual(['late failed'])
    expect(faults.get('late')).toMatchObject({ message: 'gone' })
    expect(queue.length).toBe(2)
  })

  it('leaves with the reason of whoever gives it up', async () => {
    const { queue, faults, wait } = createQueue(2)
    const stop = new AbortController()
    wait('ann', 'ann', 'ready', stop.signal)
    wait('bob')
    stop.abort(new Error('changed my mind'))
    await settle()
    expect(faults.get('ann')).toMatchObject({ message: 'changed my mind' })
    expect(queue.take('ready', nobodyHolds, 1)?.tenant).toBe('bob')
  })

  it('fails with all others when the queue is closed, and is gone from it', async () => {
    const { queue, faults, wait } = createQueue(3)
    wait('ann')
    wait('bob')
    queue.rejectAll(new Error('closed'))
    await settle()
    expect([...faults.values()]).toEqual([new Error('closed'), new Error('closed')])
    expect(queue.length).toBe(0)
  })
})

describe('the next to be served', () => {
  it('is of the tenant that holds least, then who waits longest', () => {
    const { queue, wait } = createQueue(5)
    for (const tenant of ['ann', 'bob', 'cleo', 'bob']) wait(tenant)
    const held = (tenant: string) => ({ ann: 2, bob: 1, cleo: 1 })[tenant] ?? 0
    expect(queue.next(held, 3)?.tenant).toBe('bob')
    const served = [1, 2, 3, 4].map(() => queue.take('ready', held, 3)?.tenant)
    expect(served).toEqual(['bob', 'cleo', 'bob', 'ann'])
    expect(queue.take('ready', held, 3)).toBeNull()
  })

  it('is nobody whose tenant has its share', () => {
    const { queue, wait } = createQueue(5)
    wait('ann')
    expect(queue.next(() => 2, 2)).toBeNull()
    expect(queue.take('ready', () => 2, 2)).toBeNull()
    expect(queue.next(() => 1, 2)?.tenant).toBe('ann')
    expect(queue.length).toBe(1)
  })

  it('is one who wants what there is', () => {
    const { queue, wait } = createQueue(5)
    wait('ann', 'ann', 'place')
    wait('bob', 'bob', 'ready')
    expect(queue.next(nobodyHolds, 1)?.tenant).toBe('ann')
    expect(queue.take('ready', nobodyHolds, 1)?.tenant).toBe('bob')
    expect(queue.take('ready', nobodyHolds, 1)).toBeNull()
    expect(queue.take('place', nobodyHolds, 1)?.tenant).toBe('ann')
  })

  it('counts as servable up to the share of each tenant, those that want a ready one only', () => {
    const { queue, wait } = createQueue(9)
    for (const tenant of ['ann', 'ann', 'ann', 'bob', 'cleo']) wait(tenant)
    wait('dora', 'dora', 'place')
    const held = (tenant: string) => ({ ann: 1, bob: 5 })[tenant] ?? 0
    // Ann may have one more, Bob has more than his share, Cleo waits once.
    expect(queue.servable(held, 2)).toBe(2)
    expect(queue.servable(nobodyHolds, 9)).toBe(5)
  })
})
