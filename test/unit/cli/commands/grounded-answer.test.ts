import { describe, expect, it } from 'vitest'
import { ResponseReader } from '../../../../src/cli/remote/response-events.ts'
import type { AnswerGrounding } from '../../../../src/core/answer-grounding.ts'
import type { AgentEvent } from '../../../../src/core/events.ts'
import { groundingJson } from '../../../../src/surfaces/wire/grounding.ts'
import { doubtfulMarks } from '../../../../src/text/doubtful-marks.ts'
import { delta, end } from '../../../support/agent-events.ts'
import { createFakeSallyport, runCommand } from '../../../support/cli/fake-sallyport.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'
import { verifies } from '../../../support/verifies.ts'

const nothing = { sources: [], sourceCount: 0, how: null, expected: null, coincidence: null }
const grounding: AnswerGrounding = {
  marks: [
    {
      ...nothing,
      start: 6,
      end: 7,
      text: '3',
      kind: 'reference',
      verdict: 'cell',
      isReference: true,
      reason: 'It was filled in.',
      sources: [
        {
          result: 1,
          row: 0,
          column: 'sold',
        },
      ],
      sourceCount: 1,
      how: 'sold, row 1 of run1',
    },
    {
      ...nothing,
      start: 12,
      end: 16,
      text: '57 %',
      kind: 'percent',
      verdict: 'contradicted',
      reason: 'The share is 12 %.',
      expected: '12 %',
    },
    {
      ...nothing,
      start: 20,
      end: 24,
      text: '15.5',
      kind: 'number',
      verdict: 'computed',
      reason: 'Computed again.',
      how: 'sum of sold over 2 rows of run1',
      coincidence: 0.0251,
    },
    {
      ...nothing,
      start: 30,
      end: 31,
      text: '\x1B[31m9\x1B[0m x',
      kind: 'number',
      verdict: 'unsupported',
      reason: '\x1B[2Jnot there.',
    },
  ],
  unfilled: [{ text: '{{run7:/a}}', why: 'this run has no result run7' }],
  notes: ['Some of it was not compared.'],
}

const ask = (
  words: readonly string[],
  text = 'Sold: 3, so 57 % of 15.5.',
  { before = [], saysDoubts = false }: { readonly before?: readonly AgentEvent[]; readonly saysDoubts?: boolean } = {},
) => {
  const { sallyport } = createFakeSallyport({ events: [...before, delta(text, 2), end({ grounding })] })
  return runCommand(['ask', 'What sold best?', ...words], {
    sallyport: Object.assign(sallyport, { saysDoubts }),
    workingDirectory: temporaryFolder('grounded-answer-'),
  })
}

describe('ask, of an answer whose figures were compared', () => {
  it('writes what is doubted behind the answer, and sources with their chance beside it', async () => {
    verifies('groundedness.marks')
    const { stdout, stderr } = await ask([])
    expect(stdout).toContain(
      [
        'Sold: 3, so 57 % of 15.5.',
        '',
        'The results of this run speak against:',
        '✗ 57 %  The share is 12 %.',
        '',
        'No source was found in the results of this run for:',
        '? \ufffd[31m9\ufffd[0m x  \ufffd[2Jnot there.',
        '? {{run7:/a}}  was not filled in: this run has no result run7.',
      ].join('\n'),
    )
    expect(stderr).toContain('✓ 3  filled in from sold, row 1 of run1\n')
    expect(stderr).toContain('✓ 15.5  sum of sold over 2 rows of run1 (by chance: 2.5 %)\n')
    expect(stderr).toContain('Some of it was not compared.')
    expect(stdout + stderr).not.toContain('\u001b')
  })

  it('leaves the sources out where it is to be quiet', async () => {
    const { stdout, stderr } = await ask(['--quiet'])
    expect(stdout).toContain('✗ 57 %')
    expect(stderr).not.toContain('✓')
  })

  it('says nothing twice that a service says in the words of its answer', async () => {
    const said = `Sold: 3.\n\n${doubtfulMarks(grounding)}`
    const { stdout, stderr } = await ask([], said, { saysDoubts: true })
    expect(stdout.match(/speak against/g)).toHaveLength(1)
    expect(stderr).toContain('✓ 3  filled in')
    // Here the same words are the model's own.
    expect((await ask([], said)).stdout).toContain('✗ 57 %')
  })

  it('writes Markdown behind an answer that is to be Markdown, which nothing in the answer hides', async () => {
    const { stdout } = await ask(['--output', 'markdown'], 'Sold: 3.\n\n<!-- and')
    expect(stdout).toContain(
      '<!-- and\n-->\n\n> ⚠ The results of this run speak against:\n> - **57 %**: The share is 12 %',
    )
    expect(stdout).not.toContain('✗')
  })

  it('gives programs places in the answer that they are given, without what was said before it', async () => {
    const call = { type: 'tool-call', callId: 'c', tool: 'run_sql', source: null } as const
    const before = [delta('Let me see.\n'), call, { type: 'step-start', step: 2 } as const, delta('\n  ', 2)]
    const marks = [
      { ...nothing, start: 9, end: 10, text: '3', kind: 'number', verdict: 'cell', reason: 'So.' },
    ] as const
    const { sallyport } = createFakeSallyport({
      events: [...before, delta('Sold: 3.\n', 2), end({ grounding: { marks, unfilled: [], notes: [] } })],
    })
    const { stdout } = await runCommand(['ask', 'What?', '--output', 'json'], {
      sallyport,
      workingDirectory: temporaryFolder('grounded-answer-'),
    })
    const { answer, grounding: told } = JSON.parse(stdout) as {
      answer: string
      grounding: { marks: [{ start: number; end: number }] }
    }
    expect(answer).toBe('Sold: 3.')
    const [{ start, end: last }] = told.marks
    expect(answer.slice(start, last)).toBe('3')
  })

  it('gives programs all of it', async () => {
    const { stdout } = await ask(['--output', 'json'])
    expect(JSON.parse(stdout)).toMatchObject({ grounding: groundingJson(grounding) as object })
    const lines = (await ask(['--output', 'stream-json'])).stdout.trim().split('\n')
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ type: 'end', grounding: groundingJson(grounding) as object })
  })

  it('reads it from a service as it was', () => {
    const sallyport = { ending: 'answer', steps: 1, grounding: groundingJson(grounding, 5) }
    const response = { id: 'resp_1', usage: { input_tokens: 1, output_tokens: 1 }, sallyport }
    const events = new ResponseReader(() => 5).take(JSON.stringify({ type: 'response.completed', response }))
    const marks = grounding.marks.map((mark) => Object.assign({}, mark, { start: mark.start + 5, end: mark.end + 5 }))
    expect(events).toMatchObject([{ type: 'end', grounding: { ...grounding, marks } }])
  })
})
