import { describe, expect, it } from 'vitest'
import {
  restoreLetters,
  restoreText,
  TextRestorer,
  type RestoreOptions,
} from '../../../../../src/gateway/privacy/restore/text-restorer.ts'
import { bookWith, spellings } from '../../../../support/privacy/private-calls.ts'

const book = bookWith(1)
const email = book.tokenFor('pii/email', 'kim@x.example')
const quoted = book.tokenFor('pii/person', 'Kim "K"')
const card = book.numberFor('pii/card', '4111111111111111', () => false)
const phone = book.numberFor('pii/phone', '12345678901234567890', () => false)

function restorer(form: RestoreOptions['form'] = 'prose', given = book) {
  const told: string[] = []
  const onToken: RestoreOptions['onToken'] = ({ value }, outcome) => told.push(`${outcome} ${value}`)
  return { restorer: new TextRestorer({ book: given, spellings, form, onToken }), told }
}
/** What leaves with each piece, and at the end. */
function leaving(pieces: readonly string[], form: RestoreOptions['form'] = 'prose', given = book): readonly string[] {
  const { restorer: reads } = restorer(form, given)
  return [...pieces.map((piece) => reads.push(piece)), reads.end()]
}

describe('a text that comes in pieces', () => {
  it('waits for the rest of a token and for what says that it is no address, and no longer', () => {
    expect(leaving([`to ${email}`, '. ', 'x'])).toEqual(['to ', 'kim@x.example. ', 'x', ''])
    expect(leaving([`to ${email}`, '.', ' '])).toEqual(['to ', '', 'kim@x.example. ', ''])
    expect(leaving([`to ${email}-a.`, 'x'])).toEqual(['to ', `${email}-a.x`, ''])
    expect(leaving([`to ${email}-a.`, ' '])).toEqual(['to ', 'kim@x.example-a. ', ''])
    expect(leaving([`to ${email} x`])).toEqual(['to kim@x.example x', ''])
    expect(leaving([`to ${email}`])).toEqual(['to ', 'kim@x.example'])
  })

  it('waits no further than a name of a host may go on', () => {
    expect(leaving([`${email}${'é'.repeat(62)}`])).toEqual(['', `kim@x.example${'é'.repeat(62)}`])
    expect(leaving([`${email}-${'é'.repeat(62)}`, '!!'])).toEqual(['', `kim@x.example-${'é'.repeat(62)}!!`, ''])
    expect(leaving([`${email}-${'é'.repeat(64)}`])).toEqual([`kim@x.example-${'é'.repeat(64)}`, ''])
  })

  it('reads tokens as parts of the text that stands around the next one', () => {
    expect(leaving([`${email}/ ${email}`]).join('')).toBe('kim@x.example/ kim@x.example')
    expect(leaving([`x.${email}?${email} x`]).join('')).toBe(`x.${email}?${email} x`)
  })

  it('is the same in pieces where one number, or a number and a surrogate, begin alike', () => {
    const given = bookWith(3)
    given.add({ token: '4242', category: 'pii/card', value: '9999' })
    given.add({ token: '4242 4242 4242 4242', category: 'pii/card', value: '4539 1488 0343 6467', isSurrogate: true })
    for (const [text, expected] of [
      ['is 4242 now', 'is 9999 now'],
      ['is 4242 4242 4242 4242 now', 'is 4539 1488 0343 6467 now'],
      ['is 4242 42 now', 'is 9999 42 now'],
      ['is 4242 4242 4242 424', 'is 9999 9999 9999 424'],
    ] as const) {
      for (let at = 0; at <= text.length; at += 1) {
        expect(leaving([text.slice(0, at), text.slice(at)], 'prose', given).join('')).toBe(expected)
      }
      expect(leaving(Array.from(text), 'prose', given).join('')).toBe(expected)
    }
  })

  it('says whether it holds anything', () => {
    const { restorer: reads } = restorer()
    expect(reads.holds).toBe(false)
    reads.push('an E')
    expect(reads.holds).toBe(true)
    reads.push('x ')
    expect(reads.holds).toBe(false)
    reads.push('an E')
    reads.end()
    expect(reads.holds).toBe(false)
  })

  it('goes on as it comes where there is nothing to restore', () => {
    expect(leaving(['an E', 'MAIL'], 'prose', bookWith(2))).toEqual(['an E', 'MAIL', ''])
  })

  it('begins no token behind a letter, or within an escape, that came before', () => {
    expect(leaving(['seeX', ` ${email} x`])).toEqual(['seeX', ' kim@x.example x', ''])
    expect(leaving(['see X', `${email} x`])).toEqual(['see X', `${email} x`, ''])
    expect(leaving(['a\\n', `${email}",`], 'json').join('')).toBe('a\\nkim@x.example",')
    expect(leaving(['a\\nEMAI', `${email.slice(4)}",`], 'json').join('')).toBe('a\\nkim@x.example",')
    expect(leaving([`${'é'.repeat(30)}\\u00e9`, `${email}",`], 'json').join('')).toBe(
      `${'é'.repeat(30)}\\u00e9kim@x.example",`,
    )
    expect(leaving([`${'é'.repeat(30)}\\\\n`, `${email}",`], 'json').join('')).toBe(`${'é'.repeat(30)}\\\\n${email}",`)
  })

  it('has each number whole before it is one of those that stand for others', () => {
    expect(leaving([card.slice(0, 5), card.slice(5), ', '])).toEqual(['', '', '4111111111111111, ', ''])
    expect(leaving([phone.slice(0, 5), phone.slice(5), ', '])).toEqual(['', '', '12345678901234567890, ', ''])
    expect(leaving([card])).toEqual(['', '4111111111111111'])
    expect(leaving([`${card}1 x`])).toEqual([`${card}1 x`, ''])
    expect(leaving([`1${card} x`])).toEqual([`1${card} x`, ''])
    expect(leaving(['1', `${card} x`]).join('')).toBe(`1${card} x`)
    expect(leaving([card.slice(0, 5), ' x'])).toEqual(['', `${card.slice(0, 5)} x`, ''])
    expect(leaving(['x 0', ' x'])).toEqual(['x 0', ' x', ''])
  })

  it('has tokens and numbers in the order in which they stand', () => {
    const text = `${card} ${email} ${card} ${quoted} x`
    const restored = '4111111111111111 kim@x.example 4111111111111111 Kim "K" x'
    expect(leaving([text])).toEqual([restored, ''])
    expect(restoreText(text, { book, spellings, form: 'prose' })).toBe(restored)
    expect(leaving([`${email} `, card, ' ', 'E', ` ${card} x`]).join('')).toBe(
      'kim@x.example 4111111111111111 E 4111111111111111 x',
    )
    expect(leaving([`${email} ${card}`])[0]).toBe('kim@x.example ')
    expect(leaving([`${card} E`])[0]).toBe('4111111111111111 ')
  })

  it('tells of each token once what became of it, and of what stands for nothing not at all', () => {
    const { restorer: reads, told } = restorer()
    for (const character of `${email} a/EMAIL_B1C2D3F4G5 https://x.example/${email} ${card} x`) reads.push(character)
    reads.end()
    expect(told).toEqual(['restored kim@x.example', 'left kim@x.example', 'restored 4111111111111111'])
  })
})

describe('every token of a text', () => {
  const told: string[] = []
  const letters = (text: string, form: RestoreOptions['form'] = 'prose') =>
    restoreLetters(text, { book, spellings, form, onToken: ({ value }, outcome) => told.push(`${outcome} ${value}`) })

  it('has its value, wherever it stands, in the form in which it is read', () => {
    expect(letters(`${card} https://x.example/${email} ${quoted}`)).toBe(
      '4111111111111111 https://x.example/kim@x.example Kim "K"',
    )
    expect(letters(`{"a":"${quoted}","n":${card}}`, 'json')).toBe('{"a":"Kim \\"K\\"","n":4111111111111111}')
    expect(letters(`"a\\n${email}"`, 'json')).toBe('"a\\nkim@x.example"')
    expect(told.splice(0)).toEqual([
      'restored 4111111111111111',
      'restored kim@x.example',
      'restored Kim "K"',
      'restored Kim "K"',
      'restored 4111111111111111',
      'restored kim@x.example',
    ])
  })

  it('is left where it stands for nothing', () => {
    const text = `EMAIL_B1C2D3F4G5 ${card}1 1${card} x${email}`
    expect(letters(text)).toBe(text)
    expect(told).toEqual([])
    expect(restoreLetters(email, { book: bookWith(2), spellings, form: 'prose' })).toBe(email)
    expect(restoreLetters(email, { book, spellings, form: 'prose' })).toBe('kim@x.example')
  })

  it('that is glued to a number is one of them', () => {
    const glued = bookWith(3)
    glued.add({ token: 'EMAIL_B1C2D3F4G5', category: 'pii/email', value: 'kim@x.example' })
    glued.add({ token: '5678', category: 'pii/card', value: '4321' })
    expect(restoreLetters('EMAIL_B1C2D3F4G5678', { book: glued, spellings, form: 'prose' })).toBe('kim@x.example678')
  })
})
