import { describe, expect, it } from 'vitest'
import { printedFigure } from '../../../src/grounding/printed-figure.ts'

const output = (printed: string, number = 1) => ({ number, printed })
const found = (text: string, ...outputs: ReturnType<typeof output>[]) => printedFigure(text, outputs)?.number ?? null

describe('a figure that a program printed beside no name', () => {
  it.each([
    ['34.65', '34.65'],
    ['34.7', '34.65123'],
    ['1,204.5 EUR', '[1204.5, 7.25]'],
    ['12.3 %', '0.12345'],
    ['−5.25', '-5.25'],
    ['7', '7'],
  ])('%s is what %s printed', (text, printed) => expect(found(text, output(printed))).toBe(1))

  it.each([
    ['34.66', '34.65'],
    ['5.25', '-5.25'],
    ['12.3', '0.123'],
    ['7', '7 8 9 10'],
    ['42', Array.from({ length: 100 }, (_each, place) => place).join(' ')],
    ['word', '34.65'],
    ['34.65', ''],
  ])('%s is not bound to %s', (text, printed) => expect(found(text, output(printed))).toBeNull())

  it('names the last program that has printed it, and how likely that is by chance', () => {
    expect(found('34.65', output('34.65', 1), output('34.65', 2), output('1', 3))).toBe(2)
    expect(printedFigure('34.65', [output('34.65 99.5')])?.coincidence).toBeCloseTo(0.0002)
  })
})
