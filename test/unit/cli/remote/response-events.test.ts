import { describe, expect, it } from 'vitest'
import { eventData, ResponseReader } from '../../../../src/cli/remote/response-events.ts'
import { verifies } from '../../../support/verifies.ts'

const read = (...events: readonly object[]) => {
  const reader = new ResponseReader(() => 5)
  return { reader, events: events.flatMap((event) => reader.take(JSON.stringify(event))) }
}

async function* bytes(...pieces: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) yield Buffer.from(piece, 'latin1')
}

describe('a response that a service streams', () => {
  it('is read as the run that it is: its statement, what came of it, the words and the end', () => {
    const { reader, events } = read(
      { type: 'response.created', response: { id: 'resp_1' } },
      { type: 'response.output_item.added', item: { id: 'mcp_1', type: 'mcp_call', name: 'run_sql' } },
      { type: 'response.mcp_call_arguments.done', item_id: 'mcp_1', arguments: '{"statement":"SELECT 1"}' },
      { type: 'response.output_item.done', item: { id: 'mcp_1', type: 'mcp_call', status: 'failed', error: 'No.' } },
      { type: 'response.output_text.delta', delta: 'Done.' },
      {
        type: 'response.output_text.annotation.added',
        annotation: { container_id: 'cntr_1', file_id: 'cfile_1', filename: 'a.csv' },
      },
      {
        type: 'response.failed',
        response: {
          id: 'resp_1',
          usage: { input_tokens: 3, output_tokens: 2, total_tokens: 5 },
          sallyport: {
            ending: 'failed',
            steps: 2,
            code: 'approval-required',
            approval: { id: 'apr-1', expires_at: '2026-03-02T10:00:00.000Z' },
          },
        },
      },
    )
    expect(reader.run).toBe('run_1')
    expect(reader.files).toEqual([{ container: 'cntr_1', id: 'cfile_1', name: 'a.csv' }])
    expect(events).toEqual([
      { type: 'tool-call', callId: 'mcp_1', tool: 'run_sql', source: { language: 'sql', text: 'SELECT 1' } },
      { type: 'tool-failure', callId: 'mcp_1', tool: 'run_sql', message: 'No.' },
      { type: 'text-delta', step: 1, text: 'Done.' },
      {
        type: 'end',
        ending: 'failed',
        message: null,
        code: 'approval-required',
        approval: { id: 'apr-1', expires: new Date('2026-03-02T10:00:00Z') },
        usage: { inputTokens: 3, outputTokens: 2 },
        steps: 2,
        milliseconds: 0,
      },
    ])
  })

  it('tells of the plan that it tells of, and not of one in another form', () => {
    verifies('terminal.plan')
    const done = (item: object) => ({
      type: 'response.output_item.done',
      item: { id: 'rs_1', type: 'reasoning', ...item },
    })
    const summary = [{ type: 'summary_text', text: '- ✔ Read - ○ them\n- ▸ Count\n- ○ \nby hand' }]
    expect(read(done({ summary }), done({ summary: [] }), done({})).events).toEqual([
      {
        type: 'plan',
        steps: [
          { text: 'Read - ○ them', status: 'completed' },
          { text: 'Count', status: 'in_progress' },
          { text: '', status: 'pending' },
        ],
      },
    ])
  })

  it('says nothing by events that are not known, and by items that never began', () => {
    const { events } = read(
      { type: 'response.new_thing', item: { id: 'x', type: 'y' } },
      { type: 'response.output_item.done', item: { id: 'ci_9', type: 'code_interpreter_call', status: 'completed' } },
      { type: 'response.output_text.annotation.added', annotation: { type: 'url_citation' } },
    )
    expect(events).toEqual([])
  })

  it.each(['<h1>', '[]', '{"type":1}', '{"type":"response.created","response":{}}'])('is not %s', (data) => {
    const thrown = { code: 'service-unavailable' }
    expect(() => new ResponseReader(() => 0).take(data)).toThrow(expect.objectContaining(thrown) as Error)
  })

  it('is taken apart at its lines, wherever it was cut', async () => {
    const data: string[] = []
    const pieces = [
      'event: a\r\nda',
      'ta: {"a":"\xc3',
      '\xa9"}\r\n\r\n: hb\n\ndata:1\n',
      'data: [DONE]\n\n',
      'data: unfinished',
    ]
    for await (const each of eventData(bytes(...pieces))) data.push(each)
    expect(data).toEqual(['{"a":"é"}', '1'])
  })
})
