import { describe, expect, it } from 'vitest'
import { threadMilliseconds } from '../../../../src/concurrency/thread-time.ts'
import { createFilterChain } from '../../../../src/filters/chain.ts'
import { defaultProfile } from '../../../../src/filters/profile.ts'
import { screenRows } from '../../../../src/gateway/screen/cell.ts'
import { screenEvents } from '../../../../src/gateway/screen/events.ts'
import { createScreener } from '../../../../src/gateway/screen/screener.ts'
import type { AgentEvent } from '../../../../src/core/events.ts'
import { collect, delta, end, replay, textOf, toolResult } from '../../../support/agent-events.ts'
import { cellResult } from '../../../support/sandbox/cell-result.ts'
import { limits, never, testScreener } from '../../../support/filters/filter-fixtures.ts'
import { verifies } from '../../../support/verifies.ts'

const columns = [{ name: 'note', type: 'text' }]
const email = 'anna.berg@example.com'

async function screen(events: readonly AgentEvent[], screener = testScreener()): Promise<AgentEvent[]> {
  return collect(
    screenEvents(replay(events), { screener, onSql: () => undefined, previewSql: true, passesUnread: false }, never),
  )
}

describe('what a filter replaces', () => {
  it("P1: is said in the findings of a tool's result, with how often and where", async () => {
    verifies('filters.findings')
    const [result] = await screen([
      toolResult({ table: { columns, rows: [['ok'], [email], [email]], totalRows: 3 } }),
      end(),
    ])
    expect(result).toMatchObject({
      findings: [{ rule: 'filter/pii-email', line: 2, column: 1, message: '1 value was replaced by [email].' }],
    })
  })

  it("P1: is said of a cell's output", async () => {
    const stdout = { text: `a\n  ${email}\n4111 1111 1111 1111\n`, truncated: false }
    const [result] = await screen([toolResult({ cell: { ...cellResult(), stdout } }), end()])
    const said = [
      { rule: 'filter/pii-email', line: 2, column: 3, message: '1 value was replaced by [email].' },
      { rule: 'filter/pii-card', line: 3, column: 1, message: '1 value was replaced by [card].' },
    ]
    expect(result).toMatchObject({ findings: said, cell: { findings: said } })
  })

  it("P1: is said of the answer's own words at its end", async () => {
    const out = await screen([delta(`mail ${email}`), toolResult(), delta('done'), end()])
    expect(out.find((event) => event.type === 'tool-result')).toMatchObject({ findings: [] })
    expect(out.at(-1)).toMatchObject({ findings: [{ rule: 'filter/pii-email' }] })
  })

  it('P1: is said beside the rows of a statement', async () => {
    const { rows, findings } = await screenRows({ columns, rows: [[email]] }, testScreener(), never)
    expect(rows).toEqual([['[email]']])
    expect(findings).toMatchObject([{ rule: 'filter/pii-email', line: 1, column: 1 }])
  })

  it('P1: a column of identifiers, one of which has a check digit by chance, stays', async () => {
    const rows = ['4539578763621486', '4539578763621487', '4539578763621480', '4539578763621481'].map((id) => [id])
    const screened = await screenRows({ columns, rows }, testScreener(), never)
    expect(screened.rows).toEqual(rows)
    expect(screened.findings).toEqual([])
  })
})

describe('limits of what leaves', () => {
  it('S2: cuts a result at its characters, by whole rows, and says how many', async () => {
    verifies('filters.result-cap')
    const screener = testScreener({ limits: { ...limits, maximumResultCharacters: 1_000 } })
    const rows = Array.from({ length: 50 }, () => ['x'.repeat(90)])
    const screened = await screenRows({ columns, rows }, screener, never)
    expect(screened.rows).toHaveLength(11)
    expect(screened.isCut).toBe(true)
    expect(screened.findings).toEqual([
      {
        rule: 'filter/result-cut',
        line: 1,
        column: 1,
        message:
          'The result was cut: 39 rows beyond 1,000 characters (filters.maximum_result_characters) were left out. Ask for less at once.',
      },
    ])
  })

  it("S2: cuts a cell's output, and names the cut", async () => {
    const screener = testScreener({ limits: { ...limits, maximumResultCharacters: 100 } })
    const cell = { ...cellResult(), stdout: { text: 'y'.repeat(300), truncated: false } }
    const [result] = await screen([toolResult({ cell, summary: '' }), end()], screener)
    expect(result).toMatchObject({
      cell: { stdout: { text: 'y'.repeat(100) }, truncated: ['result'] },
      findings: [{ rule: 'filter/result-cut' }],
    })
  })

  it('S2: cuts a turn of the model at its characters, and says so in the answer', async () => {
    verifies('filters.turn-cap')
    const screener = testScreener({ limits: { ...limits, maximumTurnCharacters: 1_000 } })
    const out = await screen(
      [...Array.from({ length: 30 }, () => delta('z'.repeat(100))), delta('more', 2), end()],
      screener,
    )
    const text = textOf(out)
    expect(text.startsWith('z'.repeat(1_000))).toBe(true)
    expect(text).toContain('The answer was cut after 1,000 characters (filters.maximum_turn_characters).')
    expect(text).not.toContain('z'.repeat(1_001))
    expect(text.endsWith('more')).toBe(true)
    expect(out.at(-1)).toMatchObject({ findings: [{ rule: 'filter/turn-cut' }] })
  })

  it('S2: one deadline for all checks of a response withholds the rest, and says which', async () => {
    verifies('filters.deadline')
    const slow = {
      name: 'slow',
      onFailure: 'closed' as const,
      inspect: async () => {
        const until = threadMilliseconds() + 15
        while (threadMilliseconds() < until);
        return []
      },
    }
    const chain = createFilterChain({ filters: [slow], deadlineMilliseconds: 40 })
    const screener = createScreener({
      chain,
      limits,
      profile: defaultProfile,
      direction: 'outbound',
      group: 'default',
      hiddenSql: () => null,
    })
    const work = async () => {
      for (let count = 0; count < 10; count += 1) await screener.text('some text', 'tool', never)
    }
    await expect(work()).rejects.toMatchObject({
      code: 'refused',
      message: 'The text was withheld: its checks took longer than 40 ms (filters.deadline_ms).',
    })
  })
})
