import { describe, expect, it } from 'vitest'
import type { ConversationItem, Run, ToolOutcome } from '../../../src/core/conversations.ts'
import type { HeldCall } from '../../../src/core/held-call.ts'
import { explainRun } from '../../../src/sessions/explain-run.ts'

const made = new Date('2026-03-02T08:00:00Z')
const held: HeldCall = {
  call: 2,
  tool: 'run_sql',
  outcome: 'asked',
  mode: 'enforce',
  rules: ['provenance/table-outside-plan'],
  reason: 'It reads public.staff.',
  reads: [{ id: 'req/read-1', call: 1, tool: 'run_sql', origin: 'row' }],
  became: 'ran',
}
const use = (outcome: ToolOutcome, tool = 'run_sql'): ConversationItem => ({
  type: 'tool-use',
  callId: 'c',
  tool,
  source: null,
  outcome,
})
const ran: ToolOutcome = { kind: 'result', milliseconds: 1, cell: null, table: null, ranIn: 'here', summary: 'done' }
const refused = (message: string): ToolOutcome => ({
  kind: 'refusal',
  findings: [{ rule: 'sql/no-writes', line: 1, column: 1, message }],
  message: 'Refused.',
})

function explained(items: readonly ConversationItem[], calls: readonly HeldCall[] | null) {
  const ended = {
    ending: 'answer',
    message: null,
    usage: { inputTokens: 0, outputTokens: 0 },
    steps: 1,
    milliseconds: 1,
  }
  const run = {
    id: 'run_1',
    conversation: 'conv_1',
    state: calls === null ? 'running' : 'completed',
    end: calls === null ? null : { ...ended, held: calls, lineage: [] },
  } as unknown as Run
  const kept = items.map((item, place) => ({
    id: `item_${place}`,
    conversation: 'conv_1',
    place,
    run: 'run_1',
    made,
    item,
  }))
  return explainRun(run, kept)
}

describe('the explanation of a run', () => {
  it.each<[string, Partial<HeldCall>, string]>([
    ['ran', {}, 'run_sql: it reads public.staff; a person allowed it, and it ran.'],
    ['was refused', { became: 'refused' }, 'run_sql: it reads public.staff; it was refused, and did not run.'],
    [
      'waits',
      { became: 'undecided' },
      'run_sql: it reads public.staff; nobody has allowed it as it was, and it did not run.',
    ],
    [
      'is only watched',
      { mode: 'shadow' },
      'run_sql: it reads public.staff; nobody was asked, since provenance only watches here, and it ran.',
    ],
  ])('says in one sentence of a call that it %s', (_what, changes, sentence) => {
    const { calls } = explained([use(ran), use(ran)], [{ ...held, ...changes }])
    expect(calls).toMatchObject([{ call: 2, sentence, ran: (changes.became ?? 'ran') === 'ran', reads: held.reads }])
  })

  it('has what gates refused and files that were put back, in the order of the run, and each once', () => {
    const items = [
      use(refused('Only reads\nmay run.')),
      use(refused('held'), 'run_sql'),
      use({ ...ran, putBack: 2 }, 'run_python'),
      use(ran),
    ]
    const { calls } = explained(items, [{ ...held, outcome: 'refused', became: 'refused' }])
    expect(calls.map(({ call, outcome, ran: did }) => [call, outcome, did])).toEqual([
      [1, 'refused', false],
      [2, 'refused', false],
      [3, 'put-back', true],
    ])
    expect(calls[0]).toMatchObject({
      rules: ['sql/no-writes'],
      sentence: 'run_sql: Only reads may run; it was refused, and did not run.',
    })
    expect(calls[2]?.sentence).toContain('changed 2 files of the person')
  })

  it('bounds the words of a gate', () => {
    const [call] = explained([use(refused('x'.repeat(5_000)))], []).calls
    expect(call?.sentence.length).toBeLessThan(400)
  })

  it('has no graph as long as the run has not ended', () => {
    expect(explained([], null)).toEqual({
      run: 'run_1',
      conversation: 'conv_1',
      state: 'running',
      calls: [],
      lineage: null,
    })
    expect(explained([], []).lineage).toEqual([])
  })
})
