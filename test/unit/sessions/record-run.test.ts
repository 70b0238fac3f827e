import { describe, expect, it } from 'vitest'
import type { AgentEvent } from '../../../src/core/events.ts'
import type { RunWriter } from '../../../src/core/conversations.ts'
import { ServiceError } from '../../../src/core/errors.ts'
import { conversationMessages } from '../../../src/sessions/conversation-messages.ts'
import { recordRun } from '../../../src/sessions/record-run.ts'
import { keptHistory } from '../../support/history/kept-history.ts'
import { openTemporaryStorage } from '../../support/storage/open-temporary.ts'
import { verifies } from '../../support/verifies.ts'

const text = (said: string): AgentEvent => ({ type: 'text-delta', step: 1, text: said })
const call: AgentEvent = {
  type: 'tool-call',
  callId: 'c1',
  tool: 'run_sql',
  source: { language: 'sql', text: 'SELECT 1' },
}
const result: AgentEvent = {
  type: 'tool-result',
  callId: 'c1',
  tool: 'run_sql',
  milliseconds: 3,
  cell: null,
  table: { columns: [{ name: 'n', type: 'integer' }], rows: [[1]], totalRows: 1 },
  ranIn: 'pglite',
  summary: '1 row in 3 ms',
}
const file: AgentEvent = { type: 'artifact', artifact: { name: 'a.csv', mediaType: 'text/csv', content: 'YSxi' } }
const end: AgentEvent = {
  type: 'end',
  ending: 'answer',
  message: null,
  usage: { inputTokens: 1, outputTokens: 2 },
  steps: 1,
  milliseconds: 5,
}

async function recording() {
  const { conversations: vault, files } = keptHistory(await openTemporaryStorage())
  const begun = await vault.begin('alice', {
    conversation: null,
    isExclusive: true,
    model: 'analyst',
    requestId: 'r1',
    details: {},
    items: [{ type: 'message', role: 'user', content: 'how many?' }],
  })
  const { id } = begun.run
  const kept = async () => (await vault.runItems('alice', id))?.map(({ item }) => item) ?? []
  const of = (events: AsyncIterable<AgentEvent>, writer: RunWriter = begun) =>
    recordRun(events, { writer: () => writer, keepFile: async () => 'file_x' })
  const state = async () => (await vault.showRun('alice', id))?.state
  return { vault, files, writer: begun, kept, of, state, id }
}

async function* from(events: readonly AgentEvent[]): AsyncGenerator<AgentEvent> {
  yield* events
}

describe('a run that is recorded', () => {
  it('has each finished step on the disk when its event is passed on', async () => {
    verifies('history.kept')
    const { kept, of, state, vault, id } = await recording()
    const counts: string[] = []
    const events = [text('Let me '), text('look.'), call, result, file, text('One.'), end]
    for await (const event of of(from(events))) counts.push(`${event.type} ${(await kept()).length} ${await state()}`)
    expect(counts).toEqual([
      'text-delta 1 running',
      'text-delta 1 running',
      'tool-call 2 running',
      'tool-result 3 running',
      'artifact 4 running',
      'text-delta 4 running',
      'end 5 completed',
    ])
    const items = await kept()
    expect(items[2]).toMatchObject({
      type: 'tool-use',
      tool: 'run_sql',
      source: { text: 'SELECT 1' },
      outcome: { kind: 'result', summary: '1 row in 3 ms', table: { rows: [[1]] } },
    })
    expect(items[3]).toEqual({ type: 'artifact', fileId: 'file_x', name: 'a.csv', mediaType: 'text/csv', bytes: 3 })
    expect((await vault.showRun('alice', id))?.end).toMatchObject({ ending: 'answer', steps: 1 })
    expect(conversationMessages((await vault.runItems('alice', id)) ?? [])).toEqual([
      { role: 'user', content: 'how many?' },
      { role: 'assistant', content: 'Let me look.\n\n[run_sql: 1 row in 3 ms]\n\n[made the file a.csv]\n\nOne.' },
    ])
  })

  it('is interrupted where its reader stops, and failed with its reason where it breaks off', async () => {
    const left = await recording()
    for await (const event of left.of(from([text('a'), call, result, end]))) if (event.type === 'tool-result') break
    expect(await left.state()).toBe('interrupted')
    expect(await left.kept()).toHaveLength(3)
    const broken = await recording()
    const breaking = async function* (): AsyncGenerator<AgentEvent> {
      yield text('half')
      throw new ServiceError('model-timeout', 'too slow')
    }
    const read = async (): Promise<void> => {
      for await (const _ of broken.of(breaking()));
    }
    await expect(read()).rejects.toMatchObject({ code: 'model-timeout' })
    expect(await broken.vault.showRun('alice', broken.id)).toMatchObject({
      state: 'failed',
      end: { code: 'model-timeout', message: 'too slow' },
    })
    expect(await broken.kept()).toHaveLength(2)
  })

  it('ends with a typed fault where the storage is full, and nothing is told that was not kept', async () => {
    verifies('history.full')
    const { writer, of } = await recording()
    const full: RunWriter = {
      run: writer.run,
      signal: writer.signal,
      add: () => Promise.reject(new ServiceError('storage-unavailable', 'no room')),
      end: () => Promise.reject(new ServiceError('storage-unavailable', 'no room')),
      [Symbol.asyncDispose]: async () => undefined,
    }
    const told: string[] = []
    const read = async (): Promise<void> => {
      for await (const event of of(from([text('a'), call, result, end]), full)) told.push(event.type)
    }
    await expect(read()).rejects.toMatchObject({ code: 'storage-unavailable' })
    expect(told).toEqual(['text-delta'])
  })
})
