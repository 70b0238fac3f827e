import { describe, expect, it } from 'vitest'
import { markFigures, splitFigures, type FigureRange } from '../../../../src/web/components/figures.ts'

function through(text: string, figures: readonly FigureRange[]) {
  return splitFigures(markFigures(text, figures))
}

describe('figures in a text', () => {
  it('come out of its grammar where they went in', () => {
    expect(
      through('We sold 1,247 for €9.', [
        { start: 8, end: 13 },
        { start: 18, end: 20 },
      ]),
    ).toEqual([
      { text: 'We sold ', figure: null },
      { text: '1,247', figure: 0 },
      { text: ' for ', figure: null },
      { text: '€9', figure: 1 },
      { text: '.', figure: null },
    ])
  })

  it('keep their number whatever order they are told in', () => {
    const pieces = through('1 2', [
      { start: 2, end: 3 },
      { start: 0, end: 1 },
    ])
    expect(pieces.filter(({ figure }) => figure !== null)).toEqual([
      { text: '1', figure: 1 },
      { text: '2', figure: 0 },
    ])
  })

  it.each([
    ['beyond the text', { start: 1, end: 99 }],
    ['before it', { start: -1, end: 1 }],
    ['of nothing', { start: 1, end: 1 }],
    ['backwards', { start: 2, end: 1 }],
  ])('are text where a place is %s', (_name, range) => {
    expect(through('1 2', [range])).toEqual([{ text: '1 2', figure: null }])
  })

  it('are text where they lie in another one', () => {
    const pieces = through('1,247', [
      { start: 0, end: 5 },
      { start: 2, end: 5 },
    ])
    expect(pieces).toEqual([{ text: '1,247', figure: 0 }])
  })

  it('are made by nobody who writes the text', () => {
    const forged = 'a \uE0000\uE0011\uE002 b'
    expect(through(forged, [])).toEqual([{ text: 'a \uFFFD0\uFFFD1\uFFFD b', figure: null }])
  })

  it('are text where the grammar tore them in two', () => {
    const [before = '', behind = ''] = markFigures('a 12 b', [{ start: 2, end: 4 }]).split('2')
    expect(splitFigures(before).map(({ text }) => text)).toEqual(['a 1'])
    expect(splitFigures(`2${behind}`).map(({ text }) => text)).toEqual(['2 b'])
  })
})
