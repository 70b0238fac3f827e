import { describe, expect, it } from 'vitest'
import { ChoiceRestorer } from '../../../../../src/gateway/privacy/restore/choice-restorer.ts'
import { bookWith, spellings } from '../../../../support/privacy/private-calls.ts'
import { verifies } from '../../../../support/verifies.ts'

const book = bookWith(1)
const person = book.tokenFor('pii/person', 'Erika "E" Zyanka')
const email = book.tokenFor('pii/email', 'kim@x.example')
const choices = new Map([
  [person, 'Erika "E" Zyanka'],
  [`${person}, Sales`, 'Erika "E" Zyanka, Sales'],
])

/** What comes out of a text, and what became of its tokens. */
function restored(text: string, form: 'json' | 'prose' = 'json') {
  const outcomes: string[] = []
  const onToken = (_entry: unknown, outcome: string) => outcomes.push(outcome)
  const restorer = new ChoiceRestorer({ book, spellings, form, choices, onToken })
  const pushed = Array.from(text, (letter) => restorer.push(letter)).join('')
  expect([pushed, restorer.holds]).toEqual(['', text !== ''])
  const whole = restorer.end()
  expect(restorer.holds).toBe(false)
  return { whole, outcomes }
}

describe('what a tool lists', () => {
  it('comes back where it is the whole of a text of JSON, however deep, and written as JSON writes it', () => {
    verifies('pii.choices')
    const given = `{ "to" : ["${person}", {"a": "${person}, Sales"}], "n": 1.0 }`
    expect(restored(given)).toEqual({
      whole: '{ "to" : ["Erika \\"E\\" Zyanka", {"a": "Erika \\"E\\" Zyanka, Sales"}], "n": 1.0 }',
      outcomes: ['restored', 'restored'],
    })
  })

  it.each([
    ['a part of a text', `{"to":"to ${person}"}`],
    ['other words with it', `{"to":"${person}, Legal"}`],
    ['the name of a member', `{"${person}":1}`],
    ['what it does not list', `{"to":"${email}"}`],
    ['JSON that is cut', `{"to":"${person}"`],
    ['JSON that is nested too deep to be looked at', `${'['.repeat(600)}"${person}"${']'.repeat(600)}`],
  ])('does not come back in %s', (_what, text) => {
    expect(restored(text)).toEqual({ whole: text, outcomes: ['left'] })
  })

  it('comes back where the model writes its token in another way', () => {
    const written = person.toLowerCase().replace('_', ' ')
    expect(restored(`{"to":"${written}, Sales"}`).whole).toBe('{"to":"Erika \\"E\\" Zyanka, Sales"}')
  })

  it('comes back as the whole of a text that is no JSON', () => {
    expect(restored(person, 'prose').whole).toBe('Erika "E" Zyanka')
    expect(restored(`"${person}"`, 'prose').whole).toBe(`"${person}"`)
    expect(restored('', 'prose').whole).toBe('')
  })

  it('comes back for its surrogate', () => {
    const other = bookWith(2)
    other.add({ token: 'Oskar Albrecht', category: 'pii/person', value: 'Kim Wexler', isSurrogate: true })
    const listed = new Map([['Oskar Albrecht, Sales', 'Kim Wexler, Sales']])
    const restorer = new ChoiceRestorer({ book: other, spellings, form: 'json', choices: listed })
    restorer.push('["OSKAR ALBRECHT, Sales", "Oskar Albrecht"]')
    expect(restorer.end()).toBe('["Kim Wexler, Sales", "Oskar Albrecht"]')
  })
})
