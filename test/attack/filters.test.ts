import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { AgentEvent } from '../../src/core/events.ts'
import { screenEvents } from '../../src/gateway/screen/events.ts'
import { collect, delta, end, replay, sqlCall, textOf, toolResult } from '../support/agent-events.ts'
import { cellResult } from '../support/sandbox/cell-result.ts'
import { never, testScreener } from '../support/filters/filter-fixtures.ts'

interface Corpus {
  readonly executed_sql: string
  readonly leaks: readonly {
    readonly claim: string
    readonly text: string
    readonly must_not_contain: readonly string[]
  }[]
}

const corpus = JSON.parse(readFileSync(join(import.meta.dirname, 'filters.json'), 'utf8')) as Corpus

/** What leaves of a run that first executes the SQL and then says these things. */
async function leaving(events: readonly AgentEvent[]): Promise<AgentEvent[]> {
  const executed: string[] = []
  const options = {
    screener: testScreener({ hiddenSql: executed }),
    onSql: (statement: string) => executed.push(statement),
    passesUnread: false,
    previewSql: false,
  }
  return collect(screenEvents(replay([sqlCall(corpus.executed_sql), ...events, end()]), options, never))
}

const padding = 'Here is what I found in the data of the last quarter, country by country and week by week. '

describe.each(corpus.leaks)('$claim', ({ text, must_not_contain: hidden }) => {
  it.each([1, 3, 17, 1_000])('does not leave in a stream of %i characters a chunk', async (size) => {
    const whole = `${padding.repeat(3)}\n${text}\n${padding.repeat(3)}`
    const chunks = whole.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? []
    const left = textOf(await leaving(chunks.map((chunk) => delta(chunk))))
    for (const piece of hidden) expect(left).not.toContain(piece)
    expect(left).toContain(padding)
  })

  it('does not leave in output, a cell of a table, or an error', async () => {
    const events = await leaving([
      toolResult({
        table: { columns: [{ name: 'note', type: 'text' }], rows: [[text]], totalRows: 1 },
        cell: {
          ...cellResult(),
          stdout: { text, truncated: false },
          error: { name: 'E', value: text, traceback: text },
          results: [{ isMain: true, text, json: { note: [text] } }],
        },
      }),
    ])
    const strings: string[] = []
    JSON.stringify(events, (_key, value: unknown) => (typeof value === 'string' ? (strings.push(value), value) : value))
    for (const piece of hidden) expect(strings.filter((string) => string.includes(piece))).toEqual([])
  })
})
