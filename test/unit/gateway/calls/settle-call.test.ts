import { describe, expect, it } from 'vitest'
import type { CallUsage } from '../../../../src/core/model-call.ts'
import type { Amounts } from '../../../../src/core/quotas.ts'
import { CallMeter } from '../../../../src/gateway/calls/call-meter.ts'
import { apis } from '../../../../src/gateway/apis/apis.ts'
import { settleCall } from '../../../../src/gateway/calls/settle-call.ts'
import { verifies } from '../../../support/verifies.ts'
import { admittedCall } from '../../../support/received-call.ts'

const counted = { inputTokens: 700, outputTokens: 31 }
const gone = AbortSignal.abort()
const there = new AbortController().signal

interface Ended {
  readonly sent?: number | null
  readonly came?: number
  readonly usage?: CallUsage | null
  readonly signal?: AbortSignal
}

function charged({ sent = 80, came = 0, usage = null, signal = there }: Ended): readonly Amounts[] {
  const { call, uses } = admittedCall(sent)
  const meter = Object.assign(new CallMeter(), { bytes: came, usage, hasContent: came > 0 })
  settleCall([{ call, meter }], signal)
  return uses.map(withoutBytes)
}

const withoutBytes = ({ bytes: _bytes, ...others }: Amounts = {}): Amounts => others

// The grant of a call lets it spend 1,000 tokens; four bytes are about one.
describe('what a call is charged', () => {
  it.each<[string, Ended, readonly Amounts[]]>([
    [
      "is the provider's count, whatever came",
      { came: 40, usage: counted },
      [{ input_tokens: 700, output_tokens: 31 }],
    ],
    [
      "is the provider's count, also where nothing came",
      { usage: counted },
      [{ input_tokens: 700, output_tokens: 31 }],
    ],
    [
      "is the provider's count, also beyond the budget",
      { usage: { inputTokens: 900, outputTokens: 901 } },
      [{ input_tokens: 900, output_tokens: 901 }],
    ],
    [
      "is the provider's count, also for a caller who left",
      { came: 40, usage: counted, signal: gone },
      [{ input_tokens: 700, output_tokens: 31 }],
    ],
    [
      'is a count of nothing',
      { came: 40, usage: { inputTokens: 0, outputTokens: 0 } },
      [{ input_tokens: 0, output_tokens: 0 }],
    ],
    ['is what was sent and what came where there is no count', { came: 40 }, [{ input_tokens: 20, output_tokens: 10 }]],
    ['is rounded up', { came: 1 }, [{ input_tokens: 20, output_tokens: 1 }]],
    ['is what came where nothing was sent', { sent: null, came: 40 }, [{ input_tokens: 0, output_tokens: 10 }]],
    [
      'is what was sent where the caller left before anything came',
      { signal: gone },
      [{ input_tokens: 20, output_tokens: 0 }],
    ],
    [
      'is no more than the budget by an estimate',
      { sent: 80, came: 400_000 },
      [{ input_tokens: 20, output_tokens: 980 }],
    ],
    ['is nothing where the upstream failed', {}, [{}]],
  ])('%s', (_claim, ended, uses) => {
    expect(charged(ended)).toEqual(uses)
  })

  it.each<[string, Ended, number[]]>([
    ['those that were sent and came', { sent: 80, came: 40, usage: counted }, [120]],
    ['those that were sent, where its caller left', { sent: 80, signal: gone }, [80]],
    ['none, where the upstream failed', { sent: 80 }, []],
  ])('has as its bytes %s', (_claim, { sent = null, came = 0, usage = null, signal = there }, expected) => {
    verifies('quotas.bytes')
    const { call, uses } = admittedCall(sent)
    const meter = Object.assign(new CallMeter(), { bytes: came, usage, hasContent: came > 0 })
    settleCall([{ call, meter }], signal)
    expect(uses.flatMap(({ bytes }) => (bytes === undefined ? [] : [bytes]))).toEqual(expected)
  })

  const start = {
    type: 'message_start',
    message: { usage: { input_tokens: 700, cache_read_input_tokens: 0, output_tokens: 1 } },
  }

  it.each([
    ['with nothing after it', 0, 1],
    ['with four hundred bytes after it', 400, 101],
    ['with more after it than its budget', 400_000, 1_000],
  ])(
    'of a stream that was cut off behind the count it began with, %s, is what came as well',
    (_claim, came, output) => {
      verifies('quotas.cut-off')
      const { call, uses } = admittedCall(80)
      const meter = new CallMeter()
      meter.came(500)
      meter.count(apis.messages.usageOf(start))
      meter.came(came)
      settleCall([{ call, meter }], gone)
      expect(withoutBytes(uses.at(-1))).toEqual({ input_tokens: 700, output_tokens: output })
    },
  )

  it('of a stream whose last count came is that count, whatever came after it', () => {
    const { call, uses } = admittedCall(80)
    const meter = new CallMeter()
    meter.count(apis.messages.usageOf(start))
    meter.came(40_000)
    meter.count(apis.messages.usageOf({ type: 'message_delta', usage: { output_tokens: 9 } }))
    meter.came(40)
    settleCall([{ call, meter }], gone)
    expect(withoutBytes(uses.at(-1))).toEqual({ input_tokens: 700, output_tokens: 9 })
  })

  const queued = { id: 'resp_1', status: 'queued', usage: null }
  const held = { requests: 1, runs: 1, tokens: 900, input_tokens: 300, output_tokens: 600, money: 77 }

  it.each([
    [
      'that goes on at the provider is all that was held',
      true,
      there,
      { input_tokens: 300, output_tokens: 600, money: 77 },
    ],
    ['that goes on after its caller left as well', true, gone, { input_tokens: 300, output_tokens: 600, money: 77 }],
    ['that ends with its answer is what was sent and came', false, there, { input_tokens: 20, output_tokens: 10 }],
  ])('of a call without a count %s', (_claim, background, signal, expected) => {
    verifies('quotas.runs-on')
    const { call, uses } = admittedCall(80)
    const facts = apis.responses.factsOf({ model: 'm', input: 'Hi', background })
    const meter = new CallMeter()
    meter.came(40)
    meter.count(apis.responses.usageOf(queued))
    meter.hasContent = !background
    settleCall([{ call: { ...call, facts, reservation: { ...call.reservation, held } }, meter }], signal)
    expect(withoutBytes(uses.at(-1))).toEqual(expected)
  })

  it('of a call that goes on at the provider is its count where that came after all', () => {
    const { call, uses } = admittedCall(80)
    const facts = apis.responses.factsOf({ model: 'm', input: 'Hi', background: true })
    const meter = new CallMeter()
    meter.count(apis.responses.usageOf({ id: 'resp_1', usage: { input_tokens: 3, output_tokens: 4 } }))
    settleCall([{ call: { ...call, facts, reservation: { ...call.reservation, held } }, meter }], there)
    expect(withoutBytes(uses.at(-1))).toEqual({ input_tokens: 3, output_tokens: 4 })
  })

  it('is the sum of its attempts, each by the price of the model that it was sent to', () => {
    verifies('faults.cost')
    const { call, uses } = admittedCall(80)
    const attempt = (model: string, dear: number, more: Partial<CallMeter>) => {
      const price = { input: 1_000_000 * dear, output: 2_000_000 * dear, parts: {}, request: 0, tools: {} }
      const target = { ...call.target, model, price }
      return { call: { ...call, target }, meter: Object.assign(new CallMeter(), more) }
    }
    const refusedAtOnce = attempt('a', 1, {})
    const announcedOnly = attempt('b', 1, { bytes: 60 })
    const brokeOff = attempt('c', 3, { bytes: 40, hasContent: true })
    const answered = attempt('d', 10, { bytes: 90, hasContent: true, usage: { inputTokens: 30, outputTokens: 5 } })
    settleCall([refusedAtOnce, announcedOnly, brokeOff, answered], there)
    expect(uses).toEqual([
      { input_tokens: 20 + 30, output_tokens: 10 + 5, bytes: 80 + 40 + 80 + 90, money: 3 * (20 + 20) + 10 * (30 + 10) },
    ])
  })
})
