import type { AgentEvent } from '../../src/core/events.ts'
import type { Received } from '../../src/core/request.ts'
import { Secret } from '../../src/core/secret.ts'

export function received(extra: Partial<Received> = {}): Received {
  return {
    requestId: 'r1',
    channel: 'http',
    credential: new Secret('sp-test'),
    model: 'analyst',
    messages: [{ role: 'user', content: 'What was the revenue?' }],
    dataSource: null,
    sessionId: null,
    ...extra,
  }
}

export const delta = (text: string, step = 1): AgentEvent => ({ type: 'text-delta', step, text })

export const sqlCall = (text: string): AgentEvent => ({
  type: 'tool-call',
  callId: 'c1',
  tool: 'run_sql',
  source: { language: 'sql', text },
})

export function toolResult(extra: Partial<Extract<AgentEvent, { type: 'tool-result' }>> = {}): AgentEvent {
  return {
    type: 'tool-result',
    callId: 'c1',
    tool: 'run_sql',
    milliseconds: 5,
    cell: null,
    table: null,
    ranIn: 'pglite',
    summary: '1 row',
    ...extra,
  }
}

export function end(extra: Partial<Extract<AgentEvent, { type: 'end' }>> = {}): AgentEvent {
  return {
    type: 'end',
    ending: 'answer',
    message: null,
    usage: { inputTokens: 10, outputTokens: 5 },
    steps: 1,
    milliseconds: 10,
    ...extra,
  }
}

export async function* replay(events: readonly AgentEvent[]): AsyncGenerator<AgentEvent> {
  for (const event of events) {
    await Promise.resolve()
    yield event
  }
}

export async function collect(events: AsyncIterable<AgentEvent>): Promise<AgentEvent[]> {
  const all: AgentEvent[] = []
  for await (const event of events) all.push(event)
  return all
}

/** The text a caller reads. */
export function textOf(events: readonly AgentEvent[]): string {
  return events.map((event) => (event.type === 'text-delta' ? event.text : '')).join('')
}
