import { describe, expect, it } from 'vitest'
import type { AnswerMark } from '../../../src/core/answer-grounding.ts'
import { doubtfulMarks } from '../../../src/text/doubtful-marks.ts'

const mark = (changes: Partial<AnswerMark> = {}): AnswerMark => ({
  start: 0,
  end: 3,
  text: '57 %',
  kind: 'percent',
  verdict: 'unsupported',
  sources: [],
  sourceCount: 0,
  how: null,
  expected: null,
  coincidence: null,
  reason: 'No result has it.',
  ...changes,
})

describe('what of an answer is doubted, as text', () => {
  it('is nothing where all of it is borne out', () => {
    expect(
      doubtfulMarks({ marks: [mark({ verdict: 'cell' }), mark({ verdict: 'computed' })], unfilled: [], notes: [] }),
    ).toBeNull()
  })

  it('names each with its reason, what the rows give otherwise apart from what was not found and references that were not filled in', () => {
    const unfilled = [{ text: '{{run7:/a}}', why: 'this run has no result run7' }]
    const marks = [mark(), mark({ text: 'rose', verdict: 'contradicted', reason: 'It fell.' })]
    expect(doubtfulMarks({ marks, unfilled, notes: [] })?.split('\n')).toEqual([
      '> ⚠ The results of this run speak against:',
      '> - **rose**: It fell',
      '>',
      '> No source was found in the results of this run for:',
      '> - **57 %**: No result has it',
      String.raw`> - **\{\{run7:/a\}\}** was not filled in: this run has no result run7`,
    ])
  })

  it('says what was left out, and what was said before, where there is anything to say', () => {
    const notes = ['The results of this run are too many to compare all of them.']
    const earlier = [{ text: '9,999', verdict: 'contradicted', reason: 'It is 7.' }] as const
    expect(doubtfulMarks({ marks: [], unfilled: [], notes })).toBe(`> ${notes[0]}`)
    expect(doubtfulMarks({ marks: [], unfilled: [], notes: [] })).toBeNull()
    expect(doubtfulMarks({ marks: [mark()], earlier, unfilled: [], notes })?.split('\n')).toEqual([
      '> No source was found in the results of this run for:',
      '> - **57 %**: No result has it',
      '>',
      '> What was said on the way to this answer is not borne out either:',
      '> - **9,999**: It is 7',
      '>',
      '> The results of this run are too many to compare all of them.',
    ])
  })

  it('brings no mark, line or address out of the data', () => {
    const reason = '[x](http://evil.example) ![p](q) `c` <b> **b**\n> new line \u202e$1$ a@b.example'
    const text = doubtfulMarks({ marks: [mark({ reason })], unfilled: [], notes: [] }) ?? ''
    expect(text.split('\n')).toHaveLength(2)
    expect(text).toContain(
      String.raw`\[x\](http\://evil\.example) \!\[p\](q) \`c\` \<b\> \*\*b\*\* \> new line \$1\$ a\@b\.example`,
    )
    expect(text).not.toContain('\u202e')
  })

  it('is bounded', () => {
    const marks = Array.from({ length: 400 }, () => mark({ reason: 'x'.repeat(5_000) }))
    const text = doubtfulMarks({ marks, unfilled: [], notes: [] }) ?? ''
    expect(text).toContain('> - and 388 more')
    expect(text.length).toBeLessThan(6_000)
  })
})
