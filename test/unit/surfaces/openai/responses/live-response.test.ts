import { describe, expect, it } from 'vitest'
import { LiveResponse } from '../../../../../src/surfaces/openai/responses/live-response.ts'
import { ResponseEvents } from '../../../../../src/surfaces/openai/responses/response-events.ts'
import type { RunEnding } from '../../../../../src/sessions/run-parts.ts'
import { end } from '../../../../support/agent-events.ts'
import { verifies } from '../../../../support/verifies.ts'

const head = {
  id: 'resp_1',
  created: 0,
  model: 'analyst',
  instructions: null,
  metadata: {},
  background: false,
  maxOutputTokens: null,
  maxToolCalls: null,
  toolChoice: 'auto',
  store: false,
  previous: null,
  conversation: null,
} as const

describe('a response that is told while it runs', () => {
  it('tells a text that comes at once, however many pieces it is told in', async () => {
    const options = { head, run: 'run_1', requestId: 'r1', containerId: 'cntr_1', label: null, tableRows: 20 }
    const live = new LiveResponse(new ResponseEvents({ ...options, linkFor: () => null }))
    const text = 'eleven more '.repeat(200_000)
    live.tell({ type: 'text', text })
    live.end()
    const deltas: string[] = []
    for await (const { type, ...event } of live.from(0)) {
      if (type === 'response.output_text.delta') deltas.push(String(event['delta']))
    }
    expect(deltas.length).toBeGreaterThan(190_000)
    expect(text.startsWith(deltas.join(''))).toBe(true)
  })
})

describe('what a stream says beside its response', () => {
  it('has no number and changes none, from whichever number the stream is read', async () => {
    verifies('responses.approvals')
    const options = { head, run: 'run_1', requestId: 'r1', containerId: 'cntr_1', label: null, tableRows: 20 }
    const live = new LiveResponse(new ResponseEvents({ ...options, linkFor: () => null }))
    live.aside({ type: 'sallyport.approval_requested', approval: { id: 'apr-1' } })
    live.tell({ type: 'text', text: 'Done.' })
    live.tell({ type: 'end', end: end() as RunEnding })
    live.end()
    const numbersFrom = async (number: number) => {
      const numbers: unknown[] = []
      for await (const event of live.from(number)) numbers.push(event['sequence_number'])
      return numbers
    }
    const numbered = Array.from({ length: live.count }, (_, at) => at)
    expect(await numbersFrom(0)).toEqual([0, 1, undefined, ...numbered.slice(2)])
    expect(await numbersFrom(1)).toEqual([1, undefined, ...numbered.slice(2)])
    expect(await numbersFrom(3)).toEqual(numbered.slice(3))
    expect(await numbersFrom(live.count)).toEqual([])
  })
})
