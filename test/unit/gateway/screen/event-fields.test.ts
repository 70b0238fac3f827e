import { describe, expect, it } from 'vitest'
import type { AgentEvent } from '../../../../src/core/events.ts'
import { profileSchema } from '../../../../src/filters/profile.ts'
import { screenEvents } from '../../../../src/gateway/screen/events.ts'
import type { Screener } from '../../../../src/gateway/screen/screener.ts'
import { collect, delta, end, replay, sqlCall, textOf, toolResult } from '../../../support/agent-events.ts'
import { limits, never, testScreener } from '../../../support/filters/filter-fixtures.ts'
import { cellResult } from '../../../support/sandbox/cell-result.ts'
import { verifies } from '../../../support/verifies.ts'

const email = 'anna.berg@example.com'
const columns = [{ name: 'note', type: 'text' }]

interface Setup {
  readonly screener?: Screener
  readonly previewSql?: boolean
  readonly onSql?: (statement: string) => void
}

function screen(events: readonly AgentEvent[], setup: Setup = {}): Promise<AgentEvent[]> {
  const { screener = testScreener(), previewSql = true, onSql = () => undefined } = setup
  return collect(screenEvents(replay(events), { screener, onSql, previewSql, passesUnread: false }, never))
}

describe('each event', () => {
  it('comes out as it went in, with what the profile hides replaced where it stands', async () => {
    const refusal = (message: string, ...findings: string[]): AgentEvent => ({
      type: 'tool-refusal',
      callId: 'c1',
      tool: 'run_sql',
      message,
      findings: findings.map((text, index) => ({ rule: 'a/b', line: index + 1, column: 3, message: text })),
    })
    const failure = (message: string): AgentEvent => ({ type: 'tool-failure', callId: 'c2', tool: 'run_sql', message })
    const out = await screen([
      { type: 'step-start', step: 4 },
      { type: 'tool-call', callId: 'c1', tool: `run ${email}`, source: null },
      refusal(`m ${email}`, 'first', `second ${email}`, 'third'),
      refusal('nothing to say'),
      failure(`f ${email}`),
      toolResult({ summary: `s ${email}` }),
      end({ message: null }),
    ])
    const said = [{ rule: 'filter/pii-email', line: 1, column: 5, message: '4 values were replaced by [email].' }]
    expect(out).toEqual([
      { type: 'step-start', step: 4 },
      { type: 'tool-call', callId: 'c1', tool: 'run [email]', source: null },
      refusal('m [email]', 'first', 'second [email]', 'third'),
      refusal('nothing to say'),
      failure('f [email]'),
      {
        ...toolResult({ summary: 's [email]' }),
        findings: [{ rule: 'filter/pii-email', line: 1, column: 3, message: '1 value was replaced by [email].' }],
      },
      { ...end({ message: null }), findings: said },
    ])
  })

  it('names its call as the model did, without what the profile hides, the same in all events of the call', async () => {
    const call = { callId: `call_1 for ${email}`, tool: `mail ${email}` }
    const out = await screen([
      { type: 'tool-call', ...call, source: null },
      { type: 'tool-refusal', ...call, findings: [], message: 'no' },
      { type: 'tool-failure', ...call, message: 'no' },
      toolResult({ callId: call.callId }),
      end(),
    ])
    const named = { callId: 'call_1 for [email]', tool: 'mail [email]' }
    expect(out).toMatchObject([named, named, named, { callId: named.callId, findings: [] }, { type: 'end' }])
    expect(out.at(-1)).toMatchObject({ findings: [{ message: '7 values were replaced by [email].' }] })
  })

  it.each([
    'call_Zk3vQ9xT7bLm2Rw8Yc5Nd1Hf',
    'toolu_01A09q90qw90lq917835lq9',
    'D681PevKs',
    'chatcmpl-tool-0b5f9b0e54f04e3c',
  ])('keeps the ids that providers give: %s', async (callId) => {
    const [call] = await screen([{ type: 'tool-call', callId, tool: 'run_sql', source: null }, end()])
    expect(call).toMatchObject({ callId })
  })

  it('that ends with words for people has them screened', async () => {
    const [ended] = await screen([end({ ending: 'failed', code: 'internal', message: `for ${email}` })])
    expect(ended).toMatchObject({ ending: 'failed', code: 'internal', message: 'for [email]' })
  })
})

describe('a plan', () => {
  const planOf = (...texts: readonly string[]): AgentEvent => ({
    type: 'plan',
    steps: texts.map((text) => ({ text, status: 'pending' })),
  })

  it('comes out in its place, with what the profile hides replaced step by step', async () => {
    verifies('agent.plan-screened')
    const out = await screen([delta('First'), planOf(`Write to ${email}`, 'Count'), end()])
    expect(out.slice(0, 2)).toEqual([delta('First'), planOf('Write to [email]', 'Count')])
    expect(out.at(-1)).toMatchObject({ findings: [{ rule: 'filter/pii-email' }] })
  })

  it('is read as one text: what is split over its steps is seen, and then none of it leaves', async () => {
    verifies('agent.plan-screened')
    const [out] = await screen([planOf('Charge 4111 1111', '1111 1111 and go'), end()])
    expect(JSON.stringify(out)).not.toContain('1111')
  })

  it('shows no statement to a group that may not see any', async () => {
    const statement = 'SELECT country, count(*) FROM customers WHERE city = $1 GROUP BY country ORDER BY 2'
    const executed: string[] = []
    const setup = { screener: testScreener({ hiddenSql: executed }), previewSql: false }
    const events = [sqlCall(statement), planOf(`Run ${statement}`, 'Say it'), end()]
    const out = await screen(events, { ...setup, onSql: (each) => executed.push(each) })
    expect(JSON.stringify(out)).not.toContain('customers')
  })

  it('is part of what a turn may say: one that goes beyond it is not shown, and that is said', async () => {
    verifies('agent.plan-screened')
    const screener = testScreener({ limits: { ...limits, maximumTurnCharacters: 20 } })
    const start = (step: number): AgentEvent => ({ type: 'step-start', step })
    const events = [start(1), planOf('Read', 'Count'), planOf('Read', 'Count them'), start(2), planOf('Say it'), end()]
    const out = await screen(events, { screener })
    expect(out.filter(({ type }) => type === 'plan')).toEqual([planOf('Read', 'Count'), planOf('Say it')])
    expect(out.at(-1)).toMatchObject({ findings: [{ rule: 'filter/turn-cut' }] })
  })

  it('that holds what the profile blocks ends the run, as words do', async () => {
    const profile = profileSchema.parse({ outbound: { 'pii/email': { action: 'block' } } })
    const setup = { screener: testScreener({ profile }) }
    await expect(screen([planOf(`Write to ${email}`), end()], setup)).rejects.toMatchObject({ code: 'refused' })
    await expect(screen([delta(`Write to ${email}`), end()], setup)).rejects.toMatchObject({ code: 'refused' })
  })
})

describe('the preview of code', () => {
  it('shows SQL without the data in it, where the group may see SQL', async () => {
    const [shown] = await screen([sqlCall(`SELECT total FROM orders WHERE mail = '${email}'`), end()])
    expect(shown).toMatchObject({
      source: { language: 'sql', text: "SELECT total FROM orders WHERE mail = '[email]'" },
    })
  })

  it.each(['python', 'javascript'] as const)('shows %s to every group, and counts no statement', async (language) => {
    const statements: string[] = []
    const call: AgentEvent = {
      type: 'tool-call',
      callId: 'c1',
      tool: 'run',
      source: { language, text: `x = "${email}"` },
    }
    const [shown] = await screen([call, end()], { previewSql: false, onSql: (each) => statements.push(each) })
    expect(shown).toMatchObject({ source: { language, text: 'x = "[email]"' } })
    expect(statements).toEqual([])
  })

  it('hides in other code, too, the SQL of a group that may not see any', async () => {
    const statement = 'SELECT country, count(*) FROM customers WHERE city = $1 GROUP BY country ORDER BY 2'
    const text = `total = 12\n# ${statement}\nprint(total)`
    const events: AgentEvent[] = [
      sqlCall(statement),
      { type: 'tool-call', callId: 'c2', tool: 'run_python', source: { language: 'python', text } },
      end(),
    ]
    const preview = async (previewSql: boolean) => {
      const executed: string[] = []
      const setup = { screener: testScreener({ hiddenSql: executed }), previewSql }
      const out = await screen(events, { ...setup, onSql: (each) => executed.push(each) })
      return out.flatMap((event) => (event.type === 'tool-call' ? [event.source?.text ?? null] : []))
    }
    expect(await preview(true)).toEqual([statement, text])
    const [sql, python] = await preview(false)
    expect(sql).toBeNull()
    expect(python).toMatch(/^total = 12\n# \[SQL withheld\]/)
    expect(python).not.toContain('customers')
  })

  it('makes a statement known before the text that announces it leaves, though it is not shown', async () => {
    const statements: string[] = []
    const seen: number[] = []
    const options = {
      screener: testScreener(),
      onSql: (each: string) => void statements.push(each),
      previewSql: false,
      passesUnread: false,
    }
    for await (const event of screenEvents(replay([delta('I run it.'), sqlCall('SELECT 1'), end()]), options, never))
      if (event.type === 'text-delta') seen.push(statements.length)
    expect(seen).toEqual([1])
  })
})

describe('what was replaced or cut in a result', () => {
  const capped = () => testScreener({ limits: { ...limits, maximumResultCharacters: 60 } })

  it('is said of a cut table once, beside what was replaced', async () => {
    const table = { columns, rows: [[email], ['x'.repeat(60)], ['y']], totalRows: 3 }
    const [result] = await screen([toolResult({ summary: 'ok', table }), end()], { screener: capped() })
    expect(result).toMatchObject({
      table: { rows: [['[email]']], totalRows: 3 },
      findings: [{ rule: 'filter/pii-email' }, { rule: 'filter/result-cut' }],
    })
  })

  it('is said of a cut cell once, as its own finding and that of the result', async () => {
    const stdout = { text: `${email} ${'x'.repeat(80)}`, truncated: false }
    const [result] = await screen([toolResult({ summary: '', cell: cellResult({ stdout }) }), end()], {
      screener: capped(),
    })
    const said = [{ rule: 'filter/pii-email' }, { rule: 'filter/result-cut' }]
    expect(result).toMatchObject({ findings: said, cell: { findings: said } })
  })

  it('is nothing where it fits', async () => {
    const [result] = await screen([toolResult({ summary: 'x'.repeat(60) }), end()], { screener: capped() })
    expect(result).toMatchObject({ summary: 'x'.repeat(60), findings: [] })
  })
})

describe('the text of an answer', () => {
  it('leaves turn by turn, each under its own number', async () => {
    const deltas = [delta('Let me see', 1), delta('I look at the orders', 2), delta('It grew', 3)]
    expect((await screen([...deltas, end()])).slice(0, -1)).toEqual(deltas)
  })

  it('has no empty pieces', async () => {
    const out = await screen([delta(''), delta('', 2), toolResult(), delta('', 3), end()])
    expect(out.map(({ type }) => type)).toEqual(['tool-result', 'end'])
  })

  it('says in the end what it may hold, each once and in order', async () => {
    const profile = profileSchema.parse({ outbound: { pii: { action: 'annotate' }, secret: { action: 'annotate' } } })
    const said = [delta('ghp_Zk3vQ9xT7bLm2Rw8Yc5Nd1Hf6Jg4Ks0Pab', 1), delta(`for ${email} and ${email}`, 2)]
    const events = [...said, toolResult(), end()]
    const out = await screen(events, { screener: testScreener({ profile, hiddenSql: null }) })
    expect(out.at(-2)).toEqual(
      delta(expect.stringMatching(/^\n\n> Note: this answer may hold pii\/email, secret\/[a-z-]+\.\n$/), 2),
    )
    expect(out.at(-1)).toMatchObject({ type: 'end', findings: [] })
    expect(textOf(out).match(/Note:/g)).toHaveLength(1)
  })

  it('says nothing in the end where it holds nothing', async () => {
    expect(textOf(await screen([delta('fine'), end()]))).toBe('fine')
  })

  it('is cut with all of it that may leave before the words that say so', async () => {
    const screener = testScreener({ limits: { ...limits, maximumTurnCharacters: 9 } })
    const out = await screen([delta('It is '), delta('so: yes'), delta('no'), delta('Then', 2), end()], { screener })
    expect(textOf(out)).toBe(
      'It is so:\n\n> The answer was cut after 9 characters (filters.maximum_turn_characters).\nThen',
    )
    expect(out.at(-1)).toMatchObject({ findings: [{ rule: 'filter/turn-cut' }] })
  })
})
