import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createDetect } from '../../../../../src/gateway/privacy/detect.ts'
import { createDetectorsFor } from '../../../../../src/gateway/privacy/detectors.ts'
import { defaultPrivacyProfile, privacyOptions } from '../../../../../src/gateway/privacy/options.ts'
import { labelsOf } from '../../../../../src/gateway/privacy/labels-of.ts'
import { NewValues } from '../../../../../src/gateway/privacy/restore/new-values.ts'
import { labels } from '../../../../support/privacy/private-calls.ts'
import { verifies } from '../../../../support/verifies.ts'

const detect = createDetect({
  chain: createDetectorsFor(privacyOptions.parse({}))(defaultPrivacyProfile).chain,
  profile: defaultPrivacyProfile,
  level: 'structured',
  group: 'default',
})
const signal = AbortSignal.timeout(60_000)

function screen(
  form: 'prose' | 'json' = 'prose',
  said = '',
): { readonly values: NewValues; readonly withheld: string[] } {
  const withheld: string[] = []
  const wasSaid = (value: string): boolean => said.includes(value)
  const onWithheld = (category: string) => withheld.push(category)
  const isSurrogate = (): boolean => false
  const options = { detect, beginnings: null, labels, form, wasSaid, isSurrogate, signal, onWithheld } as const
  return { values: new NewValues(options), withheld }
}

async function whole(text: string, form: 'prose' | 'json' = 'prose', said = ''): Promise<string> {
  const { values } = screen(form, said)
  return (await values.push(text)) + (await values.end())
}

describe('what a model says of people', () => {
  it.each([
    ['Write to a.b@c.example, please.', 'Write to [email], please.'],
    ['Call +1 415 555 2671 today.', 'Call [phone] today.'],
    ['Card 4111 1111 1111 1111.', 'Card [card].'],
    ['a.b@c.example', '[email]'],
    ['SSN 536-22-8145\nnext', 'SSN [ssn]\nnext'],
    ['DE89 3704 0044 0532 0130 00 is it', '[iban] is it'],
  ])('%s is withheld', async (text, expected) => {
    expect(await whole(text)).toBe(expected)
  })

  it.each([
    'In 2024 it grew by 12.5 % to 1,234,567.',
    'for (let i = 0; i < 10; i += 1) { total += values[i] }',
    'commit 3f786850e387550fdab836ed7e6dc881de23001b',
    'Version 10.2.3 of 2024-05-06, order 12345678.',
    'EMAIL_B1C2D3F4G5 and PERSON_B1C2D3F4G5',
    '',
    ' \n\n ',
  ])('%j leaves as it is', async (text) => {
    expect(await whole(text)).toBe(text)
  })

  it('leaves where its caller has said it', async () => {
    expect(await whole('a.b@c.example d@e.example', 'prose', '{"x":"a.b@c.example"}')).toBe('a.b@c.example [email]')
  })

  it('leaves where its caller has said it, however JSON escapes it', async () => {
    const said = 'zoë@x.example'
    for (const written of [said, 'zo\\u00eb@x.example', 'zo\\u00EB\\u0040x.example']) {
      expect(await whole(`{"to":"${written}"}`, 'json', said)).toBe(`{"to":"${written}"}`)
      expect(await whole(`{"to":"${written}"}`, 'json', 'zoe@x.example')).toBe('{"to":"[email]"}')
    }
  })

  it('stays JSON where JSON was asked for', async () => {
    const answer = await whole('{"to":"a.b@c.example","card":4111111111111111}', 'json')
    expect(JSON.parse(answer)).toEqual({ to: '[email]', card: 0 })
  })

  it('leaves JSON that can be read, whatever escapes it is among', async () => {
    const values = ['a.b@c.example', '4111 1111 1111 1111', 'sk-proj-Zk3Lq8Wm2Rt7Xv5Nb9Yc4Hd6']
    const letters = ['x', ' ', '-', '7', ',', 'x'.repeat(1_019)]
    const escapes = ['\\u00eb', '\\u0040', '\\\\', '\\"', '\\n', '\\/', '\\\\'.repeat(511)]
    const parts = fc.constantFrom(...values, ...letters, ...escapes)
    await fc.assert(
      fc.asyncProperty(fc.array(parts, { maxLength: 10 }), async (given) => {
        const text = `{"a":"${given.join('')}"}`
        const answer = await whole(text, 'json')
        expect(() => JSON.parse(answer) as unknown, `${text}\n${answer}`).not.toThrow()
      }),
      { numRuns: 1_000 },
    )
  })

  it.each([
    ['Dear Kim,\\na.b@c.example', 'Dear Kim,\\n[email]'],
    ['to: \\u00eb.l\\u00e9@c.example', 'to: [email]'],
    ['\\u2192a.b@c.example', '\\u2192[email]'],
  ])('withholds %s of JSON, and what stands before it stays', async (text, expected) => {
    expect(await whole(`{"a":"${text}"}`, 'json')).toBe(`{"a":"${expected}"}`)
  })

  it('is told by its kind', async () => {
    const { values, withheld } = screen()
    await values.push('a.b@c.example and +1 415 555 2671 ')
    await values.end()
    expect(withheld).toEqual(['pii/email', 'pii/phone'])
  })
})

describe('a text in pieces', () => {
  const parts = fc.constantFrom(
    'a.b@c.example',
    '+1 415 555',
    ' 2671',
    '4111 1111',
    ' 1111 1111',
    ' ',
    '\n',
    'word',
    '1',
    'é',
    'x'.repeat(1_100),
    ',',
  )

  it('leaves the same however it is cut, and nothing of it is lost', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(parts, { maxLength: 12 }),
        fc.array(fc.nat(3_000), { maxLength: 8 }),
        async (given, cuts) => {
          const text = given.join('')
          const expected = await whole(text)
          const { values } = screen()
          const places = [0, ...cuts.map((cut) => cut % (text.length + 1)), text.length].sort(
            (one, other) => one - other,
          )
          let streamed = ''
          for (let index = 1; index < places.length; index += 1) {
            streamed += await values.push(text.slice(places[index - 1], places[index]))
          }
          expect(streamed + (await values.end())).toBe(expected)
          expect(await whole(given.filter((part) => /^[\swordé,]*$/.test(part)).join(''))).toBe(
            given.filter((part) => /^[\swordé,]*$/.test(part)).join(''),
          )
        },
      ),
      { numRuns: 300 },
    )
  })

  it('is no more than a word behind where no word has a digit', async () => {
    const { values } = screen()
    expect(await values.push('Hello wor')).toBe('Hello ')
    expect(values.holds).toBe(true)
    expect(await values.push('ld, a')).toBe('world, ')
    expect(await values.push(' 415')).toBe('a ')
    expect(await values.push(' 555 ')).toBe('')
    expect(await values.push('then ')).toBe('415 555 then ')
    expect(values.holds).toBe(false)
  })
})

describe('values of a list that the model says', () => {
  const options = privacyOptions.parse({
    profiles: {
      default: {
        deny: [{ category: 'pii/organization', values: ['Project Blue Heron', 'Heron Sons of Blue', 'zürich'] }],
        recognizers: [{ name: 'team', pattern: 'team-[a-z]+' }],
      },
    },
  })
  const profile = options.profiles['default'] ?? defaultPrivacyProfile
  const { chain, beginnings } = createDetectorsFor(options)(profile)
  const listed = createDetect({ chain, profile, level: 'structured', group: 'default' })
  const screenListed = (): NewValues =>
    new NewValues({
      detect: listed,
      beginnings,
      labels: labelsOf(options),
      form: 'prose',
      wasSaid: () => false,
      isSurrogate: () => false,
      signal,
      onWithheld: () => {},
    })
  const inPieces = async (pieces: readonly string[]): Promise<string> => {
    const values = screenListed()
    let text = ''
    for (const piece of pieces) text += await values.push(piece)
    return text + (await values.end())
  }

  it.each([
    ['It is Project Blue Heron, so', 'It is [company], so'],
    ['project  blue\nheron', '[company]'],
    ['Project Blue Project Blue Heron', 'Project Blue [company]'],
    ['project blue heron sons of blue', '[company] sons of blue'],
    ['in ZÜRICH now', 'in [company] now'],
    ['ask team-red', 'ask [team]'],
    ['Project Blue Bird', 'Project Blue Bird'],
    ['The project is blue', 'The project is blue'],
    [`Project ${'Blue Project '.repeat(400)}Blue Heron`, `Project ${'Blue Project '.repeat(399)}Blue [company]`],
  ])('are withheld whole, letter by letter, too: %j', async (text, expected) => {
    verifies('own-values.answers')
    expect(await inPieces([text])).toBe(expected)
    expect(await inPieces(text.match(/[^]/g) ?? [])).toBe(expected)
  })

  it('are waited for from their first word on, and no longer', async () => {
    const values = screenListed()
    expect(await values.push('see project ')).toBe('see ')
    expect(await values.push('blue ')).toBe('')
    expect(await values.push('sky is ')).toBe('project blue sky is ')
  })

  it('leave the same however they are cut', async () => {
    const words = fc.constantFrom('project', 'BLUE', 'heron', 'sons', 'of', ' ', '\n', ' a1 ', ',', '**', 'x@y.example')
    await fc.assert(
      fc.asyncProperty(fc.array(words, { maxLength: 14 }), fc.integer({ min: 1, max: 6 }), async (given, size) => {
        const text = given.join('')
        const pieces = text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? []
        const whole = await inPieces([text])
        expect(await inPieces(pieces)).toBe(whole)
        expect(whole).not.toMatch(/(?<![a-z])project\s+blue\s+heron(?![a-z])/i)
      }),
      { numRuns: 300 },
    )
  })
})
