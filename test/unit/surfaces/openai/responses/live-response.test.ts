import { describe, expect, it } from 'vitest'
import { LiveResponse } from '../../../../../src/surfaces/openai/responses/live-response.ts'
import { ResponseEvents } from '../../../../../src/surfaces/openai/responses/response-events.ts'

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
