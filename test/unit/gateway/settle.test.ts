import { describe, expect, it } from 'vitest'
import type { AgentEvent } from '../../../src/core/events.ts'
import type { Admitted } from '../../../src/core/request.ts'
import type { Amounts } from '../../../src/core/quotas.ts'
import { settle } from '../../../src/gateway/settle.ts'
import { collect, delta, end, received, replay, sqlCall, toolResult } from '../../support/agent-events.ts'
import { verifies } from '../../support/verifies.ts'

/** A request whose reservation writes down what it is charged; its two messages have 18 characters together. */
function charged(): { readonly request: Admitted; readonly uses: Amounts[]; readonly bytes: number[] } {
  const uses: Amounts[] = []
  const bytes: number[] = []
  const messages = [
    { role: 'user' as const, content: 'x'.repeat(10) },
    { role: 'assistant' as const, content: 'y'.repeat(8) },
  ]
  const reservation = {
    use: (used: Amounts) => void (used.bytes === undefined ? uses.push(used) : bytes.push(used.bytes)),
    [Symbol.asyncDispose]: async () => undefined,
  }
  return { request: { ...received({ messages }), reservation } as unknown as Admitted, uses, bytes }
}

const pythonCall: AgentEvent = { type: 'tool-call', callId: 'c2', tool: 'describe_data', source: null }

describe('what a run is charged', () => {
  it("is the provider's count, once, and every event passes as it is", async () => {
    const { request, uses } = charged()
    const events = [delta('x'.repeat(400)), end({ usage: { inputTokens: 700, outputTokens: 31 } })]
    expect(await collect(settle(request, replay(events)))).toEqual(events)
    expect(uses).toEqual([{ input_tokens: 700, output_tokens: 31 }])
  })

  it.each<[string, AgentEvent[], number]>([
    ['nothing came', [], 5],
    ['text came', [delta('z'.repeat(22))], 10],
    ['code came', [sqlCall('SELECT 1'), toolResult({ summary: 'z'.repeat(400) })], 7],
    ['a call without code came', [pythonCall], 5],
    ['a call without code came with a text', [delta('zz'), pythonCall], 5],
    ['one character more came', [delta('z'.repeat(23))], 11],
  ])(
    'is an estimate from all that was asked and answered, where a run ends without a count and %s',
    async (...given) => {
      const [, events, tokens] = given
      const { request, uses } = charged()
      await collect(settle(request, replay(events)))
      expect(uses).toEqual([{ tokens }])
    },
  )

  it('is an estimate where the caller leaves, and where the run fails', async () => {
    const left = charged()
    for await (const event of settle(left.request, replay([delta('z'.repeat(4)), delta('never read'), end()])))
      if (event.type === 'text-delta') break
    expect(left.uses).toEqual([{ tokens: 6 }])
    const failed = charged()
    async function* broken() {
      yield delta('z'.repeat(6))
      throw new Error('the provider hung up')
    }
    await expect(collect(settle(failed.request, broken()))).rejects.toThrow('the provider hung up')
    expect(failed.uses).toEqual([{ tokens: 6 }])
  })

  it('is the rows that it showed, as they come; the time of its programs the run says itself', async () => {
    const { request, uses } = charged()
    const table = { columns: [], rows: [[1], [2]], totalRows: 9 }
    const events = [
      toolResult({ tool: 'run_sql', milliseconds: 50, table }),
      toolResult({ tool: 'run_python', milliseconds: 70.2, table: null }),
      toolResult({ tool: 'run_javascript', milliseconds: 30, table }),
    ]
    await collect(settle(request, replay([...events, end()])))
    expect(uses.slice(0, 3)).toEqual([{ rows: 2 }, { rows: 2 }, { rows: 4 }])
  })

  it('has the bytes of what was asked and answered, also where it fails', async () => {
    verifies('quotas.bytes')
    const { request, bytes } = charged()
    async function* broken() {
      yield delta('äöü')
      throw new Error('the provider hung up')
    }
    await expect(collect(settle(request, broken()))).rejects.toThrow('the provider hung up')
    expect(bytes).toEqual([18 + 6])
  })
})
