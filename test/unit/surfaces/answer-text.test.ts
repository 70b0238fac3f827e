import { describe, expect, it } from 'vitest'
import type { AgentEnding, AgentEvent, AnswerArtifact } from '../../../src/core/events.ts'
import type { TableData } from '../../../src/core/result.ts'
import { AnswerText } from '../../../src/surfaces/answer-text.ts'
import { delta, end, toolResult } from '../../support/agent-events.ts'
import { cellResult } from '../../support/sandbox/cell-result.ts'

const table = (name: string, totalRows = 1): TableData => ({
  columns: [{ name, type: 'text' }],
  rows: [['x']],
  totalRows,
})
const file = (name: string, extra: Partial<AnswerArtifact> = {}): AgentEvent => ({
  type: 'artifact',
  artifact: { name, mediaType: 'text/csv', content: 'YQ==', ...extra },
})

function read(events: readonly AgentEvent[], { label = null as string | null, isLarge = false } = {}) {
  const answer = new AnswerText({ label, tableRows: 5, linkFor: ({ name }) => (isLarge ? null : `/v1/${name}`) })
  const pieces = events.map((event) => answer.next(event))
  expect(pieces.join('')).toBe(answer.text)
  return answer
}

describe('the words of an answer', () => {
  it('have each step of the model in a paragraph of its own', () => {
    expect(read([delta('one ', 1), delta('two', 1), delta('three', 2), delta('.\n\n', 2), delta('four', 3)]).text).toBe(
      'one two\n\nthree.\n\nfour',
    )
  })

  it('are without the plan, which is no part of the answer', () => {
    const plan: AgentEvent = { type: 'plan', steps: [{ text: 'Count them', status: 'completed' }] }
    expect(read([delta('one', 1), plan, delta('two', 2), plan, end()]).text).toBe('one\n\ntwo')
  })

  it('begin with the label, once, where there is one and anything is said', () => {
    expect(read([delta('a'), delta('b')], { label: 'A sample' }).text).toBe('> A sample\n\nab')
    expect(read([delta(''), toolResult()], { label: 'A sample' }).text).toBe('')
    expect(read([end({ ending: 'time-limit', message: 'Late.' })], { label: 'A sample' }).text).toBe(
      '> A sample\n\n\n\n**Late.**',
    )
  })
})

describe('the table of an answer', () => {
  const shown = (...events: AgentEvent[]) => read([delta('So:'), ...events, end()]).text

  it('is the last one that a tool gave', () => {
    expect(shown(toolResult({ table: table('first') }), toolResult({ table: table('second') }))).toMatch(
      /^So:\n\n\| second \|/,
    )
    const data = cellResult({
      results: [
        { isMain: false, data: table('shown') },
        { isMain: true, text: '1' },
      ],
    })
    expect(shown(toolResult({ table: table('first') }), toolResult({ cell: data }))).toContain('| shown |')
  })

  it('stays over a later result without one while it is short, and was raw material where it is long', () => {
    const later = toolResult({ cell: cellResult() })
    expect(shown(toolResult({ table: table('short', 5) }), later)).toContain('| short |')
    expect(shown(toolResult({ table: table('long', 6) }), later)).toBe('So:')
    expect(shown(toolResult({ table: table('long', 6) }))).toContain('| long |')
  })

  it('is none of the descriptions of the data', () => {
    const described = toolResult({ tool: 'describe_data', table: table('tables') })
    expect(shown(described)).toBe('So:')
    expect(shown(toolResult({ table: table('long', 6) }), described)).toContain('| long |')
  })

  it('is left out where it has no columns or the words hold one', () => {
    expect(shown(toolResult({ table: { columns: [], rows: [], totalRows: 0 } }))).toBe('So:')
    expect(shown(delta('\n\n| a |\n| --- |\n| 1 |\n'), toolResult({ table: table('second') }))).not.toContain('second')
  })
})

describe('the files of an answer', () => {
  it('stand behind it as links, a picture as a picture, and say where a filter changed them', () => {
    const { text } = read([
      file('a.csv'),
      file('b.png', { mediaType: 'image/png' }),
      file('c.csv', { isMasked: true }),
      end(),
    ])
    expect(text).toBe(
      '\n\n[a.csv](/v1/a.csv)\n\n![b.png](/v1/b.png)\n\n[c.csv](/v1/c.csv) (a filter masked parts of it)',
    )
  })

  it('that a later step changed are linked once, at their last place', () => {
    expect(read([file('a.csv'), file('b.csv'), file('a.csv'), end()]).text).toBe(
      '\n\n[b.csv](/v1/b.csv)\n\n[a.csv](/v1/a.csv)',
    )
  })

  it('that are too large for a link are named', () => {
    expect(read([file('a.csv'), end()], { isLarge: true }).text).toBe('\n\n*The file "a.csv" is too large for a link.*')
  })
})

describe('the end of an answer', () => {
  it.each<[AgentEnding, string]>([
    ['answer', 'stop'],
    ['step-limit', 'length'],
    ['token-limit', 'length'],
    ['time-limit', 'length'],
    ['correction-limit', 'length'],
    ['empty-turns', 'length'],
    ['model-length', 'length'],
    ['model-filtered', 'content_filter'],
  ])('%s is the finish reason %s: only a whole answer is one that stopped', (ending, finishReason) => {
    const answer = read([end({ ending, message: ending === 'answer' ? null : 'It ended.' })])
    expect(answer.end?.finishReason).toBe(finishReason)
    expect(answer.text).toBe(ending === 'answer' ? '' : '\n\n**It ended.**')
  })

  it('says what was used, and all that was replaced or cut in results and words', () => {
    const finding = (rule: string) => ({ rule, line: 1, column: 2, message: rule })
    const answer = read([
      toolResult({ findings: [finding('filter/a')] }),
      end({ steps: 3, milliseconds: 70, usage: { inputTokens: 20, outputTokens: 9 }, findings: [finding('filter/b')] }),
    ])
    expect(answer.end).toMatchObject({
      usage: { prompt_tokens: 20, completion_tokens: 9, total_tokens: 29 },
      sallyport: {
        ending: 'answer',
        steps: 3,
        duration_ms: 70,
        findings: [{ rule: 'filter/a' }, { rule: 'filter/b' }],
      },
    })
  })

  it('is not there before it came, and none of a run that failed or was cancelled', () => {
    expect(read([delta('half')]).end).toBeNull()
    const failed = end({ ending: 'failed', code: 'model-unavailable', message: 'Gone.', retryAfterSeconds: 7 })
    expect(() => read([failed])).toThrow(
      expect.objectContaining({ code: 'model-unavailable', message: 'Gone.', retryAfterSeconds: 7 }),
    )
    expect(() => read([end({ ending: 'failed' })])).toThrow(
      expect.objectContaining({ code: 'internal', message: 'The run failed.' }),
    )
    expect(() => read([end({ ending: 'cancelled' })])).toThrow(
      expect.objectContaining({ code: 'cancelled', message: 'The run was cancelled.' }),
    )
  })
})
