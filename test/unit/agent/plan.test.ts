import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { runAgent, type AgentSettings } from '../../../src/agent/run.ts'
import type { AgentEvent } from '../../../src/core/events.ts'
import { bindTool } from '../../../src/tools/bound-tool.ts'
import { createFence } from '../../../src/text/untrusted.ts'
import { collect } from '../../support/agent-events.ts'
import { createFakeModel, type FakeTurn } from '../../support/fake-model.ts'
import { verifies } from '../../support/verifies.ts'

const runSql = bindTool({
  name: 'run_sql',
  description: 'run_sql',
  input: z.strictObject({ code: z.string() }),
  independent: true,
  source: ({ code }) => ({ language: 'sql', text: code }),
  execute: async ({ code }) => ({
    kind: 'result',
    forModel: `ran ${code}`,
    summary: 'done',
    ranIn: 'test',
    cell: null,
    table: null,
    artifacts: [],
  }),
})

async function run(turns: readonly FakeTurn[], changes: Partial<AgentSettings> = {}) {
  const model = createFakeModel(turns)
  const settings = {
    model,
    tools: [runSql],
    fence: createFence(() => 'b0undary'),
    dataSource: 'shop',
    files: [],
    revealSql: 'never',
    budget: { maximumSteps: 6, maximumTokens: 10_000, wallMilliseconds: 60_000, maximumCorrections: 0 },
    conversation: [{ role: 'user', content: 'Compare the years.' }],
    maximumOutputTokens: 1000,
    maximumResultCharacters: 2000,
    ...changes,
  } as const
  const events = await collect(runAgent(settings, new AbortController().signal))
  return { model, events, end: events.at(-1) }
}

const sql = (code: string) => ({ name: 'run_sql', arguments: { code } })
const plan = (...steps: readonly (readonly [text: string, status: string])[]) => ({
  name: 'update_plan',
  arguments: { steps: steps.map(([text, status]) => ({ text, status })) },
})
const typesOf = (events: readonly AgentEvent[]) => events.map(({ type }) => type)
const plansOf = (events: readonly AgentEvent[]) =>
  events.flatMap((event) => (event.type === 'plan' ? [event.steps] : []))

const begun = plan(['Read the orders', 'in_progress'], ['Compare them', 'pending'])
const done = plan(['Read the orders', 'completed'], ['Compare them', 'in_progress'])

describe('the plan of a run', () => {
  it('is told whenever it has changed, before any call of its turn begins', async () => {
    verifies('agent.plan')
    const turns = [
      { calls: [sql('1'), begun, sql('2')] },
      { calls: [begun, sql('3')] },
      { calls: [done] },
      { text: 'A.' },
    ]
    const { events, end } = await run(turns)
    expect(typesOf(events.slice(0, 7))).toEqual([
      'step-start',
      'plan',
      'tool-call',
      'tool-call',
      'tool-result',
      'tool-result',
      'step-start',
    ])
    expect(plansOf(events)).toEqual([
      [
        { text: 'Read the orders', status: 'in_progress' },
        { text: 'Compare them', status: 'pending' },
      ],
      [
        { text: 'Read the orders', status: 'completed' },
        { text: 'Compare them', status: 'in_progress' },
      ],
    ])
    expect(end).toMatchObject({ ending: 'answer', steps: 4 })
  })

  it('comes back to the model as what it has said itself, with an outcome of every call in its place', async () => {
    verifies('agent.plan-own-words')
    const { model } = await run([{ calls: [sql('1'), begun] }, { text: 'A.' }])
    const messages = model.requests[1]?.messages ?? []
    expect(messages.filter(({ role }) => role === 'user')).toEqual([{ role: 'user', content: 'Compare the years.' }])
    expect(messages.filter(({ content }) => content.includes('Read the orders'))).toEqual([])
    expect(messages.slice(-2)).toMatchObject([
      { role: 'tool', callId: 'call_1_1', content: expect.stringContaining('ran 1') as string },
      { role: 'tool', callId: 'call_1_2', content: 'The plan is shown.' },
    ])
  })

  it('is a line for each step, whatever the model puts into it', async () => {
    const { events } = await run([
      { calls: [plan(['  Read\n\n# the\u2028\u0085orders\t', 'pending'])] },
      { text: 'A.' },
    ])
    expect(plansOf(events)).toEqual([[{ text: 'Read # the orders', status: 'pending' }]])
  })

  it('may be as long as it may be', async () => {
    const steps = Array.from({ length: 12 }, () => ['x'.repeat(200), 'pending'] as const)
    expect(plansOf((await run([{ calls: [plan(...steps)] }, { text: 'A.' }])).events)[0]).toHaveLength(12)
  })

  it.each([
    ['no step', plan(), 'steps'],
    ['13 steps', plan(...Array.from({ length: 13 }, () => ['x', 'pending'] as const)), 'steps'],
    ['a step of 201 characters', plan(['x'.repeat(201), 'pending']), 'text'],
    ['a step without a word', plan([' \n ', 'pending']), 'text'],
    ['a status that there is none of', plan(['x', 'done']), 'status'],
    [
      'a member too many',
      { name: 'update_plan', arguments: { steps: [{ text: 'x', status: 'pending', by: 'user' }] } },
      'by',
    ],
    ['what is not JSON', { name: 'update_plan', arguments: '{"steps":' }, 'not JSON'],
  ])('of %s is refused, which the model is told and which costs no answer', async (_what, call, said) => {
    verifies('agent.plan-bounds')
    const { events, model, end } = await run([{ calls: [call] }, { calls: [call] }, { text: 'A.' }])
    expect(plansOf(events)).toEqual([])
    expect(events.filter(({ type }) => type === 'tool-refusal')).toMatchObject([
      { tool: 'update_plan', findings: [{ rule: 'agent/malformed-arguments' }] },
      { tool: 'update_plan' },
    ])
    expect(model.requests[1]?.messages.at(-1)?.content).toContain(said)
    expect(end).toMatchObject({ ending: 'answer' })
  })

  it('is none of the calls that a run may make, and none without tools', async () => {
    const caps = { toolCalls: 1 }
    const { events, end } = await run([{ calls: [begun, sql('1')] }, { calls: [done] }, { text: 'A.' }], { caps })
    expect(plansOf(events)).toHaveLength(2)
    expect(typesOf(events)).toContain('tool-result')
    expect(end).toMatchObject({ ending: 'answer' })
    for (const changes of [{ tools: [] }, { caps: { toolCalls: 0 } }]) {
      const { model } = await run([{ text: 'A.' }], changes)
      expect(model.requests[0]?.tools).toEqual([])
    }
    const none = await run([{ calls: [begun] }, { text: 'A.' }], { tools: [] })
    expect(none.events).toContainEqual(expect.objectContaining({ type: 'tool-refusal', tool: 'update_plan' }))
  })
})
