import { describe, expect, it } from 'vitest'
import { checkQuotations } from '../../../../src/grounding/quotations/check-quotations.ts'
import { quotedPassages } from '../../../../src/grounding/quotations/quoted-passages.ts'
import { wordList } from '../../../../src/grounding/quotations/word-list.ts'
import { verifies } from '../../../support/verifies.ts'

const text = `The committee met on 3 May.  It did not approve the merger, because
the auditors' report was late; costs had risen by 4.5 % to -12 points. “We will wait”, the chairwoman said. Élan vital is no argument.`

/** What becomes of the passages of an answer: the words that a found one stands for. */
function verdicts(answer: string, own: readonly string[] = []) {
  const { quotations } = checkQuotations(answer, [wordList('Another paper.'), wordList(text)], own.map(wordList))
  return quotations.map((quotation) =>
    quotation.verdict === 'missing'
      ? 'missing'
      : [quotation.verdict, text.slice(quotation.place.start, quotation.place.end)],
  )
}
const found = (words: string) => [['found', words]]

describe('the passages that an answer quotes', () => {
  it('stand between marks of quotation of any kind, or in a block, and have three words at least', () => {
    const passages = (answer: string) => quotedPassages(answer).map(({ words }) => words.trim())
    const all = [
      'He wrote "one two three".',
      'Er schrieb „one two three“ dort.',
      'Il dit « one two three » là.',
      'She says “one two three”.',
      'So ‘one two three’ it is.',
      '> one two\n> three\n> — Somebody',
    ]
    for (const answer of all)
      expect(passages(answer).map((words) => words.replaceAll('\n', ' '))).toEqual(['one two three'])
    expect(passages('A "so-called" thing, the "big one" and 5" by 6" of it, the dogs\' and cats\' food')).toEqual([])
    expect(passages('`print("one two three")` and\n```\n"one two three"\n```\n')).toEqual([])
    expect(passages('An "open mark of one\n\nparagraph" and no more words')).toEqual([])
  })

  it.each([
    ['as it is', '"It did not approve the merger"', 'It did not approve the merger'],
    [
      'over an end of a line',
      '"the merger, because the auditors\' report"',
      "the merger, because\nthe auditors' report",
    ],
    ['with other marks, cases and accents', '“ELAN VITAL — is no argument!”', 'Élan vital is no argument'],
    [
      'with an ellipsis',
      '"The committee … did not approve […] the auditors"',
      'The committee met on 3 May.  It did not approve the merger, because\nthe auditors',
    ],
    ['with hidden signs in it', '"did not app\u00adrove the\u200b merger"', 'did not approve the merger'],
  ])('are found %s', (_name, quoted, words) => {
    verifies('groundedness.quotations')
    expect(verdicts(`It says: ${quoted}.`)).toEqual(found(words))
  })

  it.each([
    ['without its negation', '"It did approve the merger, because the auditors"'],
    ['with one', '"the auditors\' report was not late; costs had risen"'],
    ['with another figure', '"costs had risen by 5.4 % to -12"'],
    ['without a sign', '"had risen by 4.5 % to 12 points"'],
    ['with points for percent', '"costs had risen by 4.5 points to"'],
    ['with a word exchanged', '"It did not reject the merger"'],
  ])('are told from a document that has other words: %s', (_name, quoted) => {
    expect(verdicts(`It says: ${quoted}.`)).toEqual([['misquoted', expect.any(String)]])
  })

  it('are missing where no document has anything like them, and where gaps bring together what stands far apart', () => {
    expect(verdicts('It says: "dividends were doubled for everybody".')).toEqual(['missing'])
    expect(verdicts('It says: "the merger did not approve it because of report".')).toEqual(['missing'])
    const far = wordList(`He is not${' and so on'.repeat(60)} guilty of it`)
    expect(checkQuotations('"He is … guilty of it"', [far], []).quotations).toMatchObject([{ verdict: 'missing' }])
  })

  it('are nobody’s claim where the request itself says them', () => {
    const asked = 'You ask "whether dividends were doubled".'
    expect(verdicts(asked, ['Tell me whether dividends were doubled.'])).toEqual([])
    expect(verdicts(asked)).toEqual(['missing'])
  })

  it('cost time in proportion, also where they are made to cost more', () => {
    const many = wordList('the same words '.repeat(30_000))
    const { isCut, quotations } = checkQuotations(
      `${'"the … words same … the the" '.repeat(300)}${'"'.repeat(20_000)}${'“a '.repeat(5_000)}`,
      [many],
      [],
    )
    expect([isCut, quotations.length]).toEqual([true, 200])
  })
})
