import { describe, expect, it } from 'vitest'
import type { ConversationItem, KeptItem } from '../../../../src/core/conversations.ts'
import { judgeItems } from '../../../../src/service/shares/judge-items.ts'
import { cellResult } from '../../../support/sandbox/cell-result.ts'

const conversation = 'conv_1'
const kept = (item: ConversationItem, place: number, run: string | null = 'run_1'): KeptItem => ({
  id: `item_1_${place}`,
  conversation,
  place,
  run,
  made: new Date(0),
  item,
})
const question: ConversationItem = { type: 'message', role: 'user', content: 'How many?' }
const answer: ConversationItem = { type: 'message', role: 'assistant', content: 'Seven.' }
const plan: ConversationItem = { type: 'plan', steps: [{ text: 'Count.', status: 'completed' }] }
const table = { columns: [{ name: 'n', type: 'bigint' }], rows: [[7]], totalRows: 1 }

const call = (tool: string, own: object = {}, text = 'SELECT 1'): ConversationItem => ({
  type: 'tool-use',
  callId: 'c',
  tool,
  source: { language: tool === 'run_python' ? 'python' : 'sql', text },
  outcome: {
    kind: 'result',
    milliseconds: 1,
    cell: tool === 'run_python' ? cellResult({ stdout: { text: 'printed\n', truncated: false } }) : null,
    table: tool === 'run_sql' ? table : null,
    ranIn: 'pglite',
    summary: '1 row',
    ...own,
  },
  origins: ['row'],
})
const artifact = (name: string, mediaType: string): ConversationItem => ({
  type: 'artifact',
  fileId: 'file_1',
  name,
  mediaType,
  bytes: 3,
})

async function judged(items: readonly ConversationItem[], own: Partial<Parameters<typeof judgeItems>[1]> = {}) {
  const result = await judgeItems(
    items.map((item, place) => kept(item, place)),
    {
      sees: async () => true,
      judge: async ({ source }) =>
        source?.text.includes('secret') === true ? { kind: 'may-not', why: 'policy' } : { kind: 'may', masks: [] },
      textOf: async () => 'a,b',
      showsSql: true,
      ...own,
    },
  )
  return result.map(({ item }) => item)
}
const shape = async (...asked: Parameters<typeof judged>) =>
  (await judged(...asked)).map((item) => (item.type === 'left-out' ? item.why : item.type))

describe('what of a conversation an audience may have', () => {
  it('is all of it as long as nothing was read that they may not read', async () => {
    const items = [question, plan, call('describe_data'), call('run_sql'), call('run_python'), answer]
    expect(await shape(items)).toEqual(['message', 'plan', 'call', 'call', 'call', 'message'])
  })

  it('is what people wrote, and nothing else, behind what they may not read', async () => {
    const items = [question, call('run_sql', {}, 'secret'), plan, call('run_python'), artifact('a.csv', 'text/csv')]
    const behind = [call('run_sql'), answer, question, answer]
    expect(await shape([...items, ...behind])).toEqual([
      'message',
      'policy',
      'made-of-it',
      'made-of-it',
      'made-of-it',
      'made-of-it',
      'made-of-it',
      'message',
      'made-of-it',
    ])
  })

  it('counts a failure as a result, and a refusal as nothing: only what ran can have said something', async () => {
    const failed = call('run_sql', {}, 'secret')
    const outcome = { kind: 'failure', message: 'invalid value: 7' } as const
    expect(await shape([Object.assign({}, failed, { outcome }), answer])).toEqual(['policy', 'made-of-it'])
    const refused = { kind: 'refusal', message: 'No.', findings: [] } as never
    expect(await shape([Object.assign({}, failed, { outcome: refused }), answer])).toEqual(['call', 'message'])
  })

  it('has nothing of a program whose rows no statement of the conversation has read', async () => {
    expect(await shape([call('run_python'), answer])).toEqual(['unknown', 'made-of-it'])
    expect(await shape([call('run_sql'), call('run_python'), answer])).toEqual(['call', 'call', 'message'])
  })

  it('has no description of a source that they see nothing of', async () => {
    expect(await shape([call('describe_data'), answer], { sees: async () => false })).toEqual(['policy', 'made-of-it'])
  })

  it('has what its owner has put there, which no model wrote', async () => {
    const own = [kept(call('run_sql', {}, 'secret'), 0), kept(answer, 1, null)]
    const result = await judgeItems(own, {
      sees: async () => true,
      judge: async () => ({ kind: 'may-not', why: 'policy' }),
      textOf: async () => '',
      showsSql: true,
    })
    expect(result.map(({ item }) => item.type)).toEqual(['left-out', 'message'])
  })

  it('names files that are not in it, and pictures among them', async () => {
    const items = [artifact('a.png', 'image/png'), artifact('a.csv', 'text/csv'), artifact('a.svg', 'image/svg+xml')]
    expect(await judged(items, { textOf: async () => ({ why: 'unread' }) })).toMatchObject([
      { what: 'picture', name: 'a.png', why: 'picture' },
      { what: 'file', name: 'a.csv', why: 'unread' },
      { what: 'file', name: 'a.svg', why: 'unread' },
    ])
  })

  it('has no statement where they may see none', async () => {
    const [first, second] = await judged([call('run_sql'), call('run_python')], { showsSql: false })
    expect(first).toMatchObject({ type: 'call', source: null, tables: [{ rows: [[7]] }] })
    expect(second).toMatchObject({ type: 'call', source: { language: 'python' }, output: 'printed\n' })
  })

  it('has charts as data, those of files among them, and none that could load something', async () => {
    const bars = {
      type: 'bar',
      title: 'Orders',
      x_label: 'month',
      y_label: 'orders',
      elements: [{ label: 'May', value: 7, group: '' }],
    }
    const cell = cellResult({ results: [{ isMain: true, text: '<Figure>', chart: bars }] })
    const [shown] = await judged([call('run_sql'), call('run_python', { cell })].slice(1), {
      judge: async () => ({ kind: 'may', masks: [] }),
    })
    expect(shown).toMatchObject({ why: 'unknown' })
    const [, drawn] = await judged([call('run_sql'), call('run_python', { cell })])
    expect(drawn).toMatchObject({ output: null, charts: [{ title: 'Orders', rows: [expect.arrayContaining([7])] }] })
    const written = (data: object) =>
      JSON.stringify({ mark: 'bar', data, encoding: { x: { field: 'a', type: 'nominal' } } })
    const file = artifact('orders.vl.json', 'application/json')
    const ofFile = (data: object) => judged([file], { textOf: async () => written(data) })
    expect(await ofFile({ values: [{ a: 'x' }] })).toMatchObject([{ type: 'chart', chart: { rows: [['x']] } }])
    expect(await ofFile({ url: 'https://a.example/b.csv' })).toMatchObject([{ type: 'file' }])
  })
})
