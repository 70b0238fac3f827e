import { describe, expect, it } from 'vitest'
import { formsOf } from '../../../../../src/gateway/privacy/mask/name-forms.ts'

/** The forms of a name, each as its kind and its words: `reversed muster erika`. */
const forms = (name: string, category = 'pii/person') =>
  formsOf(name, category).map(({ kind, words }) => `${kind} ${words.join(' ')}`)
const sorted = (list: readonly string[]) => [...new Set(list)].toSorted()

describe('the forms of a name', () => {
  it.each<readonly [string, readonly string[]]>([
    ['Zyanka', ['single zyanka']],
    [
      'Erika Zyanka',
      ['whole erika zyanka', 'reversed zyanka erika', 'glued erikazyanka', 'part erika', 'part zyanka'],
    ],
    [
      'Zyanka, Erika',
      ['whole zyanka erika', 'whole erika zyanka', 'reversed zyanka erika', 'glued erikazyanka', 'part erika', 'part zyanka'],
    ],
    [
      'Erika Zyanka, Jr.',
      ['whole erika zyanka jr', 'whole erika zyanka', 'reversed zyanka erika', 'glued erikazyanka', 'part erika', 'part zyanka'],
    ],
    [
      'Erika Zyanka, PhD MD',
      ['whole erika zyanka phd md', 'whole erika zyanka', 'reversed zyanka erika', 'glued erikazyanka', 'part erika', 'part zyanka'],
    ],
    [
      'Zyanka, Erika Jr.',
      ['whole zyanka erika jr', 'whole erika jr zyanka', 'reversed zyanka erika jr', 'glued erikajrzyanka', 'whole erika zyanka', 'reversed zyanka erika', 'glued erikazyanka', 'part erika', 'part zyanka'],
    ],
    [
      'Prof. Dr. Erika Zyanka',
      ['whole prof dr erika zyanka', 'whole erika zyanka', 'reversed zyanka erika', 'glued erikazyanka', 'part erika', 'part zyanka'],
    ],
    ['Frau Zyanka', ['whole frau zyanka', 'part zyanka']],
    ['Zyanka Jr.', ['whole zyanka jr', 'part zyanka']],
    ['Dr. Jr.', ['whole dr jr']],
    [
      'Eva Zyan-Bork',
      ['whole eva zyan bork', 'reversed zyan bork eva', 'glued evazyanbork', 'part eva', 'part zyan bork'],
    ],
    ["Eva O'Zyan", ['whole eva o zyan', 'reversed o zyan eva', 'glued evaozyan', 'part eva', 'part o zyan']],
    ['Zyan-Bork', ['whole zyan bork']],
    [
      'Jürgen Zyanka',
      ['whole jurgen zyanka', 'whole juergen zyanka', 'reversed zyanka jurgen', 'reversed zyanka juergen', 'glued jurgenzyanka', 'glued juergenzyanka', 'part jurgen', 'part juergen', 'part zyanka'],
    ],
    ['Ümit', ['single umit', 'single uemit']],
    ['Ed Zy', ['whole ed zy', 'reversed zy ed']],
    ['Ed Zyank', ['whole ed zyank', 'reversed zyank ed', 'glued edzyank', 'part zyank']],
    ['Ed Zyan', ['whole ed zyan', 'reversed zyan ed', 'part zyan']],
    ['E Z', []],
    ['Will Page', ['whole will page', 'reversed page will']],
    ['Erika von Zyanka', [
      'whole erika von zyanka', 'reversed zyanka erika von', 'glued erikavonzyanka', 'whole erika zyanka',
      'reversed zyanka erika', 'glued erikazyanka', 'part erika', 'part zyanka',
    ]],
    ['erika zyanka', ['whole erika zyanka', 'reversed zyanka erika', 'glued erikazyanka']],
  ])('of a person, %s', (name, expected) => {
    expect(sorted(forms(name))).toEqual(sorted(expected))
  }) // prettier-ignore

  it('of anything else is the whole of it', () => {
    for (const category of ['pii/organization', 'pii/location', 'pii/address']) {
      expect(forms('Zyanka Pumps', category)).toEqual(['whole zyanka pumps'])
      expect(forms('Zyanka', category)).toEqual(['single zyanka'])
      expect(forms('Zyänka', category)).toEqual(['single zyanka', 'single zyaenka'])
    }
    expect(forms('…')).toEqual([])
  })

  it('of up to eight words are more than the whole of it', () => {
    const name = (words: number) => Array.from({ length: words }, (_, at) => `Zyank${'abcdefghi'.charAt(at)}`).join(' ')
    expect(forms(name(8)).length).toBeGreaterThan(1)
    expect(forms(name(9))).toEqual([`whole ${name(9).toLowerCase()}`])
  })

  it('say how the name is written, what is between its words and behind them, and whether they are words of sentences', () => {
    const [whole, ...more] = formsOf('Will  Zyan-Bork!', 'pii/person')
    expect(whole).toEqual({
      kind: 'whole',
      words: ['will', 'zyan', 'bork'],
      written: ['Will', 'Zyan', 'Bork'],
      gaps: ['  ', '-'],
      tail: '!',
      isCommon: false,
    })
    const of = (kind: string) => more.find((form) => form.kind === kind)
    expect(of('reversed')).toMatchObject({ written: ['Zyan', 'Bork', 'Will'], gaps: ['-', ''], tail: '' })
    expect(of('glued')).toMatchObject({ written: ['WillZyanBork'], gaps: [], tail: '', isCommon: false })
    expect(of('part')).toMatchObject({ written: ['Zyan', 'Bork'], gaps: ['-'], tail: '', isCommon: false })
    expect(formsOf('Will', 'pii/person')).toMatchObject([{ kind: 'single', gaps: [], tail: '', isCommon: true }])
    expect(formsOf('Will von Page', 'pii/person').every(({ isCommon }) => isCommon)).toBe(true)
  })
})
