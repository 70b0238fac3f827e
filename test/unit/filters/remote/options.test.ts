import { describe, expect, it } from 'vitest'
import { presidioOptions } from '../../../../src/filters/remote/options.ts'

const url = 'http://127.0.0.1:5002'

describe('the options of Presidio', () => {
  it('ask for names of people and places, in English, with a certainty of a half', () => {
    const asked = { entities: ['PERSON', 'LOCATION'], threshold: 0.5, language: 'en', timeout_ms: 10_000 }
    expect(presidioOptions.parse({ url })).toEqual({ url, ...asked })
  })

  it.each([
    ['no address', {}],
    ['a file', { url: 'file:///etc/passwd' }],
    ['a user in the address', { url: 'http://kim:secret@127.0.0.1:5002' }],
    ['a query', { url: `${url}?x=1` }],
    ['no entity', { url, entities: [] }],
    ['an entity in small letters', { url, entities: ['person'] }],
    ['a threshold above one', { url, threshold: 50 }],
    ['a language with more than its letters', { url, language: 'en&x=1' }],
    ['no time', { url, timeout_ms: 0 }],
    ['a word that is not there', { url, entity: ['PERSON'] }],
  ])('refuse %s', (_name, options) => {
    expect(presidioOptions.safeParse(options).success).toBe(false)
  })
})
