import { describe, expect, it } from 'vitest'
import { createDetect } from '../../../../src/gateway/privacy/detect/detect.ts'
import { createDetectorsFor } from '../../../../src/gateway/privacy/detect/detectors.ts'
import {
  defaultPrivacyProfile,
  privacyOptions,
  type MaskingLevel,
} from '../../../../src/gateway/privacy/profiles/options.ts'
import type { FilterPart } from '../../../../src/filters/filter.ts'
import { never } from '../../../support/filters/filter-fixtures.ts'
import { verifies } from '../../../support/verifies.ts'
import { maskForTest } from '../../../support/privacy/private-calls.ts'

const { chain, answerChain } = createDetectorsFor(privacyOptions.parse({}))(defaultPrivacyProfile)
const text = 'My name is Jonas Weber, and I work at Hamlin Holdings LLC in Hamburg.'

async function found(part: Omit<FilterPart, 'provenance'>, level: MaskingLevel = 'all', from = chain) {
  const detect = createDetect({ chain: from, profile: defaultPrivacyProfile, level, group: 'default' })
  const values = await detect([{ ...part, provenance: 'user' }], never)
  return values.map(({ start, end, category }) => `${category}: ${part.text.slice(start, end)}`)
}

describe('names in what a model is sent', () => {
  it('are found by a profile that says nothing else', async () => {
    verifies('pii.names')
    const names = ['pii/person: Jonas Weber', 'pii/organization: Hamlin Holdings LLC', 'pii/location: Hamburg']
    expect((await found({ text })).toSorted()).toEqual(names.toSorted())
  })

  it('are left where only what has a form of its own is hidden, and in what programs compare', async () => {
    verifies('pii.names')
    expect(await found({ text }, 'structured')).toEqual([])
    expect(await found({ text, isCompared: true })).toEqual([])
  })

  it('are not looked for in an answer, which is read before its sentences are whole', async () => {
    expect(await found({ text }, 'all', answerChain)).toEqual([])
  })

  it('have tokens that say their kind, in every turn the same', async () => {
    const messages = [
      { role: 'user', content: text },
      { role: 'assistant', content: 'How can I help you, Jonas Weber?' },
      { role: 'user', content: 'Write a letter from Jonas Weber to my bank.' },
    ]
    const { body } = await maskForTest('chat-completions', { messages })
    const tokens = body.match(/PERSON_[A-Z0-9]{10}/g) ?? []
    expect(tokens).toHaveLength(3)
    expect(new Set(tokens).size).toBe(1)
    expect(body).toMatch(/COMPANY_[A-Z0-9]{10} in PLACE_[A-Z0-9]{10}/)
  })

  it('leave code, traces and tables of a call as they are', async () => {
    verifies('pii.names-technical')
    const code =
      'Why does this fail?\n\n```ts\nclass Jordan extends Madison {\n  austin = new Houston("Dallas")\n}\n```\n\n' +
      'TypeError: Lincoln is not a function\n    at Jackson.parse (/srv/jackson/index.js:12:4)\n\n| name | city |\n|---|---|\n| Kim Wexler | Albuquerque |'
    const { body } = await maskForTest('chat-completions', { messages: [{ role: 'user', content: code }] })
    expect(JSON.parse(body)).toEqual({ messages: [{ role: 'user', content: code }] })
  })

  it('of one small word are not taken for the same word elsewhere', async () => {
    const messages = [
      { role: 'user', content: 'hi, my name is will' },
      { role: 'user', content: 'the tests will pass' },
    ]
    const { body } = await maskForTest('chat-completions', { messages })
    expect(body).toContain('the tests will pass')
  })
})
