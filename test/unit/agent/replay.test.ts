import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { Replay } from '../../../src/agent/replay.ts'
import { runAgent } from '../../../src/agent/run.ts'
import { ServiceError } from '../../../src/core/errors.ts'
import type { AgentEvent } from '../../../src/core/events.ts'
import type { ReplayedCall } from '../../../src/core/replayed-call.ts'
import type { Outcome } from '../../../src/core/result.ts'
import { bindTool } from '../../../src/tools/bound-tool.ts'
import type { ToolOutcome } from '../../../src/tools/tool.ts'
import { createFence } from '../../../src/text/untrusted.ts'
import { cellResult } from '../../support/sandbox/cell-result.ts'

const program = (text: string | null, own: Partial<ReplayedCall> = {}): ReplayedCall => ({
  tool: 'run_python',
  text,
  result: null,
  mayFail: false,
  model: 'analyst',
  ...own,
})
const query = (text: string, result: number, model = 'analyst'): ReplayedCall =>
  program(text, { tool: 'run_sql', result, model })

/** Runs calls again over tools that do what the text of a program says: an outcome, `refused` or `failed`. */
async function replayed(calls: readonly ReplayedCall[]) {
  const ran: string[] = []
  const work = async (text: string): Promise<ToolOutcome> => {
    ran.push(text)
    if (text === 'refused') {
      return { kind: 'refused', findings: [{ rule: 'a', line: 1, column: 1, message: 'A rule says no.' }] }
    }
    if (text === 'failed') throw new ServiceError('query-failed', 'The database is away.')
    const cell = cellResult({ outcome: /^[a-z-]+$/.test(text) ? (text as Outcome) : 'ok' })
    return { kind: 'result', forModel: '', summary: `it was ${text}`, ranIn: 'test', cell, table: null, artifacts: [] }
  }
  const tools = [
    bindTool({
      name: 'run_python',
      description: '',
      input: z.strictObject({ code: z.string() }),
      independent: false,
      source: ({ code }) => ({ language: 'python', text: code }),
      execute: ({ code }) => work(code),
    }),
    bindTool({
      name: 'run_sql',
      description: '',
      input: z.strictObject({ sql: z.string() }),
      independent: true,
      source: ({ sql }) => ({ language: 'sql', text: sql }),
      execute: ({ sql }) => work(sql),
    }),
  ]
  const numbered: (number | null)[] = []
  const replay = new Replay({
    calls,
    isSourceOf: ({ model }) => model === 'analyst',
    onCall: ({ result }) => numbered.push(result),
  })
  const events: AgentEvent[] = []
  const settings = {
    model: replay.model,
    tools,
    fence: createFence(),
    dataSource: 'shop',
    files: [],
    revealSql: 'never',
    budget: {
      maximumSteps: calls.length + 1,
      maximumTokens: 10,
      wallMilliseconds: 10_000,
      maximumCorrections: 1,
    },
    conversation: [{ role: 'user', content: 'Run again what ran.' }],
    maximumOutputTokens: 1_000,
    maximumResultCharacters: 2_000,
  } as const
  for await (const event of runAgent(settings, new AbortController().signal)) {
    replay.see(event)
    events.push(event)
  }
  const text = events.flatMap((event) => (event.type === 'text-delta' ? [event.text] : [])).join('')
  return { ran, numbered, text, end: events.at(-1) }
}

describe('calls that are run again', () => {
  it('run one after the other with the texts and the names of before, and what was made is said', async () => {
    const { ran, numbered, text, end } = await replayed([query('SELECT 1', 3), program('x = 1'), query('SELECT 2', 1)])
    expect(ran).toEqual(['SELECT 1', 'x = 1', 'SELECT 2'])
    expect(numbered).toEqual([3, null, 1])
    expect(text).toBe(
      'Ran again all 3 that had run here. Made again: what 1 program defined and wrote; the rows of 2 queries (`result_3.parquet`, `result_1.parquet`).',
    )
    expect(end).toMatchObject({ ending: 'answer', usage: { inputTokens: 0, outputTokens: 0 } })
  })

  it.each<[string, ReplayedCall, RegExp]>([
    ['a program that fails now', program('user-error'), /number 2 ended otherwise than before: it was user-error/],
    ['a program that takes too long', program('timeout', { mayFail: true }), /number 2 ended otherwise than before/],
    ['what a rule or the gate refuses now', program('refused'), /number 2 was refused: .*A rule says no\./s],
    ['what cannot be reached', query('failed', 1), /number 2 failed: The database is away\./],
    ['what is not kept as it was', program(null), /number 2 cannot be run again/],
    ['another source', query('SELECT 1', 1, 'analyst:stock'), /number 2 asked another source.*`analyst:stock`/],
  ])('stop at %s, and what stands behind it is not run', async (_what, call, says) => {
    const { ran, text, end } = await replayed([program('x = 1'), call, program('y = 2')])
    expect(ran).not.toContain('y = 2')
    expect(text).toMatch(says)
    expect(text).toContain('Ran again 1 of 3')
    expect(text).toContain('Not there: what the last 2 made.')
    expect(end).toMatchObject({ ending: 'answer' })
  })

  it('go on behind a program that failed before, too', async () => {
    const { ran, text } = await replayed([program('user-error', { mayFail: true }), program('y = 2')])
    expect(ran).toEqual(['user-error', 'y = 2'])
    expect(text).toContain('Ran again all 2')
  })

  it('say that nothing was made where the first one stops them', async () => {
    const { text } = await replayed([program('timeout')])
    expect(text).toContain('Ran again 0 of 1')
    expect(text).toContain('Nothing was made again. Not there: what the last one made.')
  })
})
