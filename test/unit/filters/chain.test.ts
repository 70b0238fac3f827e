import { getEventListeners } from 'node:events'
import type { FilterFailure } from '../../../src/core/facts.ts'
import { describe, expect, it } from 'vitest'
import { threadMilliseconds } from '../../../src/concurrency/thread-time.ts'
import { createFilterChain } from '../../../src/filters/chain.ts'
import type { Filter, FilterFinding } from '../../../src/filters/filter.ts'
import { LoopShare } from '../../../src/filters/loop-share.ts'
import { defaultProfile, profileSchema, ruleFor } from '../../../src/filters/profile.ts'
import { never } from '../../support/filters/filter-fixtures.ts'
import { verifies } from '../../support/verifies.ts'

const context = { direction: 'outbound', group: 'default', executedSql: [] } as const
const policy = { profile: defaultProfile, context }
const parts = [{ text: 'some text', provenance: 'model' }] as const

function filter(name: string, onFailure: Filter['onFailure'], inspect: Filter['inspect']): Filter {
  return { name, onFailure, inspect }
}

/** Finds an address in each text, and notes how many texts it was given. */
const seeing = (asked: number[]) =>
  filter('seeing', 'closed', async (batch) => {
    asked.push(batch.length)
    return batch.map((_, part) => ({ part, start: 0, end: 1, category: 'pii/email', score: 1, detector: 'seeing' }))
  })

const hanging = (onFailure: Filter['onFailure']) => filter('hanging', onFailure, () => new Promise(() => undefined))

describe('filter chain', () => {
  it('withholds the text when a closed detector fails, naming it', async () => {
    verifies('filters.closed')
    const chain = createFilterChain({
      filters: [filter('broken', 'closed', () => Promise.reject(new Error('boom')))],
      deadlineMilliseconds: 1_000,
    })
    await expect(chain.decide(parts, policy, never)).rejects.toMatchObject({
      code: 'refused',
      message: 'The text was withheld: the filter "broken" did not finish its check.',
    })
  })

  it('withholds the text when a closed detector overruns its deadline', async () => {
    const chain = createFilterChain({ filters: [hanging('closed')], deadlineMilliseconds: 20 })
    await expect(chain.decide(parts, policy, never)).rejects.toMatchObject({ code: 'refused' })
  })

  it('goes on without an open detector, and says so', async () => {
    const failures: FilterFailure[] = []
    const chain = createFilterChain({
      filters: [hanging('open')],
      deadlineMilliseconds: 20,
      onFailure: (failure) => failures.push(failure),
    })
    expect(await chain.decide(parts, policy, never)).toEqual([])
    expect(failures.map((failure) => failure.filter)).toEqual(['hanging'])
  })

  it('ends with the reason of its signal', async () => {
    const chain = createFilterChain({ filters: [hanging('open')], deadlineMilliseconds: 10_000 })
    await expect(chain.decide(parts, policy, AbortSignal.timeout(10))).rejects.toMatchObject({ name: 'TimeoutError' })
  })

  it('says what to do where a text was withheld, and why', async () => {
    const cause = new Error('boom')
    const broken = filter('broken', 'closed', () => Promise.reject(cause))
    const failures: FilterFailure[] = []
    const chain = createFilterChain({
      filters: [broken],
      deadlineMilliseconds: 1_000,
      onFailure: (failure) => failures.push(failure),
    })
    await expect(chain.decide(parts, policy, never)).rejects.toMatchObject({
      cause,
      advice: 'Send the request again; if it happens again the log names the cause.',
    })
    expect(failures).toEqual([{ filter: 'broken', onFailure: 'closed', cause }])
    const slow = createFilterChain({ filters: [hanging('closed')], deadlineMilliseconds: 15 })
    await expect(slow.decide(parts, policy, never)).rejects.toMatchObject({
      message: 'The text was withheld: its checks took longer than 15 ms (filters.deadline_ms).',
      advice: 'Ask for less at once, or ask the operator to raise filters.deadline_ms.',
      cause: new Error('the checks of the texts took longer than their deadline'),
    })
  })

  it('goes on with the other detectors, and with the other texts, where an open one failed', async () => {
    const asked: number[] = []
    const chain = createFilterChain({
      filters: [filter('broken', 'open', () => Promise.reject(new Error('boom'))), seeing(asked)],
      deadlineMilliseconds: 1_000,
    })
    const decisions = await chain.decide([...parts, ...parts], policy, never)
    expect(decisions.map(({ part, detector }) => [part, detector])).toEqual([
      [0, 'seeing'],
      [1, 'seeing'],
    ])
    expect(asked).toEqual([2])
  })

  it('decides on every text by every detector, in the direction and by the profile that are given', async () => {
    const chain = createFilterChain({ filters: [seeing([]), seeing([])], deadlineMilliseconds: 1_000 })
    const inbound = { profile: defaultProfile, context: { ...context, direction: 'inbound' as const } }
    expect(
      (await chain.decide(parts, inbound, never)).map(({ effective, direction }) => [effective, direction]),
    ).toEqual([
      ['allow', 'inbound'],
      ['allow', 'inbound'],
    ])
    expect((await chain.decide(parts, policy, never)).map(({ effective }) => effective)).toEqual(['mask', 'mask'])
    expect(await chain.decide([], policy, never)).toEqual([])
  })

  it('gives a detector little at once: some thousand characters, or some hundred texts', async () => {
    const asked: number[] = []
    const chain = createFilterChain({ filters: [seeing(asked)], deadlineMilliseconds: 1_000 })
    const text = (length: number) => ({ text: 'x'.repeat(length), provenance: 'row' as const })
    const decisions = await chain.decide(
      Array.from({ length: 600 }, () => text(1)),
      policy,
      never,
    )
    expect(asked).toEqual([256, 256, 88])
    expect(decisions.map(({ part }) => part)).toEqual(Array.from({ length: 600 }, (_, index) => index))
    asked.length = 0
    const long = await chain.decide([text(4_095), text(4_097), text(8_192), text(9_000), text(1)], policy, never)
    expect(asked).toEqual([2, 1, 1, 1])
    expect(long.map(({ part }) => part)).toEqual([0, 1, 2, 3, 4])
  })

  it('gives one response so much time in all, however many times it is asked', async () => {
    const working = filter('working', 'closed', async () => {
      const end = threadMilliseconds() + 12
      while (threadMilliseconds() < end);
      return []
    })
    const chain = createFilterChain({ filters: [working], deadlineMilliseconds: 1_000 })
    const time = chain.startTime()
    expect([time.limit, time.left]).toEqual([1_000, 1_000])
    await chain.decide(parts, { ...policy, time }, never)
    expect(time.left).toBeLessThan(1_000)
    const before = time.left
    await chain.decide(parts, policy, never)
    expect(time.left).toBe(before)
    time.spend(2_000)
    await expect(chain.decide(parts, { ...policy, time }, never)).rejects.toMatchObject({
      code: 'refused',
      message: 'The text was withheld: its checks took longer than 1000 ms (filters.deadline_ms).',
    })
  })

  it('asks no detector when there is no time left, or its signal is aborted', async () => {
    const asked: number[] = []
    const failures: FilterFailure[] = []
    const chain = createFilterChain({
      filters: [{ ...seeing(asked), onFailure: 'open' }],
      deadlineMilliseconds: 1_000,
      onFailure: (failure) => failures.push(failure),
    })
    const time = chain.startTime()
    time.spend(1_000)
    expect(await chain.decide(parts, { ...policy, time }, never)).toEqual([])
    expect(failures).toHaveLength(1)
    await expect(chain.decide(parts, policy, AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone')
    expect(failures).toHaveLength(1)
    expect(asked).toEqual([])
  })

  it('asks a detector that waits for nothing at once, and means the same by its failure and its time', async () => {
    const answers: (() => readonly FilterFinding[])[] = [
      () => [{ part: 0, start: 0, end: 1, category: 'pii', score: 1, detector: 'now' }],
      () => {
        throw new Error('broken')
      },
    ]
    const failures: FilterFailure[] = []
    const chainOf = (onFailure: 'closed' | 'open', inspectAtOnce: () => readonly FilterFinding[]) => {
      const now: Filter = { ...filter('now', onFailure, () => Promise.reject(new Error('not asked'))), inspectAtOnce }
      return createFilterChain({
        filters: [now],
        deadlineMilliseconds: 1_000,
        onFailure: (failure) => failures.push(failure),
      })
    }
    const [found = () => [], broken = () => []] = answers
    expect(await chainOf('closed', found).decide(parts, policy, never)).toHaveLength(1)
    expect(await chainOf('open', broken).decide(parts, policy, never)).toEqual([])
    await expect(chainOf('closed', broken).decide(parts, policy, never)).rejects.toMatchObject({ code: 'refused' })
    const spent = chainOf('closed', found).startTime()
    spent.spend(2_000)
    await expect(chainOf('closed', found).decide(parts, { ...policy, time: spent }, never)).rejects.toMatchObject({
      code: 'refused',
    })
    await expect(chainOf('closed', found).decide(parts, policy, AbortSignal.abort(new Error('gone')))).rejects.toThrow(
      'gone',
    )
    expect(failures).toHaveLength(3)
  })

  it('asks no detector that works at once after the signal was aborted by the time of another', async () => {
    const stop = new AbortController()
    const asked: string[] = []
    const now = (name: string, work: () => void): Filter => ({
      ...filter(name, 'open', () => Promise.reject(new Error('not asked'))),
      inspectAtOnce: () => {
        asked.push(name)
        work()
        return []
      },
    })
    const chain = createFilterChain({
      filters: [now('first', () => stop.abort(new Error('gone'))), now('second', () => undefined)],
      deadlineMilliseconds: 1_000,
    })
    await expect(chain.decide(parts, policy, stop.signal)).rejects.toThrow('gone')
    expect(asked).toEqual(['first'])
  })

  it('sets no timer for a detector that answers in the next step', async () => {
    const { setTimeout: before } = globalThis
    const set: number[] = []
    const soon = filter('soon', 'closed', async () => {
      await Promise.resolve()
      return []
    })
    const chain = createFilterChain({ filters: [soon], deadlineMilliseconds: 1_000 })
    globalThis.setTimeout = Object.assign((...given: Parameters<typeof before>) => {
      set.push(Number(given[1]))
      return before(...given)
    }, before)
    try {
      expect(await chain.decide(parts, policy, never)).toEqual([])
    } finally {
      globalThis.setTimeout = before
    }
    expect(set).toEqual([])
  })

  it('withholds what a detector found too late', async () => {
    const late = filter('late', 'closed', async () => {
      const end = threadMilliseconds() + 12
      while (threadMilliseconds() < end);
      return []
    })
    const chain = createFilterChain({ filters: [late], deadlineMilliseconds: 10 })
    await expect(chain.decide(parts, policy, never)).rejects.toMatchObject({ code: 'refused' })
  })

  it('takes the answer of a detector that worked little while the process was stopped for long', async () => {
    const stopped = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 150)
    const atOnce = filter('at-once', 'closed', async () => {
      stopped()
      return []
    })
    const later = filter('later', 'closed', async () => {
      await new Promise((resolve) => setImmediate(resolve))
      stopped()
      await new Promise((resolve) => setImmediate(resolve))
      return []
    })
    const chain = createFilterChain({ filters: [atOnce, later], deadlineMilliseconds: 100 })
    expect(await chain.decide(parts, policy, never)).toEqual([])
  })

  it('tells a detector that it is left behind, and waits for one that answers later', async () => {
    let reason: unknown
    const told = filter('told', 'closed', (_parts, _context, signal) => {
      signal.addEventListener('abort', () => (reason = signal.reason))
      return new Promise(() => undefined)
    })
    const chain = createFilterChain({ filters: [told], deadlineMilliseconds: 10_000 })
    const stop = new AbortController()
    const asked = chain.decide(parts, policy, stop.signal)
    stop.abort(new Error('gone'))
    await expect(asked).rejects.toThrow('gone')
    const waiting = createFilterChain({ filters: [told], deadlineMilliseconds: 10_000 })
    const other = new AbortController()
    const decision = waiting.decide(parts, policy, other.signal)
    await new Promise((resolve) => setImmediate(resolve))
    other.abort(new Error('gone later'))
    await expect(decision).rejects.toThrow('gone later')
    expect(reason).toEqual(new Error('gone later'))
    const later = filter('later', 'closed', async (batch, given, signal) => {
      await new Promise((resolve) => setImmediate(resolve))
      return seeing([]).inspect(batch, given, signal)
    })
    const answered = createFilterChain({ filters: [later], deadlineMilliseconds: 10_000 })
    expect(await answered.decide(parts, policy, never)).toHaveLength(1)
  })

  it('leaves no timer and no listener behind a detector that took its time', async () => {
    const before = process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length
    const slow = filter('slow', 'closed', async () => {
      await new Promise((resolve) => setImmediate(resolve))
      return []
    })
    const stop = new AbortController()
    const chain = createFilterChain({ filters: [slow, slow], deadlineMilliseconds: 3_600_000 })
    expect(await chain.decide(parts, policy, stop.signal)).toEqual([])
    expect(getEventListeners(stop.signal, 'abort')).toEqual([])
    // One that something before left in this process may end meanwhile; of these there would be two.
    expect(process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length).toBeLessThanOrEqual(before)
  })

  it('gives way: who asks for a turn waits for those who work for long', async () => {
    const order: string[] = []
    const clock = { now: 1_000 }
    const working = filter('working', 'closed', async (batch) => {
      order.push(`work on ${batch.length}`)
      clock.now += 6
      return []
    })
    const share = new LoopShare(() => clock.now)
    const chain = createFilterChain({ filters: [working], deadlineMilliseconds: 10_000, share })
    setImmediate(() => order.push('other work'))
    const work = chain.decide(
      Array.from({ length: 300 }, () => parts[0]),
      policy,
      never,
    )
    await chain.turn()
    order.push('turn')
    await work
    expect(order).toEqual(['work on 256', 'other work', 'turn', 'work on 44'])
  })

  it('says of no text that it is inert, unless it is told how to prove it', () => {
    const options = { filters: [], deadlineMilliseconds: 10 }
    expect(createFilterChain(options).isInert('a')).toBe(false)
    expect(createFilterChain({ ...options, isInert: (text) => text === 'a' }).isInert('a')).toBe(true)
  })

  it('numbers findings by part over all batches', async () => {
    const finder = filter('finder', 'closed', async (batch) =>
      batch.flatMap((part, index) =>
        part.text === 'x'
          ? [{ part: index, start: 0, end: 1, category: 'pii/email', score: 1, detector: 'finder' }]
          : [],
      ),
    )
    const chain = createFilterChain({ filters: [finder], deadlineMilliseconds: 1_000 })
    const many = Array.from({ length: 10_000 }, (_, index) => ({
      text: index === 9_000 ? 'x' : 'y',
      provenance: 'row' as const,
    }))
    expect((await chain.decide(many, policy, never)).map((decision) => decision.part)).toEqual([9_000])
  })
})

describe('profile', () => {
  it('reports in shadow mode what would have happened, and does nothing', async () => {
    const profile = profileSchema.parse({ version: 7, outbound: { pii: { action: 'block', mode: 'shadow' } } })
    const finder = filter('finder', 'closed', async () => [
      { part: 0, start: 0, end: 4, category: 'pii/email', score: 0.9, detector: 'finder@1' },
    ])
    const chain = createFilterChain({ filters: [finder], deadlineMilliseconds: 1_000 })
    const [decision] = await chain.decide(parts, { profile, context }, never)
    expect(decision).toMatchObject({ decided: 'block', enforced: false, effective: 'allow', profileVersion: 7 })
  })

  it('prefers the more exact category, and masks what nobody thought of', () => {
    verifies('filters.no-rule-masks')
    const profile = profileSchema.parse({ outbound: { pii: {}, 'pii/email': { action: 'allow' } } })
    expect(ruleFor(profile, 'outbound', 'pii/email').action).toBe('allow')
    expect(ruleFor(profile, 'outbound', 'pii/card').action).toBe('mask')
    expect(ruleFor(profile, 'outbound', 'new/kind').action).toBe('mask')
  })
})
