import { describe, expect, it } from 'vitest'
import { threadMilliseconds } from '../../../../src/concurrency/thread-time.ts'
import type { Filter, FilterFinding, FilterPart } from '../../../../src/filters/filter.ts'
import { DetectorFault } from '../../../../src/filters/detector-fault.ts'
import { LoopShare } from '../../../../src/filters/loop-share.ts'
import type { NamedProfile } from '../../../../src/filters/pipeline/named-profiles.ts'
import { createContentPipeline } from '../../../../src/filters/pipeline/pipeline.ts'
import { profileSchema } from '../../../../src/filters/profile.ts'
import { verifies } from '../../../support/verifies.ts'

const context = { direction: 'inbound', group: 'public', executedSql: [] } as const
const never = new AbortController().signal
const hate = 'toxicity/hate'

const profileOf = (inbound: object, outbound: object = {}): NamedProfile => ({
  name: 'p',
  ...profileSchema.parse({ version: 3, inbound, outbound }),
})

const partsOf = (...texts: readonly string[]): FilterPart[] => texts.map((text) => ({ text, provenance: 'user' }))

/** Finds each of some words, as sure as is said. */
function words(name: string, scores: Readonly<Record<string, number>>, more: Partial<Filter> = {}): Filter {
  const inspectAtOnce = (parts: readonly FilterPart[]): FilterFinding[] =>
    parts.flatMap(({ text }, part) =>
      Object.entries(scores).flatMap(([word, score]) =>
        Array.from(text.matchAll(new RegExp(word, 'g')), ({ index }) => ({
          part,
          start: index,
          end: index + word.length,
          category: hate,
          score,
          detector: `${name}@2`,
        })),
      ),
    )
  return {
    name: `${name}@2`,
    onFailure: 'closed',
    categories: [hate],
    inspect: async (parts) => inspectAtOnce(parts),
    inspectAtOnce,
    ...more,
  }
}

function failing(name: string, cause: Error = new Error('away')): Filter {
  return {
    name,
    version: '5',
    onFailure: 'closed',
    categories: [hate],
    cost: 'costly',
    inspect: () => Promise.reject(cause),
  }
}

const hanging = (name: string, onAbort: (reason: unknown) => void = () => undefined): Filter => ({
  ...failing(name),
  inspect: (_parts, _context, signal) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => {
        onAbort(signal.reason)
        reject(signal.reason as Error)
      })
    }),
})

const inspect = (
  filters: readonly Filter[],
  rule: object,
  {
    texts = ['so bad'],
    deadlineMilliseconds = 20_000,
  }: { readonly texts?: readonly string[]; readonly deadlineMilliseconds?: number } = {},
) =>
  createContentPipeline({ filters, deadlineMilliseconds }).inspect(
    partsOf(...texts),
    { profile: profileOf({ toxicity: rule }), context },
    never,
  )

describe('a profile without a rule for content', () => {
  it('looks for none, and for values', async () => {
    verifies('content.only-with-rule')
    const asked: string[] = []
    const spy: Filter = { ...words('a', { bad: 1 }), inspectAtOnce: () => (asked.push('a'), []) }
    const pipeline = createContentPipeline({ filters: [spy], deadlineMilliseconds: 1_000 })
    const profile = profileOf({})
    expect(pipeline.applies(profile, 'inbound')).toBe(false)
    expect(await pipeline.inspect(partsOf('bad'), { profile, context }, never)).toEqual({
      action: 'allow', decisions: [], failures: [], detectors: {}, profile: { name: 'p', version: 3 }, scores: [],
    }) // prettier-ignore
    expect(asked).toEqual([])
    const values = createContentPipeline({
      filters: [{ ...spy, categories: ['pii/email'] }],
      deadlineMilliseconds: 1_000,
    })
    expect(values.applies(profile, 'inbound')).toBe(true)
    expect(values.applies(profileOf({ pii: { action: 'allow' } }), 'inbound')).toBe(false)
  })

  it('in one direction may have one in the other', () => {
    const pipeline = createContentPipeline({ filters: [words('a', {})], deadlineMilliseconds: 1_000 })
    const profile = profileOf({}, { toxicity: { action: 'regenerate' } })
    expect([pipeline.applies(profile, 'inbound'), pipeline.applies(profile, 'outbound')]).toEqual([false, true])
  })
})

describe('what cannot be true where it stands', () => {
  const block = profileOf({ toxicity: { action: 'block' }, pii: { action: 'block' } })
  const person = (more: Partial<Filter>): Filter => {
    const found = (parts: readonly FilterPart[]): FilterFinding[] =>
      parts.map(({ text }, part) => {
        return { part, start: 0, end: text.length, category: 'pii/person', score: 1, detector: 'people@1' }
      })
    return {
      name: 'people@1',
      onFailure: 'closed',
      categories: ['pii/person', 'pii/email'],
      inspect: async (parts) => found(parts),
      ...more,
    }
  }
  const comparedPart = (text: string): FilterPart[] => [{ text, provenance: 'user', isCompared: true }]
  const seenBy = (filter: Filter, parts: readonly FilterPart[]) =>
    createContentPipeline({ filters: [filter], deadlineMilliseconds: 20_000 }).inspect(
      parts,
      { profile: block, context },
      never,
    )

  it.each(['cheap', 'costly'] as const)(
    'blocks nothing: the name of somebody in what programs compare (%s)',
    async (cost) => {
      const parts = comparedPart('austin')
      expect(await seenBy(person({ cost }), parts)).toMatchObject({ action: 'allow', decisions: [] })
      expect(await seenBy(person({ cost }), partsOf('austin'))).toMatchObject({ action: 'block' })
    },
  )

  it('leaves what has a form of its own there, and does not count as certain', async () => {
    const email = (parts: readonly FilterPart[]): FilterFinding[] =>
      parts.flatMap((_part, part) =>
        ['pii/person', 'pii/email'].map((category) => {
          return { part, start: 0, end: 3, category, score: 1, detector: 'people@1' }
        }),
      )
    const parts = comparedPart('a@b')
    expect(await seenBy(person({ inspect: async (given) => email(given) }), parts)).toMatchObject({
      action: 'block',
      decisions: [{ category: 'pii/email' }],
    })
  })

  it.each(['cheap', 'costly'] as const)('blocks nothing: what stands beside the focus of a text (%s)', async (cost) => {
    const withFocus = (start: number, end: number): FilterPart[] => [
      { text: 'bad, and fine', provenance: 'user', focus: { start, end } },
    ]
    const filter = words('a', { bad: 1 }, { cost })
    expect(await seenBy(filter, withFocus(3, 13))).toMatchObject({ action: 'allow', decisions: [] })
    expect(await seenBy(filter, withFocus(2, 13))).toMatchObject({ action: 'block' })
  })
})

describe('a verdict', () => {
  it('has the most final action, places in the parts, and versions', async () => {
    verifies('content.versions')
    const filters = [words('a', { bad: 0.6, sad: 0.4 }), words('b', {}, { version: '7' })]
    const verdict = await inspect(filters, { action: 'human' }, { texts: ['fine', 'sad, bad'] })
    expect(verdict).toMatchObject({
      action: 'human',
      decisions: [
        { part: 1, start: 0, end: 3, decided: 'allow', effective: 'allow' },
        { part: 1, start: 5, end: 8, decided: 'human', effective: 'human', profileVersion: 3 },
      ],
      failures: [],
      detectors: { a: '2', b: '7' },
      profile: { name: 'p', version: 3 },
    })
  })

  it('has decisions in the order of the parts and the places in them, whoever made them', async () => {
    const filters = [words('a', { bad: 0.6 }), words('b', { sad: 0.7, 'bad sad': 0.8 })]
    const { decisions } = await inspect(filters, { action: 'annotate' }, { texts: ['bad sad', 'sad bad', 'x bad sad'] })
    expect(decisions.map(({ part, start, end }) => [part, start, end])).toEqual([
      [0, 0, 3], [0, 0, 7], [0, 4, 7], [1, 0, 3], [1, 4, 7], [2, 2, 5], [2, 2, 9], [2, 6, 9],
    ]) // prettier-ignore
  })

  it('in shadow mode says what would be done, and does nothing', async () => {
    verifies('content.shadow')
    const verdict = await inspect([words('a', { bad: 1 }), failing('b')], { action: 'block', mode: 'shadow' })
    expect(verdict).toMatchObject({
      action: 'allow',
      decisions: [{ decided: 'block', enforced: false, effective: 'allow' }],
      failures: [{ detector: 'b', categories: ['toxicity'], onFailure: 'open', why: 'fault' }],
    })
  })
})

describe('several detectors', () => {
  const [sure, unsure] = [words('sure', { bad: 0.9 }), words('unsure', { bad: 0.3 })]
  const none = words('none', {})

  it.each([
    ['any', {}, [sure, unsure, none], 'block'],
    ['any of those named', { detectors: { unsure: 1, none: 1 } }, [sure, unsure, none], 'allow'],
    ['a quorum of one', { combine: 'quorum', quorum: 1 }, [sure, unsure, none], 'block'],
    ['a quorum of two, one is sure', { combine: 'quorum', quorum: 2 }, [sure, unsure, none], 'allow'],
    ['a quorum of two, both are', { combine: 'quorum', quorum: 2 }, [sure, words('too', { so: 0.5 })], 'block'],
    ['a mean at the threshold', { combine: 'weighted', detectors: { sure: 1, unsure: 1 }, threshold: 0.6 }, [sure, unsure], 'block'],
    ['a mean below', { combine: 'weighted', detectors: { sure: 1, unsure: 1 }, threshold: 0.61 }, [sure, unsure], 'allow'],
    ['one that weighs more', { combine: 'weighted', detectors: { sure: 3, none: 1 }, threshold: 0.67 }, [sure, none], 'block'],
    ['one that says nothing weighs', { combine: 'weighted', detectors: { sure: 3, none: 2 }, threshold: 0.67 }, [sure, none], 'allow'],
    ['the first, which is sure', { combine: 'first', detectors: { sure: 1, none: 1 } }, [none, sure], 'block'],
    ['the first, which is not', { combine: 'first', detectors: { none: 1, sure: 1 } }, [none, sure], 'allow'],
    ['the next, where the first fails', { combine: 'first', detectors: { away: 1, sure: 1 } }, [sure, failing('away')], 'block'],
    ['the next, which finds nothing', { combine: 'first', detectors: { away: 1, none: 1 } }, [none, failing('away')], 'allow'],
    ['none, where all fail', { combine: 'first', detectors: { away: 1, far: 1 } }, [failing('away'), failing('far')], 'block'],
    ['a mean without one that fails', { combine: 'weighted', on_failure: 'open', detectors: { sure: 1, away: 9 }, threshold: 0.9 }, [sure, failing('away')], 'block'],
  ] as const)('as %s: %j', async (_name, rule, filters, action) => {
    verifies('content.combined')
    expect((await inspect(filters, { action: 'block', ...rule })).action).toBe(action)
  }) // prettier-ignore

  it('are named where they are taken together', async () => {
    const { decisions } = await inspect([sure, unsure, words('too', { so: 0.5 })], {
      action: 'annotate',
      combine: 'quorum',
      quorum: 2,
    })
    expect(decisions.map(({ detector, voters, effective }) => [detector, voters, effective])).toEqual([
      ['too@2', ['sure', 'too'], 'annotate'],
      ['sure@2', ['sure', 'too'], 'annotate'],
      ['unsure@2', ['sure', 'too'], 'allow'],
    ])
  })

  it('of another rule are not taken together', async () => {
    const verdict = await inspect(
      [sure, words('too', { so: 0.9 })],
      { action: 'block', combine: 'quorum', quorum: 2 },
      {
        texts: ['bad', 'so'],
      },
    )
    expect(verdict.action).toBe('allow')
  })
})

describe('a detector that does not answer', () => {
  it.each([
    [{ action: 'block' }, 'block', 'closed'],
    [{ action: 'mask' }, 'block', 'closed'],
    [{ action: 'annotate' }, 'allow', 'open'],
    [{ action: 'annotate', on_failure: 'closed' }, 'block', 'closed'],
    [{ action: 'block', on_failure: 'open' }, 'allow', 'open'],
  ] as const)('by the rule %j: %s, said as %s', async (rule, action, onFailure) => {
    verifies('content.fails-closed')
    const unreadable = new DetectorFault('no verdict', { advice: 'none', why: 'unreadable' })
    expect(await inspect([failing('away', unreadable)], rule)).toMatchObject({
      action,
      failures: [{ detector: 'away', categories: ['toxicity'], onFailure, why: 'unreadable' }],
      detectors: { away: '5' },
    })
  })

  it('in time is left behind, and told so', async () => {
    const reasons: unknown[] = []
    const verdict = await inspect(
      [hanging('slow', (reason) => reasons.push(reason))],
      { action: 'block' },
      { deadlineMilliseconds: 10 },
    )
    expect(verdict).toMatchObject({ action: 'block', failures: [{ detector: 'slow', why: 'deadline' }] })
    expect(reasons).toEqual([expect.objectContaining({ message: expect.stringContaining('deadline') as string })])
  })

  it('in time has worked too long, or was waited for too long; that the process was stopped does not count', async () => {
    verifies('content.time-of-work')
    const stop = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 150)
    const stopped = { ...words('stopped', { bad: 1 }), inspectAtOnce: () => (stop(), []) }
    const answered: Filter = {
      ...failing('answered'),
      async inspect() {
        await new Promise((resolve) => setImmediate(resolve))
        stop()
        await new Promise((resolve) => setImmediate(resolve))
        return []
      },
    }
    const given = { deadlineMilliseconds: 100 }
    expect(await inspect([stopped, answered], { action: 'block' }, given)).toMatchObject({
      action: 'allow',
      failures: [],
      detectors: { stopped: '2', answered: '5' },
    })
    const busy = {
      ...words('busy', {}),
      inspectAtOnce() {
        const end = threadMilliseconds() + 12
        while (threadMilliseconds() < end);
        return []
      },
    }
    expect(await inspect([busy], { action: 'block' }, { deadlineMilliseconds: 10 })).toMatchObject({
      action: 'block',
      failures: [{ detector: 'busy', why: 'deadline' }],
    })
  })

  it('is reported', async () => {
    const told: string[] = []
    const pipeline = createContentPipeline({
      filters: [failing('away')],
      deadlineMilliseconds: 1_000,
      onFailure: ({ filter }) => told.push(filter),
    })
    await pipeline.inspect(partsOf('x'), { profile: profileOf({ toxicity: {} }), context }, never)
    expect(told).toEqual(['away'])
  })
})

describe('where a block is certain', () => {
  it('costly detectors are not asked', async () => {
    verifies('content.certain')
    const verdict = await inspect([hanging('slow'), words('a', { bad: 1 })], { action: 'block' })
    expect(verdict).toMatchObject({ action: 'block', detectors: { a: '2' }, failures: [] })
  })

  it('those that were are aborted', async () => {
    verifies('content.certain')
    const reasons: unknown[] = []
    const verdict = await inspect(
      [hanging('slow', (reason) => reasons.push(reason)), { ...words('a', { bad: 1 }), cost: 'costly' }],
      { action: 'block' },
    )
    expect(verdict).toMatchObject({ action: 'block', detectors: { slow: '5', a: '2' }, failures: [] })
    expect(reasons).toHaveLength(1)
  })
})

describe('a caller who leaves', () => {
  it('is not waited for', async () => {
    const caller = new AbortController()
    const reasons: unknown[] = []
    const pipeline = createContentPipeline({
      filters: [hanging('slow', (reason) => reasons.push(reason))],
      deadlineMilliseconds: 20_000,
    })
    const verdict = pipeline.inspect(partsOf('x'), { profile: profileOf({ toxicity: {} }), context }, caller.signal)
    caller.abort(new Error('left'))
    await expect(verdict).rejects.toThrow('left')
    expect(reasons).toEqual([caller.signal.reason])
    await expect(
      pipeline.inspect(partsOf('x'), { profile: profileOf({ toxicity: {} }), context }, caller.signal),
    ).rejects.toThrow('left')
  })
})

describe('long texts', () => {
  it('are read in pieces, and each finding is said once, where it stands', async () => {
    const text = 'all is well here. '.repeat(2_000)
    const places = [0, 7_999, 8_190, 20_000, text.length - 3]
    const planted = places.reduce((whole, at) => `${whole.slice(0, at)}bad${whole.slice(at + 3)}`, text)
    const lengths: number[] = []
    const filter = words('a', { bad: 1 })
    const spy: Filter = {
      ...filter,
      inspectAtOnce: (parts, asked) => {
        lengths.push(...parts.map((part) => part.text.length))
        return filter.inspectAtOnce!(parts, asked)
      },
    }
    const { decisions } = await inspect([spy], { action: 'annotate' }, { texts: ['x', planted] })
    expect(decisions.map(({ part, start }) => [part, start])).toEqual(places.map((at) => [1, at]))
    expect(Math.max(...lengths)).toBeLessThan(8_192 + 2 * 1_024 + 4_096)
  })

  it('begin and end with whole words in every piece', async () => {
    const all = Array.from({ length: 8_000 }, (_, index) => `w${index}`)
    const known = new Set(all)
    const pieces: string[] = []
    const filter: Filter = {
      ...words('a', {}),
      inspectAtOnce: (parts) => (pieces.push(...parts.map(({ text }) => text)), []),
    }
    await inspect([filter], { action: 'block' }, { texts: [all.join(' ')] })
    expect(pieces.length).toBeGreaterThan(3)
    for (const piece of pieces) expect(piece.split(' ').filter((word) => word !== '' && !known.has(word))).toEqual([])
    // What is decided on in one stands with what is before and behind it.
    for (const piece of pieces.slice(1, -1)) expect(piece.length).toBeGreaterThan(6_144 + 1_900)
  })

  it('hold what crosses from one piece into the next once', async () => {
    const text = 'all is well here. '.repeat(2_000)
    const { decisions } = await inspect([words('a', { 'here. all': 1 })], { action: 'annotate' }, { texts: [text] })
    const places = Array.from(text.matchAll(/here\. all/g), ({ index }) => index)
    expect(decisions.map(({ start }) => start)).toEqual(places)
  })

  it('are given whole to those that read them together', async () => {
    const seen: number[][] = []
    const filter: Filter = {
      ...words('a', {}),
      readsTogether: true,
      inspect: async (parts) => {
        seen.push(parts.map(({ text }) => text.length))
        return []
      },
    }
    await inspect([filter], { action: 'block' }, { texts: ['x'.repeat(20_000), 'y'] })
    expect(seen).toEqual([[20_000, 1]])
  })

  it.each([
    ['words', 'all is well here. '],
    ['one word', 'x'],
    ['empty lines', '\n'],
    ['an open fence', '```\nx\n'],
    ['an encoding', 'QUJDREVGR0hJSktMTU5PUFFSU1RVVg==\n'],
    ['halves of characters', '\ud83d'],
  ])('of %s are given to detectors once and a half at most, and all of them', async (_what, unit) => {
    const text = unit.repeat(Math.ceil(300_000 / unit.length))
    let characters = 0
    const covered = new Uint8Array(text.length)
    let from = 0
    const filter: Filter = {
      ...words('a', {}),
      inspectAtOnce: (parts) => {
        for (const part of parts) {
          characters += part.text.length
          const { start, end } = part.focus ?? { start: 0, end: part.text.length }
          covered.fill(1, from, (from += end - start))
        }
        return []
      },
    }
    await inspect([filter], { action: 'block' }, { texts: [text] })
    expect(from).toBe(text.length)
    expect(covered.includes(0)).toBe(false)
    expect(characters).toBeLessThan(1.5 * text.length)
  })

  it('leave others their turn of the event loop between pieces', async () => {
    verifies('content.long-texts')
    let [clock, turns, isOver] = [1, 0, false]
    const count = (): void => {
      turns += 1
      if (!isOver) setImmediate(count)
    }
    setImmediate(count)
    // A detector takes a whole slice for what it reads at once.
    const slow: Filter = { ...words('a', {}), inspectAtOnce: () => ((clock += 4), []) }
    const share = new LoopShare(() => clock)
    const pipeline = createContentPipeline({ filters: [slow], deadlineMilliseconds: 60_000, share })
    const text = 'all is well here. '.repeat(20_000)
    await pipeline.inspect(partsOf(text), { profile: profileOf({ toxicity: {} }), context }, never)
    isOver = true
    expect(turns).toBeGreaterThan(text.length / 16_384)
  })

  it('are not read on once a block is certain', async () => {
    let read = 0
    const filter = words('a', { bad: 1 })
    const spy: Filter = {
      ...filter,
      inspectAtOnce: (parts, asked) => ((read += 1), filter.inspectAtOnce!(parts, asked)),
    }
    await inspect([spy], { action: 'block' }, { texts: [`bad ${'x '.repeat(200_000)}`] })
    expect(read).toBe(1)
  })
})
