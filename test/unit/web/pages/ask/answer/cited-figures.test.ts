import { describe, expect, it } from 'vitest'
import { markFigures, splitFigures } from '../../../../../../src/web/components/figures.ts'
import { checkedOf, fittingMarks, sourceSentence } from '../../../../../../src/web/pages/ask/answer/cited-figures.ts'
import { readGrounding } from '../../../../../../src/web/pages/ask/turn/read-grounding.ts'
import type { Mark } from '../../../../../../src/web/pages/ask/turn/turn.ts'
import { verifies } from '../../../../../support/verifies.ts'

const words = 'Books brought **1,204** EUR, 62 % of all,\n| 310 | readers'

function markOf(text: string, extra: Partial<Mark> = {}): Mark {
  const start = words.indexOf(text)
  const plain = {
    verdict: 'cell',
    how: 'revenue of Books in run1',
    expected: null,
    reason: 'It is.',
    sources: [],
  } as const
  return { start, end: start + text.length, text, ...plain, ...extra }
}

const marks = [markOf('310'), markOf('1,204'), markOf('62 %')]

describe('figures of an answer', () => {
  it('come back out of the page with their marks, whatever Markdown made of what is around them', () => {
    const fitting = fittingMarks(words, { marks })
    expect(fitting.map(({ text }) => text)).toEqual(['1,204', '62 %', '310'])
    // A page has one text for each element: bold words are one of their own.
    const pieces = markFigures(words, fitting)
      .split(/\*\*|\n\|/)
      .flatMap((text) => splitFigures(text))
    expect(pieces.map(({ text }) => text).join('')).toBe('Books brought 1,204 EUR, 62 % of all, 310 | readers')
    const figures = pieces.flatMap(({ text, figure }) => (figure === null ? [] : [[text, fitting[figure]?.text]]))
    expect(figures).toEqual([
      ['1,204', '1,204'],
      ['62 %', '62 %'],
      ['310', '310'],
    ])
  })

  it('have no mark whose offsets lead elsewhere, overlap another one or go over a line', () => {
    verifies('web.figures')
    const wrong = [
      markOf('62 %', { start: 0, end: 4 }),
      markOf('1,204', { text: '204', start: words.indexOf('204'), end: words.indexOf('204') + 3 }),
      markOf('1,204'),
      markOf('all,\n|', { end: words.indexOf('all,\n|') + 6 }),
      markOf('310', { start: 9_000, end: 9_003 }),
    ]
    expect(fittingMarks(words, { marks: wrong }).map(({ text }) => text)).toEqual(['1,204'])
  })

  it('are counted by what came of looking at them', () => {
    const all = [...marks, markOf('62 %', { verdict: 'contradicted' }), markOf('310', { verdict: 'unsupported' })]
    expect(checkedOf({ marks: all })).toEqual({ borneOut: 3, contradicted: 1, withoutSource: 1 })
  })

  it('say where they are from, or why they are doubted', () => {
    expect(sourceSentence(markOf('310'))).toBe('From revenue of Books in step 1.')
    const doubted = { verdict: 'contradicted', how: null, reason: 'The share is another.', expected: '75.3 %' } as const
    expect(sourceSentence(markOf('62 %', doubted))).toBe('The share is another. The rows give 75.3 %.')
    expect(sourceSentence(markOf('62 %', { ...doubted, reason: 'It is 75.3 %.' }))).toBe('It is 75.3 %.')
  })
})

describe('grounding as it comes over the wire', () => {
  it('is read member by member; a mark or a source of another form is left out', () => {
    const good = { start: 0, end: 2, text: '12', verdict: 'cell', how: null, expected: null, reason: 'r' }
    const read = readGrounding({
      marks: [
        {
          ...good,
          sources: [
            { run: 1, row: 0, column: 'a' },
            { run: 0, row: 0, column: 'a' },
            { run: 1, row: -1 },
          ],
        },
        { ...good, end: 0 },
        { ...good, verdict: 'surely' },
        { ...good, start: '0' },
        null,
      ],
      notes: ['n', 7],
    })
    expect(read?.marks).toEqual([{ ...good, sources: [{ run: 1, row: 0, column: 'a' }] }])
    expect(read?.notes).toEqual(['n'])
    expect(readGrounding(null)).toBeNull()
    expect(readGrounding('x')).toBeNull()
  })
})

describe('the sentence about a figure', () => {
  const mark = { start: 0, end: 2, text: '12', expected: null, reason: 'No value of run2 is 12.', sources: [] } as const

  it('calls what was run by the name that the page has for it', () => {
    expect(sourceSentence({ ...mark, verdict: 'cell', how: 'n, row 1 of run1' })).toBe('From n, row 1 of step 1.')
    expect(sourceSentence({ ...mark, verdict: 'unsupported', how: null })).toBe('No value of step 2 is 12.')
    expect(sourceSentence({ ...mark, verdict: 'contradicted', how: null, expected: '13' })).toBe(
      'No value of step 2 is 12. The rows give 13.',
    )
  })
})
