import { describe, expect, it } from 'vitest'
import {
  groundInDocuments,
  indexDocuments,
  type IndexedDocuments,
} from '../../../../src/grounding/ground-in-documents.ts'
import { verifies } from '../../../support/verifies.ts'

function indexed(documents: readonly string[], own: readonly string[] = []): IndexedDocuments {
  const reading = indexDocuments(documents, own)
  for (;;) {
    const step = reading.next()
    if (step.done === true) return step.value
  }
}

const document = `The World Health Organization opened an office in Nairobi on 7 June 2010. It has 1,250 people, over 40 of them doctors.
Costs were $3.4 million, 12.5 % above plan; see case INC-20417, https://example.org/plan and src/plan.py, version 2.4.1.
Marie Curie and Jean-Luc Müller signed it.`

/** What of an answer is nowhere. */
const novel = (answer: string, own: readonly string[] = []) =>
  groundInDocuments(answer, indexed([document], own))
    .tokens.filter(({ isKnown }) => !isKnown)
    .map(({ start, end, kind }) => [answer.slice(start, end), kind])

describe('figures, dates, names and identifiers of an answer', () => {
  it.each([
    'The office of the WHO in Nairobi opened in June 2010.',
    'It opened on 2010-06-07, and 1250 people work there.',
    'More than 40 doctors, 12.5 percent over plan, about 3.4m dollars.',
    'See inc-20417 (https://example.org/plan), src/plan.py and v2.4.1.',
    'It was signed by Marie Curie and by Mr Muller.',
    'Curie’s signature is there, and in 2010 the plan began.',
    'There are two doctors among the first three, and half of them agree.',
    '1. The office\n2. The costs\n\n```\nx = 99\n```',
  ])('are known that a document has, however it writes them: %s', (answer) => {
    expect(novel(answer)).toEqual([])
  })

  it.each([
    ['It opened on 8 June 2010.', [['8 June 2010', 'date']]],
    ['It opened in May 2011.', [['May 2011', 'date']]],
    ['The costs were 12.6 % above plan.', [['12.6 %', 'percent']]],
    [
      'The costs were 12.5 above plan, for 1,251 people.',
      [
        ['12.5', 'number'],
        ['1,251', 'number'],
      ],
    ],
    ['The costs were €3.4 million.', [['€3.4 million', 'money']]],
    [
      'See INC-20418 and https://example.org/plans.',
      [
        ['INC-20418', 'identifier'],
        ['https://example.org/plans', 'identifier'],
      ],
    ],
    [
      'It was signed by Pierre Curie in Geneva.',
      [
        ['Pierre Curie', 'name'],
        ['Geneva', 'name'],
      ],
    ],
    ['The UNHCR has signed it.', [['UNHCR', 'identifier']]],
  ])('are new that it has not: %s', (answer, tokens) => {
    verifies('groundedness.novel')
    expect(novel(answer)).toEqual(tokens)
  })

  it('are known that the request says in its own words', () => {
    expect(novel('Geneva has 77 people.', ['Is it true that Geneva has 77 people?'])).toEqual([])
  })

  it('are not looked for among capitals that say nothing: German, headings, titles', () => {
    expect(
      novel('# Summary Of The Big Plan\n\nDas Büro in der Stadt hat viele Ärzte und eine Leitung mit Erfahrung.'),
    ).toEqual([])
  })
})

describe('a sentence of an answer', () => {
  const doubted = (answer: string) =>
    groundInDocuments(answer, indexed([document])).sentences.map(({ start, end }) => answer.slice(start, end))

  it('is doubted whose words are new for the most part, and the others are not', () => {
    const answer =
      'The organization opened an office in Nairobi with doctors. Volcanic eruptions destroyed several coastal villages yesterday evening. It was signed.'
    expect(doubted(answer)).toEqual(['Volcanic eruptions destroyed several coastal villages yesterday evening.'])
  })

  it('is not doubted that says what the documents do not say, asks or offers something', () => {
    expect(
      doubted(
        'The documents contain no information regarding volcanic eruptions anywhere. Would volcanic eruptions interest you especially? Let me know whether volcanic eruptions interest you especially.',
      ),
    ).toEqual([])
  })

  it('costs time in proportion, whatever it is made of', () => {
    const index = indexed(['A 1 B 2. '.repeat(2_000)])
    const hostile = [
      'A'.repeat(40_000),
      'A-'.repeat(20_000),
      '1.'.repeat(20_000),
      'a/'.repeat(20_000),
      'Ab '.repeat(13_000),
      '@.'.repeat(20_000),
      '_a'.repeat(20_000),
    ]
    for (const answer of hostile) expect(groundInDocuments(answer, index).quotations).toEqual([])
    expect(groundInDocuments('5 '.repeat(30_000), index).isCut).toBe(true)
  })
})
