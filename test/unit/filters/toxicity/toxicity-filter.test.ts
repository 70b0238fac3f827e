import { describe, expect, it } from 'vitest'
import type { FilterFinding } from '../../../../src/filters/filter.ts'
import { createToxicityFilter } from '../../../../src/filters/toxicity/toxicity-filter.ts'

const filter = createToxicityFilter()
const context = { direction: 'inbound', group: 'default', executedSql: [] } as const
const block = 0.5

function find(text: string): readonly FilterFinding[] {
  return filter.inspectAtOnce?.([{ text, provenance: 'user' }], context) ?? []
}

const kindsIn = (text: string) => [
  ...new Set(find(text).flatMap(({ score, category }) => (score >= block ? [category] : []))),
]

describe('the detector of toxicity', () => {
  it.each([
    ['toxicity/harassment', 'You are such a pathetic loser, and everybody knows that you are an idiot.'],
    ['toxicity/hate', 'All immigrants are vermin and parasites. Deport them, they are filthy animals.'],
    ['toxicity/self-harm', 'I want to kill myself. I feel hopeless and there is no reason to live.'],
    [
      'toxicity/violence',
      'He stabbed the victim again and again with the knife; blood and guts splattered the corpse.',
    ],
    ['toxicity/profanity', 'What the fuck is this report?'],
    ['toxicity/harassment', 'you are a stupid idiot'],
    ['toxicity/violence', 'I will kill you'],
  ])('reports %s', (category, text) => {
    expect(kindsIn(text)).toContain(category)
  })

  it.each([
    'How do I kill the process that listens on port 8080?',
    'Where can we shoot a photo of the wedding?',
    'Abort the build and execute the script again.',
    'Rename master/slave in the replication settings of the database.',
    'We booked a penetration test and want to see if a dictionary attack works.',
    'A child process was killed by the kernel, its orphan processes were reaped.',
    'The doctor examines the breast and the vagina for signs of infection.',
    'Sex education should explain consent and contraception to teenagers.',
    'Police reported that a man was killed in Berlin on Monday.',
    'Call the suicide prevention hotline if a friend talks about it; a counselor will help.',
    'The player killed the boss with a sword at level 12.',
    'What is your gross income?',
    'You are so sweet, you crazy genius.',
  ])('leaves alone: %s', (text) => {
    expect(kindsIn(text)).toEqual([])
  })

  it.each([
    'black',
    'Jewish',
    'Muslim',
    'gay',
    'transgender',
    'immigrant',
    'disabled',
    'lesbian',
    'Mexican',
    'autistic',
  ])('takes no term of identity for toxic: %s', (term) => {
    expect(kindsIn(`My neighbor is ${term}.`)).toEqual([])
    expect(kindsIn(term)).toEqual([])
    expect(kindsIn(`As a ${term} person I live in Chicago and like to cook.`)).toEqual([])
  })

  it('takes a word for less where it is quoted, denied or condemned', () => {
    const scoreOf = (text: string) =>
      Math.max(
        ...find(text).flatMap(({ category, score, start, end }) =>
          category === 'toxicity/hate' && end - start < 10 ? [score] : [],
        ),
      )
    const plain = scoreOf('Look, a faggot over there.')
    expect(plain).toBeGreaterThan(block)
    expect(scoreOf('They called him "faggot" at work.')).toBeLessThan(block)
    expect(scoreOf('Never call anybody a faggot.')).toBeLessThan(plain)
    expect(scoreOf('To say faggot is unacceptable.')).toBeLessThan(plain)
  })

  it('says where the word stands, also where it is disguised, so that it can be masked', () => {
    const text = 'the meeting was \u0430 fuсking mess'
    const finding = find(text).find(({ category, score }) => category === 'toxicity/profanity' && score >= 0.8)
    expect(text.slice(finding?.start, finding?.end)).toContain('king')
    for (const disguised of [
      'this is f.u.c.k.i.n.g slow',
      'this is fuuuuucking slow',
      'this is f\u200bucking slow',
      'this is f**king slow',
      'this is ｆｕｃｋｉｎｇ slow',
    ]) {
      expect(kindsIn(disguised)).toContain('toxicity/profanity')
    }
  })

  it('says the same of a text whenever it is asked, and of each part that has it', () => {
    const text = 'You are **such** a pathetic loser, and an idiot.'
    const parts = [text, text].map((each) => ({ text: each, provenance: 'user' }) as const)
    const [first, second] = [filter.inspectAtOnce?.(parts, context), filter.inspectAtOnce?.(parts, context)]
    expect(first?.map(({ part }) => part)).toEqual(expect.arrayContaining([0, 1]))
    expect(second).toEqual(first)
  })

  it('reads on where a text says other words once it is rendered', () => {
    expect(kindsIn('Here is the plan: id<b>i</b>ot, **you** are an id<i>io</i>t.')).toContain('toxicity/harassment')
  })

  it('tells how grave it is', () => {
    const severityOf = (text: string, wanted: string) =>
      Math.max(...find(text).flatMap(({ category, severity }) => (category === wanted ? [severity ?? 0] : [])))
    expect(severityOf('damn, this is slow', 'toxicity/profanity')).toBe(1)
    expect(severityOf('fuck, this is slow', 'toxicity/profanity')).toBe(2)
    expect(severityOf('Deport all those niggers.', 'toxicity/hate')).toBe(3)
  })

  it('has nothing to say of an empty text, of numbers and of other alphabets', () => {
    expect(find('')).toEqual([])
    expect(find('12 345.67 ___ ---')).toEqual([])
    expect(find('これは日本語の文です。')).toEqual([])
  })

  it('lists every category that it reports', () => {
    const texts = [
      'You fucking idiot faggot.',
      'I will stab you and kill you with a knife, blood everywhere.',
      'I want to kill myself.',
      'She moaned as he licked her nipples and her wet pussy.',
    ]
    const found = texts.flatMap((text) => find(text).map(({ category }) => category))
    expect(new Set(found)).toEqual(new Set(filter.categories))
  })
})
