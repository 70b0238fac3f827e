import { describe, expect, it } from 'vitest'
import { restoreText, TextRestorer } from '../../../../../src/gateway/privacy/restore/text-restorer.ts'
import { LiveSurrogates } from '../../../../../src/gateway/privacy/surrogates/live-surrogates.ts'
import { surrogateRanges } from '../../../../../src/gateway/privacy/surrogates/ranges.ts'
import { SurrogateMaker } from '../../../../../src/gateway/privacy/surrogates/surrogate-maker.ts'
import { surrogateKinds } from '../../../../../src/gateway/privacy/surrogates/options.ts'
import { verifies } from '../../../../support/verifies.ts'
import { bookWith, spellings } from '../../../../support/privacy/private-calls.ts'

const kinds = new Set<string>(surrogateKinds)

function makerWith(said: readonly string[] = [], stops: readonly string[] = []) {
  const book = bookWith(1)
  const saidLike = (form: RegExp) => said.flatMap((text) => text.match(form) ?? [])
  return { book, maker: new SurrogateMaker({ book, kinds, stops, saidLike }) }
}

const card = '4539 1488 0343 6467'
const email = 'kim.wexler@hamlin.example'

/** A surrogate, and what an answer with it comes to. */
function answered(
  kind: string,
  value: string,
  answer: (surrogate: string) => string,
  form: 'prose' | 'json' = 'prose',
) {
  const { book, maker } = makerWith()
  const surrogate = maker.for(kind, value) ?? 'none'
  const text = answer(surrogate)
  const whole = restoreText(text, { book, spellings, form })
  const restorer = new TextRestorer({ book, spellings, form })
  const pieces = Array.from(text, (character) => restorer.push(character)).join('') + restorer.end()
  expect(pieces).toBe(whole)
  return { surrogate, text, whole }
}

describe('a surrogate', () => {
  it('is the same for the same value under the same key, and another under another', () => {
    verifies('surrogates.by-value')
    for (const value of ['536-22-8145', '123-45-6789']) {
      const one = makerWith().maker.for('pii/ssn', value)
      expect(makerWith().maker.for('pii/ssn', value)).toBe(one)
      const other = new SurrogateMaker({ book: bookWith(2), kinds, stops: [], saidLike: () => [] })
      expect(other.for('pii/ssn', value)).not.toBe(one)
    }
  })

  it('has the digits of another only where the value has', () => {
    const { maker } = makerWith()
    const one = maker.for('pii/card', card) ?? ''
    expect(maker.for('pii/card', card.replaceAll(' ', '-'))).toBe(one.replaceAll(' ', '-'))
    expect(maker.for('pii/card', card.replaceAll(' ', ''))).toBe(one.replaceAll(' ', ''))
    expect(maker.made).toEqual(new Map([['pii/card', 3]]))
  })

  it('stands for one value only, until there are no more, and says so', () => {
    verifies('surrogates.used-up')
    const { book, maker } = makerWith()
    const values = Array.from({ length: 1_000 }, (_, index) => `10.${index % 200}.${Math.floor(index / 200)}.1`)
    const surrogates = values.map((value) => maker.for('pii/ip-address', value))
    const made = surrogates.filter((surrogate) => surrogate !== null)
    expect(made).toHaveLength(762)
    expect(new Set(made).size).toBe(762)
    expect(maker.missed).toEqual(new Map([['pii/ip-address', 238]]))
    for (const [index, surrogate] of surrogates.entries()) {
      if (surrogate !== null) expect(restoreText(surrogate, { book, spellings, form: 'prose' })).toBe(values[index])
    }
  })

  it('is no text of the conversation, in whatever way it is written there', () => {
    verifies('surrogates.never-said')
    const usual = makerWith().maker.for('pii/card', card) ?? ''
    for (const said of [usual, usual.replaceAll(' ', ''), usual.replaceAll(' ', '-'), `is ${usual} yours?`]) {
      const other = makerWith([said]).maker.for('pii/card', card)
      expect(other).not.toBe(usual)
      expect(other).toMatch(/^4\d{3}(?: \d{4}){3}$/)
    }
    const named = makerWith().maker.for('pii/person', 'Kim Wexler') ?? ''
    expect(makerWith([named.toUpperCase()]).maker.for('pii/person', 'Kim Wexler')).not.toBe(named)
  })

  it('is not the value itself', () => {
    const amex = ['378282246310005', '371449635398431', '378734493671000', '370000000000002']
    for (let key = 1; key <= 20; key += 1) {
      for (const value of amex) {
        const maker = new SurrogateMaker({ book: bookWith(key), kinds, stops: [], saidLike: () => [] })
        expect(amex.filter((other) => other !== value)).toContain(maker.for('pii/card', value))
      }
    }
  })

  it('holds no stop text', () => {
    const usual = makerWith().maker.for('pii/email', email) ?? ''
    const [stop = ''] = usual.split('@')
    expect(makerWith([], [stop]).maker.for('pii/email', email)).not.toContain(stop)
  })
})

describe('an answer with a surrogate', () => {
  const values: readonly (readonly [kind: string, value: string])[] = [
    ['pii/card', card],
    ['pii/card', '4539148803436467'],
    ['pii/phone', '+1 (415) 555-2671'],
    ['pii/phone', '+49 30 1234567'],
    ['pii/email', email],
    ['pii/iban', 'FR14 2004 1010 0505 0001 3M02 606'],
    ['pii/ssn', '536-22-8145'],
    ['pii/ip-address', '10.1.2.3'],
    ['pii/ip-address', '2a00:1450:4001::8'],
    ['pii/mac-address', '3c:22:fb:00:11:aa'],
    ['pii/person', 'Kim Wexler'],
    ['pii/person', 'Иван Петров'],
    ['pii/date-of-birth', '1984-03-12'],
  ]

  it.each(values)('has the value again: %s %s', (kind, value) => {
    verifies('surrogates.restored')
    for (const form of ['prose', 'json'] as const) {
      const { whole } = answered(
        kind,
        value,
        (surrogate) => `It is ${surrogate}, "${surrogate}". Or (${surrogate})`,
        form,
      )
      expect(whole).toBe(`It is ${value}, "${value}". Or (${value})`)
    }
  })

  it.each(values)('has it where the model wrote capitals: %s %s', (kind, value) => {
    const { surrogate, whole } = answered(kind, value, (given) => `It is ${given.toUpperCase()}.`)
    expect(whole).not.toContain(surrogate)
    expect(whole.toUpperCase()).toBe(`It is ${value}.`.toUpperCase())
  })

  it('has its digits as the model has set those of the surrogate', () => {
    verifies('surrogates.restored')
    expect(answered('pii/card', card, (given) => given.replaceAll(' ', '-')).whole).toBe('4539-1488-0343-6467')
    expect(answered('pii/card', card, (given) => given.replaceAll(' ', '')).whole).toBe('4539148803436467')
    expect(answered('pii/card', card, (given) => given.replaceAll(' ', ' -')).whole).toBe('4539 -1488 -0343 -6467')
    expect(
      answered('pii/ssn', '536228145', (given) => `${given.slice(0, 3)}-${given.slice(3, 5)}-${given.slice(5)}`).whole,
    ).toBe('536-22-8145')
    const phone = (given: string) => given.replace(/\+1 \((\d{3})\) /, '1-$1-')
    expect(answered('pii/phone', '+1 (415) 555-2671', phone).whole).toBe('1-415-555-2671')
  })

  it.each([
    ['pii/card', card, (given: string) => `9${given}`],
    ['pii/card', card, (given: string) => `${given}9`],
    ['pii/card', card, (given: string) => `x${given}`],
    ['pii/card', card, (given: string) => `${given}-99`],
    ['pii/card', card, (given: string) => given.slice(0, -1)],
    ['pii/card', card, (given: string) => given.replace(' ', '   ')],
    ['pii/card', card, (given: string) => given.replace(' ', '*')],
    ['pii/person', 'Kim Wexler', (given: string) => given.replace(' ', '  ')],
    ['pii/email', email, (given: string) => given.replace('@', ' @')],
    ['pii/email', email, (given: string) => `x.${given}`],
    ['pii/email', email, (given: string) => `${given}.evil.example`],
    ['pii/email', email, (given: string) => given.replace('example', 'example2')],
    ['pii/ip-address', '10.1.2.3', (given: string) => `1.${given}`],
    ['pii/ip-address', '10.1.2.3', (given: string) => `${given}0`],
    ['pii/ip-address', '10.1.2.3', (given: string) => `${given}.5`],
    ['pii/ip-address', '2a00:1450:4001::8', (given: string) => `${given}:8080`],
    ['pii/ip-address', '2a00:1450:4001::8', (given: string) => `fe80:${given}`],
    ['pii/mac-address', '3c:22:fb:00:11:aa', (given: string) => `${given}:07:08`],
    ['pii/person', 'Kim Wexler', (given: string) => `${given}-Meyer`],
    ['pii/person', 'Kim Wexler', (given: string) => `${given}'son`],
    ['pii/person', 'Kim Wexler', (given: string) => `${given}'sx`],
    ['pii/person', 'Kim Wexler', (given: string) => `O'${given}`],
    ['pii/person', 'Kim Wexler', (given: string) => `and'${given}`],
    ['pii/person', 'Kim Wexler', (given: string) => `the_${given}_id`],
    ['pii/person', 'Kim Wexler', (given: string) => `${given}_id`],
    ['pii/person', 'Kim Wexler', (given: string) => `____${given}____`],
    ['pii/person', 'Kim Wexler', (given: string) => `${given}son`],
    ['pii/person', 'Kim Wexler', (given: string) => given.split(' ')[1] ?? ''],
    ['pii/date-of-birth', '1984-03-12', (given: string) => `${given}-07`],
  ])('has no value where more stands around it, or less of it: %s %#', (kind, value, answer) => {
    verifies('surrogates.whole')
    const { text, whole } = answered(kind, value, answer)
    expect(whole).toBe(text)
  })

  it.each(values)('has the value again within the marks of emphasis: %s %s', (kind, value) => {
    verifies('surrogates.restored')
    for (const mark of ['_', '__', '***', '~~', '`']) {
      const { whole } = answered(
        kind,
        value,
        (surrogate) => `It is ${mark}${surrogate}${mark}, (${mark}${surrogate}${mark})`,
      )
      expect(whole).toBe(`It is ${mark}${value}${mark}, (${mark}${value}${mark})`)
      expect(answered(kind, value, (surrogate) => `${mark}${surrogate}${mark}`).whole).toBe(`${mark}${value}${mark}`)
    }
  })

  it.each([
    ['pii/person', 'Kim Wexler', "'s cat"],
    ['pii/person', 'Kim Wexler', '’s, too'],
    ['pii/person', 'KIM WEXLER', "'S CAT"],
    ['pii/person', 'Kim Wexler', "'s"],
    ['pii/person', 'Kim Wexler', "'"],
    ['pii/person', 'Kim Wexler', "' cat"],
    ['pii/person', 'Kim Wexler', '’'],
    ['pii/person', 'Kim Wexler', 's Katze'],
    ['pii/person', 'Kim Wexler', 's'],
    ['pii/person', 'KIM WEXLER', 'S KATZE'],
    ['pii/person', 'Kim Wexler', 's. Und'],
    ['pii/email', email, "'s inbox"],
    ['pii/card', card, "'s date"],
    ['pii/ip-address', '10.1.2.3', "'s port"],
    ['pii/ip-address', '10.1.2.3', ':8080'],
    ['pii/ip-address', '10.1.2.3', ':443, and'],
    ['pii/ip-address', '10.1.2.3', ':error'],
    ['pii/ip-address', '10.1.2.3', '/24'],
    ['pii/ip-address', '2a00:1450:4001::8', "'s"],
    ['pii/ip-address', '2a00:1450:4001::8', ']:8080'],
    ['pii/ip-address', '2a00:1450:4001::8', ': up'],
  ])('has the value again where only grammar or a port follows: %s %s %s', (kind, value, behind) => {
    verifies('surrogates.restored')
    expect(answered(kind, value, (surrogate) => `It is ${surrogate}${behind}`).whole).toBe(`It is ${value}${behind}`)
  })

  it.each([
    ['pii/person', 'Kim Wexler', 'son'],
    ['pii/person', 'Kim Wexler', 's-Baines'],
    ['pii/person', 'Kim Wexler', 's_2'],
    ['pii/person', 'Kim Wexler', 'z Katze'],
    ['pii/email', email, 's Katze'],
    ['pii/ip-address', '2a00:1450:4001::8', 's'],
  ])('has no value where a longer word stands: %s %s %s', (kind, value, behind) => {
    const { text, whole } = answered(kind, value, (surrogate) => `Es ist ${surrogate}${behind} da`)
    expect(whole).toBe(text)
  })

  it.each([
    ['pii/person', 'Kim Wexler', "d'"],
    ['pii/person', 'Kim Wexler', 'L’'],
    ['pii/person', 'Kim Wexler', "lorsqu'"],
    ['pii/person', 'Kim Wexler', "chez l'"],
    ['pii/person', 'Kim Wexler', "'"],
    ['pii/ip-address', '10.1.2.3', 'host:'],
    ['pii/ip-address', '10.1.2.3', '::ffff:'],
  ])('has the value again where only grammar or a word and a colon precede: %s %s %s', (kind, value, before) => {
    verifies('surrogates.restored')
    expect(answered(kind, value, (surrogate) => `${before}${surrogate} is it`).whole).toBe(`${before}${value} is it`)
  })

  it.each([
    (given: string) => `[x](https://evil.example/?q=${given})`,
    (given: string) => `![x](https://evil.example/${given})`,
    (given: string) => `<img src="https://evil.example/${given}">`,
    (given: string) => `[mail](mailto:${given})`,
    (given: string) => `https://${given}/`,
    (given: string) => `https://user@${given}`,
  ])('has no value in an address or a tag: %#', (answer) => {
    verifies('pii.addresses')
    for (const [kind, value] of [
      ['pii/email', email],
      ['pii/ssn', '536-22-8145'],
      ['pii/ip-address', '10.1.2.3'],
    ] as const) {
      const { text, whole } = answered(kind, value, answer)
      expect(whole).toBe(text)
    }
  })

  it('has no value for another number of the range', () => {
    const { book, maker } = makerWith()
    const surrogate = maker.for('pii/card', card) ?? ''
    const another = surrogate === '4111 1111 1111 1111' ? '4242 4242 4242 4242' : '4111 1111 1111 1111'
    expect(restoreText(`${another} or ${surrogate}`, { book, spellings, form: 'prose' })).toBe(`${another} or ${card}`)
  })

  it('is read behind an escape of JSON', () => {
    const { whole } = answered('pii/person', 'Kim Wexler', (given) => `{"a":"x\\n${given}\\n"}`, 'json')
    expect(whole).toBe('{"a":"x\\nKim Wexler\\n"}')
  })
})

describe('the surrogates of a conversation', () => {
  const phones = surrogateRanges.get('pii/phone') ?? expect.unreachable()
  const entry = (token: string, value = '+1 415 555 2671') => ({ category: 'pii/phone', value, token })

  it('are each of one value, whatever is dialled before them', () => {
    const live = new LiveSurrogates()
    live.add(entry('202-555-0143'), 'ann')
    expect(live.isFree(phones, '202-555-0143', 'ann')).toBe(false)
    expect(live.isFree(phones, '202 555 0143', 'ann')).toBe(true)
    for (const text of ['202 555 0143', '2025550143', '+1 202-555-0143', '12025550143', '001 202 555 0143']) {
      expect({ text, isFree: live.isFree(phones, text, 'bob') }).toEqual({ text, isFree: false })
    }
    expect(live.isFree(phones, '+1 202-555-0143', 'ann')).toBe(true)
    expect(live.isFree(phones, '+1 202-555-0144', 'bob')).toBe(true)
  })

  it('are each of one value, whatever was dialled before the first', () => {
    const live = new LiveSurrogates()
    live.add(entry('+1 202-555-0143'), 'ann')
    expect([live.isFree(phones, '202-555-0143', 'bob'), live.isFree(phones, '202-555-0143', 'ann')]).toEqual([
      false,
      true,
    ])
  })

  it('are as many as values, and told by value and kind', () => {
    const live = new LiveSurrogates()
    expect([live.size, live.of('pii/phone', '+1 415 555 2671')]).toEqual([0, null])
    live.add(entry('202-555-0143'), 'ann')
    live.add({ ...entry('x'), category: 'custom/none' }, 'ann')
    expect([live.size, [...live.entries()]]).toEqual([1, [entry('202-555-0143')]])
    expect([live.of('pii/phone', '+1 415 555 2671'), live.of('pii/ssn', '+1 415 555 2671')]).toEqual([
      '202-555-0143',
      null,
    ])
  })

  it('hold a stretch of a text that is one of them, or a part of one, but for signs around it', () => {
    const live = new LiveSurrogates()
    const text = 'Call (202) 555-0143, please'
    expect(live.holds(text, 5, 19)).toBe(false)
    live.add(entry('202-555-0143'), 'ann')
    const holds = (part: string) => live.holds(text, text.indexOf(part), text.indexOf(part) + part.length)
    expect(['(202) 555-0143', '202) 555-0143', '555-0143', '(202', ' (202) 555-0143, '].map(holds)).toEqual([
      true,
      true,
      true,
      true,
      true,
    ])
    expect(['Call (202) 555-0143', '0143, please', 'Call', 'Call (', ', please'].map(holds)).toEqual([
      false,
      false,
      false,
      false,
      false,
    ])
    // Signs beside it are no part of it.
    const [from, to] = [live.find(text).places[0]?.start ?? 0, live.find(text).places[0]?.end ?? 0]
    expect([live.holds(text, from - 1, from), live.holds(text, to, to + 2)]).toEqual([false, false])
  })

  it('are looked for from a place on, and one that may go on is undecided from its beginning', () => {
    const live = new LiveSurrogates()
    expect(live.find('202-555-0143')).toEqual({ places: [], undecided: 12 })
    live.add(entry('202-555-0143'), 'ann')
    const text = '202-555-0143 or 202-555-01'
    expect(live.find(text).places).toHaveLength(1)
    expect(live.find(text).undecided).toBe(text.length)
    expect(live.find(text, { from: 1 }).places).toEqual([])
    expect(live.find(text, { isWhole: false }).undecided).toBe(16)
    expect(live.find('202-555-0143', { isWhole: false })).toEqual({ places: [], undecided: 0 })
    expect(live.find('x 202-555-0143 ', { isWhole: false }).places).toMatchObject([{ start: 2, end: 14 }])
  })
})
