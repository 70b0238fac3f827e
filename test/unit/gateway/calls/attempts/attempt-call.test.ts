import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { CallFacts, CallTarget } from '../../../../../src/core/model-call.ts'
import { ServiceError } from '../../../../../src/core/errors.ts'
import { UpstreamFault, type FailedAttempt } from '../../../../../src/core/upstream-fault.ts'
import {
  attemptCall,
  type SentAttempt,
  type ToldAttempt,
} from '../../../../../src/gateway/calls/attempts/attempt-call.ts'
import { attemptOptions } from '../../../../../src/gateway/calls/attempts/options.ts'
import { TargetBreakers } from '../../../../../src/gateway/calls/attempts/target-breakers.ts'
import type { ScreenedHead } from '../../../../../src/gateway/calls/screen-answer.ts'
import type { MaskedCall } from '../../../../../src/gateway/privacy/privacy.ts'
import { admittedCall } from '../../../../support/received-call.ts'
import { verifies } from '../../../../support/verifies.ts'

const targetAt = (upstream: string): CallTarget => ({ upstream, model: 'm', renamed: false })

type Code = 'model-unavailable' | 'model-overloaded' | 'model-timeout' | 'model-refused' | 'model-busy'
const fault = (
  code: Code,
  failed: Partial<FailedAttempt> & { readonly retryAfterSeconds?: number; readonly policy?: true } = {},
): UpstreamFault => {
  const { policy, ...details } = failed
  const answered = { answered: { status: 400, type: null, code: 'content_policy_violation' } }
  const message = `${code} of this attempt`
  const refused = policy && { ...answered, isPolicy: true }
  return new UpstreamFault(code, message, { repeat: 'again', mayHaveRun: false, ...details, ...refused })
}
const passing = () => fault('model-unavailable')

/** What comes of an attempt: a whole answer, a stream of these pieces, of which `*` marks content, or a fault. */
type Outcome = string | readonly (string | Error)[] | Error | { readonly after: number; readonly thrown: Error }

interface Script {
  readonly at: Readonly<Record<string, readonly Outcome[]>>
  readonly facts?: Partial<CallFacts>
  readonly method?: 'DELETE'
  readonly options?: object
  readonly only?: true
  readonly signal?: AbortSignal
  readonly breakers?: TargetBreakers
  /** Names of the targets at which a further attempt costs more than is left. */
  readonly tooDear?: readonly string[]
}

/** Attempts at a call, with the time of each; what a caller reads of the answer. */
async function attempted({ at, facts = {}, method, options = {}, only, signal, breakers, tooDear = [] }: Script) {
  const began = performance.now()
  const { call } = admittedCall()
  const candidates = only === true ? ([targetAt('a')] as const) : ([targetAt('a'), targetAt('b')] as const)
  const masked: MaskedCall = {
    ...call,
    candidates,
    facts: { ...call.facts, ...facts },
    ...(method && { method }),
    masking: null,
  }
  const log: string[] = []
  const told: ToldAttempt[] = []
  const passedOver: string[] = []
  const left: string[] = []
  const count = new Map<string, number>()
  const send = async ({ call: { target } }: SentAttempt): Promise<ScreenedHead> => {
    const name = target.upstream
    const number = count.get(name) ?? 0
    count.set(name, number + 1)
    log.push(`${name} at ${Math.round(performance.now() - began)}`)
    const outcome = at[name]?.[number] ?? passing()
    if (outcome instanceof Error) throw outcome
    if (typeof outcome === 'object' && 'after' in outcome) {
      await new Promise((resolve) => setTimeout(resolve, outcome.after))
      throw outcome.thrown
    }
    if (typeof outcome === 'string') return { status: 200, headers: [], body: Buffer.from(outcome) }
    const events = (async function* () {
      for (const piece of outcome) {
        if (piece instanceof Error) throw piece
        yield { bytes: Buffer.from(piece.replace('*', '')), hasContent: piece.includes('*'), isOver: false }
      }
    })()
    const body = { events, contentMilliseconds: 1_000, leave: () => void left.push(name) }
    return { status: 200, headers: [], body }
  }
  const sent: SentAttempt[] = []
  let answer: string
  let thrown: unknown = null
  try {
    const { body, call: answering } = await attemptCall(masked, {
      options: attemptOptions.parse(options),
      breakers: breakers ?? new TargetBreakers({ failures: 5, openMilliseconds: 1_000 }),
      send,
      hold: async ({ target: { upstream } }) => {
        log.push(`${upstream}?`)
        if (tooDear.includes(upstream)) throw new ServiceError('quota-exceeded', 'Of 9 tokens, 2 are left.')
      },
      sent,
      onAttempt: (attempt) => void told.push(attempt),
      onPassedOver: ({ upstream }, why) => passedOver.push(`${upstream} ${why}`),
      signal: signal ?? new AbortController().signal,
    })
    answer = `${answering.target.upstream}: `
    try {
      if (Buffer.isBuffer(body)) answer += body.toString()
      else for await (const piece of body) answer += piece.toString()
    } catch (error) {
      answer += '!'
      thrown = error
    }
  } catch (error) {
    answer = 'none'
    thrown = error
  }
  return { log, answer, thrown, told, sent, left, passedOver }
}

const sentOf = (log: readonly string[]): readonly string[] => log.filter((line) => !line.endsWith('?'))
const names = (log: readonly string[]): string =>
  sentOf(log)
    .map((line) => line[0])
    .join('')

describe('attempts at a call', () => {
  beforeEach(() => {
    vi.useFakeTimers()
    vi.spyOn(Math, 'random').mockReturnValue(1)
  })
  afterEach(() => {
    vi.restoreAllMocks()
    vi.useRealTimers()
  })

  const run = async (script: Script) => {
    const over = attempted(script)
    await vi.advanceTimersByTimeAsync(3_600_000)
    const ended = await over
    return { ...ended, log: sentOf(ended.log), held: ended.log }
  }

  it('are one where it is answered', async () => {
    const { log, answer, sent, told } = await run({ at: { a: ['whole'] } })
    expect([names(log), answer, sent.length]).toEqual(['a', 'a: whole', 1])
    expect(told.map(({ number, fault: why }) => [number, why])).toEqual([[1, null]])
  })

  it.each<[string, Outcome]>([
    ['a fault', passing()],
    ['a stream that breaks off before it brings anything', ['announced', passing()]],
  ])('go on after %s, and nothing of it reaches the caller', async (_what, outcome) => {
    verifies('faults.again')
    const { log, answer, thrown } = await run({ at: { a: [outcome, ['announced ', '*text']] } })
    expect([names(log), answer, thrown]).toEqual(['aa', 'a: announced text', null])
  })

  it('come to the next target when the first has had its own, and answer with one text', async () => {
    const broken = ['announced', passing()]
    const { log, answer } = await run({ at: { a: [broken, broken, broken, ['*never']], b: [['begun ', '*b', '*c']] } })
    expect([names(log), answer]).toEqual(['aaab', 'b: begun bc'])
  })

  it('end with the first content: what breaks off then ends with its fault', async () => {
    const broke = passing()
    const { log, answer, thrown } = await run({ at: { a: [['announced ', '*text', broke]] } })
    expect([names(log), answer]).toEqual(['a', 'a: announced text!'])
    expect(thrown).toBe(broke)
  })

  it('go on where a held answer breaks off, and nothing of it reaches the caller', async () => {
    verifies('faults.hold')
    const { log, answer, thrown, sent } = await run({
      at: { a: [['*one', '*two', passing()], ['*one', passing()], passing()], b: [['*three', '*four']] },
      options: { recovery: 'hold' },
    })
    expect([names(log), answer, thrown]).toEqual(['aaab', 'b: threefour', null])
    expect(sent.map(({ call }) => call.target.upstream).join('')).toBe('aaab')
  })

  it('end where a held answer is longer than what is held, which leaves as it comes then', async () => {
    const long = `*${'x'.repeat(110_000)}`
    const { log, answer } = await run({
      at: { a: [[long, '*rest', passing()]] },
      options: { recovery: 'hold', hold_limit_mb: 0.1 },
    })
    expect(names(log)).toBe('a')
    expect(answer).toMatch(/^a: x{110000}rest!$/)
  })

  it('pass what runs in the background on at once, with its id', async () => {
    const created = ['created', 'nothing yet', passing()]
    const { log, answer } = await run({ at: { a: [created] }, facts: { runsOn: true }, options: { recovery: 'hold' } })
    expect([names(log), answer]).toEqual(['a', 'a: creatednothing yet!'])
  })

  it.each<[string, UpstreamFault, string]>([
    ['a target that is silent', fault('model-timeout', { repeat: 'elsewhere' }), 'ab'],
    ['a target without a free connection', fault('model-busy', { repeat: 'elsewhere' }), 'ab'],
    ['a prompt that is too long', fault('model-refused', { repeat: 'elsewhere' }), 'ab'],
    ['a refusal by policy', fault('model-refused', { repeat: 'never', policy: true }), 'a'],
    ['what is wrong with a request', fault('model-refused', { repeat: 'never' }), 'a'],
  ])('after %s do not come back to it', async (_what, first, expected) => {
    verifies('faults.never-again')
    const { log, thrown } = await run({
      at: { a: [first, 'answer'], b: [fault('model-refused', { repeat: 'never' })] },
    })
    expect(names(log)).toBe(expected)
    expect(thrown).toBe(first)
  })

  it("end with another target's refusal by policy, and with no other of its refusals", async () => {
    const refusal = fault('model-refused', { repeat: 'never', policy: true })
    const first = fault('model-timeout', { repeat: 'elsewhere' })
    expect((await run({ at: { a: [first], b: [refusal] } })).thrown).toBe(refusal)
  })

  it.each([
    ['tools of the provider', { hostedTools: [{ name: 'web_search', parameter: 'tools[0]' }] }, undefined],
    ['the background', { runsOn: true as const }, undefined],
    ['a conversation that it keeps', { ids: [{ name: 'conv_1', parameter: 'conversation' }] }, undefined],
    ['a conversation by its object', { ids: [{ name: 'conv_1', parameter: 'conversation.id' }] }, undefined],
    ['a deletion', {}, 'DELETE' as const],
  ])('are one where it may have been done, with %s', async (_what, facts, method) => {
    verifies('faults.once')
    const ran = fault('model-unavailable', { mayHaveRun: true })
    const more = { facts, ...(method && { method }) }
    const { log, thrown } = await run({ at: { a: [ran, 'answer'] }, ...more })
    expect([names(log), thrown]).toEqual(['a', ran])
    // A provider that took nothing has done nothing.
    expect(names((await run({ at: { a: [passing(), 'answer'] }, ...more })).log)).toBe('aa')
  })

  it('are more than one with pictures that a provider fetches', async () => {
    const facts = { hostedTools: [{ name: 'image_urls', parameter: 'input[0]' }] }
    const ran = fault('model-unavailable', { mayHaveRun: true })
    expect(names((await run({ at: { a: [ran, 'answer'] }, facts })).log)).toBe('aa')
  })

  it('wait longer each time', async () => {
    const { log } = await run({ at: {}, options: { retries: 3 }, only: true })
    expect(log).toEqual(['a at 0', 'a at 500', 'a at 1500', 'a at 3500'])
  })

  it('wait no less than half as long by lot', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0)
    const { log } = await run({ at: {}, options: { retries: 2 }, only: true })
    expect(log).toEqual(['a at 0', 'a at 250', 'a at 750'])
  })

  it('wait as long as they are asked to, and longer by lot only', async () => {
    verifies('faults.waits')
    const slow = fault('model-overloaded', { retryAfterSeconds: 2 })
    vi.spyOn(Math, 'random').mockReturnValue(0)
    expect((await run({ at: { a: [slow, 'answer'] } })).log).toEqual(['a at 0', 'a at 2000'])
    vi.spyOn(Math, 'random').mockReturnValue(1)
    expect((await run({ at: { a: [slow, 'answer'] } })).log).toEqual(['a at 0', 'a at 2050'])
  })

  it('do not wait for one who asks for more than the longest wait, and say how long that is', async () => {
    verifies('faults.waits')
    const slow = fault('model-overloaded', { retryAfterSeconds: 6 })
    expect(await run({ at: { a: [slow], b: ['answer'] } })).toMatchObject({ log: ['a at 0', 'b at 0'] })
    expect((await run({ at: { a: [slow, 'answer'] }, only: true })).thrown).toMatchObject({ retryAfterSeconds: 6 })
  })

  it('do not begin after their time', async () => {
    const { log, thrown } = await run({ at: {}, options: { retries: 9, within_ms: 1_600 }, only: true })
    expect([log, thrown]).toMatchObject([['a at 0', 'a at 500', 'a at 1500'], { code: 'model-unavailable' }])
  })

  it('do not begin at another target after their time either', async () => {
    const silent = fault('model-timeout', { repeat: 'elsewhere' })
    const { log, thrown } = await run({
      at: { a: [{ after: 600, thrown: silent }], b: ['late'] },
      options: { within_ms: 500 },
    })
    expect([log, thrown]).toEqual([['a at 0'], silent])
  })

  it('wait as usual for one who asks for no wait at all', async () => {
    verifies('faults.waits')
    const slow = fault('model-overloaded', { retryAfterSeconds: 0 })
    expect((await run({ at: { a: [slow, slow, 'answer'] } })).log).toEqual(['a at 0', 'a at 500', 'a at 1500'])
  })

  it('end when the caller leaves, also while they wait', async () => {
    const leaving = new AbortController()
    setTimeout(() => leaving.abort(new ServiceError('cancelled', 'gone')), 700)
    const { log, thrown } = await run({ at: {}, signal: leaving.signal, options: { retries: 9 } })
    expect(log).toEqual(['a at 0', 'a at 500'])
    expect(thrown).toMatchObject({ code: 'cancelled' })
  })

  it('end with what is no fault of the upstream', async () => {
    const full = new ServiceError('storage-unavailable', 'full')
    expect(await run({ at: { a: [full, 'answer'] } })).toMatchObject({ log: ['a at 0'], thrown: full })
  })

  it('are given up for one that brings nothing in time, and its upstream is let go', async () => {
    verifies('faults.pings')
    const hanging = Promise.withResolvers<never>()
    const { call } = admittedCall()
    const over = attemptCall(
      { ...call, masking: null },
      {
        options: attemptOptions.parse({}),
        breakers: new TargetBreakers({ failures: 5, openMilliseconds: 1_000 }),
        sent: [],
        hold: async () => undefined,
        onPassedOver: () => undefined,
        onAttempt: () => undefined,
        signal: new AbortController().signal,
        send: async () => ({
          status: 200,
          headers: [],
          body: {
            contentMilliseconds: 900,
            leave: () => hanging.reject(new Error('let go')),
            events: (async function* () {
              for (let at = 0; at < 4; at += 1) {
                yield { bytes: Buffer.from(': ping\n\n'), hasContent: false, isOver: false }
                await new Promise((resolve) => setTimeout(resolve, 200))
              }
              await hanging.promise
            })(),
          },
        }),
      },
    )
    over.catch(() => undefined)
    await vi.advanceTimersByTimeAsync(890)
    const state = vi.fn()
    over.catch(state)
    await vi.advanceTimersByTimeAsync(1)
    expect(state).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(20)
    expect(state).toHaveBeenCalled()
    await expect(over).rejects.toMatchObject({ code: 'model-timeout', repeat: 'elsewhere', mayHaveRun: true })
  })

  it('pass a target over that has failed in a row, and come back to it once a call finds it well', async () => {
    verifies('faults.breaker')
    const breakers = new TargetBreakers({ failures: 2, openMilliseconds: 1_000 })
    const down = { a: [passing(), passing(), passing()], b: ['from b'] }
    const soon = async (at: Script['at']) => {
      const over = attempted({ at, breakers, options: { retries: 2 } })
      await vi.advanceTimersByTimeAsync(600)
      return names((await over).log)
    }
    // The second failure opens it, so that there is no third.
    expect(await soon(down)).toBe('aab')
    expect(await soon(down)).toBe('b')
    await vi.advanceTimersByTimeAsync(500)
    expect(await soon(down)).toBe('ab')
    expect(await soon({ a: ['well'], b: ['from b'] })).toBe('b')
    await vi.advanceTimersByTimeAsync(1_000)
    expect(await soon({ a: ['well'], b: ['from b'] })).toBe('a')
    expect(await soon({ a: ['well'], b: ['from b'] })).toBe('a')
  })

  it('ask the only target in any case, and the first where all have failed', async () => {
    const breakers = new TargetBreakers({ failures: 1, openMilliseconds: 3_600_000_000 })
    expect(names((await run({ at: {}, breakers })).log)).toBe('ab')
    const both = await run({ at: { a: ['well'] }, breakers })
    expect([names(both.log), both.passedOver]).toEqual(['a', ['a breaker', 'b breaker']])
    expect(names((await run({ at: { a: ['well'] }, breakers, only: true })).log)).toBe('a')
  })

  it('are held for before each further one, and not before the first', async () => {
    const { held } = await run({ at: { a: [passing(), passing(), passing()], b: ['b'] } })
    expect(held).toEqual(['a at 0', 'a?', 'a at 500', 'a?', 'a at 1500', 'b?', 'b at 1500'])
  })

  it('come to the next target where one more at the same costs more than is left', async () => {
    verifies('faults.held')
    const { log, answer, passedOver } = await run({ at: { a: [passing(), 'never'], b: ['b'] }, tooDear: ['a'] })
    expect([names(log), answer, passedOver]).toEqual(['ab', 'b: b', ['a quota']])
  })

  it('end with what is left, and of what it came, where none is affordable', async () => {
    verifies('faults.held')
    const { log, thrown } = await run({ at: { a: [passing(), 'never'], b: ['never'] }, tooDear: ['a', 'b'] })
    expect(names(log)).toBe('a')
    expect(thrown).toMatchObject({
      code: 'quota-exceeded',
      message: 'The model failed, and another attempt costs more than is left. Of 9 tokens, 2 are left.',
    })
  })

  it('do not pass a target over for what is wrong with requests', async () => {
    verifies('faults.breaker')
    const breakers = new TargetBreakers({ failures: 1, openMilliseconds: 3_600_000_000 })
    for (const why of [fault('model-refused', { repeat: 'elsewhere' }), fault('model-busy', { repeat: 'elsewhere' })]) {
      expect(names((await run({ at: { a: [why], b: ['b'] }, breakers })).log)).toBe('ab')
    }
    // Whatever form its refusal has.
    const strange = fault('model-unavailable', { repeat: 'never' })
    for (let count = 0; count < 3; count += 1) {
      expect(names((await run({ at: { a: [strange], b: ['b'] }, breakers })).log)).toBe('a')
    }
  })

  it('do not pass a target over for others for what one caller may have brought about', async () => {
    verifies('faults.breaker')
    const breakers = new TargetBreakers({ failures: 2, openMilliseconds: 3_600_000_000 })
    const theirs = fault('model-overloaded', { repeat: 'elsewhere', mayBeCallers: true })
    for (const [caller, expected] of ['ab', 'ab', 'b', 'b'].entries()) {
      expect([caller, names((await run({ at: { a: [theirs], b: ['b'] }, breakers })).log)]).toEqual([caller, expected])
    }
    expect(breakers.of(targetAt('a')).wait('somebody else')).toBe(0)
  })

  it.each<[string, Script['at']]>([
    ['is refused for what is wrong with it', { a: [fault('model-refused', { repeat: 'never' })] }],
    ['finds no free connection', { a: [fault('model-busy', { repeat: 'elsewhere' })], b: ['b'] }],
    ['ends with what is no fault of the upstream', { a: [new ServiceError('cancelled', 'gone')] }],
  ])('let another call find out whether a target is back where the one that was to %s', async (_what, at) => {
    verifies('faults.breaker')
    const breakers = new TargetBreakers({ failures: 1, openMilliseconds: 1_000 })
    const soon = async (script: Script['at']) => {
      const over = attempted({ at: script, breakers, options: { retries: 0 } })
      await vi.advanceTimersByTimeAsync(1)
      return names((await over).log)
    }
    expect(await soon({ a: [passing()], b: ['b'] })).toBe('ab')
    await vi.advanceTimersByTimeAsync(1_000)
    expect((await soon(at)).startsWith('a')).toBe(true)
    expect(await soon({ a: ['well'], b: ['b'] })).toBe('a')
    expect(await soon({ a: ['well'], b: ['b'] })).toBe('a')
  })

  it('hold no more of what brings nothing than two of the largest events', async () => {
    verifies('faults.pings')
    const nothing = 'x'.repeat(4_194_304)
    const flood = Array.from({ length: 9 }, () => nothing)
    for (const recovery of ['stream', 'hold']) {
      const { log, answer } = await run({ at: { a: [flood], b: ['from b'] }, options: { recovery, retries: 0 } })
      expect([names(log), answer]).toEqual(['ab', 'b: from b'])
    }
    const announced = await run({ at: { a: [[nothing, '*text']] } })
    expect([names(announced.log), announced.answer.length]).toEqual(['a', 'a: text'.length + nothing.length])
  })

  it('count an answer that breaks off in the middle as a failure', async () => {
    const breakers = new TargetBreakers({ failures: 1, openMilliseconds: 3_600_000_000 })
    expect((await run({ at: { a: [['*text', passing()]] }, breakers })).answer).toBe('a: text!')
    expect(names((await run({ at: { a: ['well'], b: ['b'] }, breakers })).log)).toBe('b')
  })
})
