import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createDetect } from '../../../../../src/gateway/privacy/detect/detect.ts'
import { createDetectorsFor } from '../../../../../src/gateway/privacy/detect/detectors.ts'
import { defaultPrivacyProfile, privacyOptions } from '../../../../../src/gateway/privacy/profiles/options.ts'
import { labelsOf } from '../../../../../src/gateway/privacy/profiles/labels-of.ts'
import type { DetectedValue } from '../../../../../src/gateway/privacy/mask/mask-body.ts'
import { NewValues } from '../../../../../src/gateway/privacy/restore/new-values.ts'
import { labels } from '../../../../support/privacy/private-calls.ts'
import { propertyRuns } from '../../../../support/property-runs.ts'
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
      { numRuns: propertyRuns(1_000) },
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
      { numRuns: propertyRuns(300) },
    )
  })

  it('is no more than a word behind where no word has a digit', async () => {
    const { values } = screen()
    expect(await values.push('Hello wor')).toBe('Hello ')
    expect(values.held > 0).toBe(true)
    expect(await values.push('ld, a')).toBe('world, ')
    expect(await values.push(' 415')).toBe('a ')
    expect(await values.push(' 555 ')).toBe('')
    expect(await values.push('then ')).toBe('415 555 then ')
    expect(values.held).toBe(0)
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
      { numRuns: propertyRuns(300) },
    )
  })
})

describe('a stretch of a text', () => {
  const looked: string[] = []
  /** Looks at what it is given, and finds the spans that it is told of. */
  function screening(spans: readonly DetectedValue[] = [], form: 'prose' | 'json' = 'prose', said = '') {
    looked.length = 0
    const withheld: string[] = []
    const values = new NewValues({
      detect: async (parts) => (looked.push(...parts.map(({ text }) => text)), spans),
      beginnings: null,
      labels,
      form,
      wasSaid: (value) => said !== '' && value === said,
      isSurrogate: (text, start, end) => text.slice(start, end) === '34',
      signal,
      onWithheld: (category) => withheld.push(category),
    })
    return { values, withheld }
  }
  const leaving = async (...pieces: readonly string[]) => {
    const { values } = screening()
    const left: string[] = []
    for (const piece of pieces) left.push(await values.push(piece))
    return [...left, await values.end()]
  }

  it.each([' ', '\n', '\t', '\r'])('ends behind the blank after a word without a digit: %j', async (blank) => {
    expect(await leaving(`ab${blank}cd`)).toEqual([`ab${blank}`, 'cd'])
  })

  it.each(['0', '9', '5'])('goes on behind a word with a digit, %s, up to the end of its line', async (digit) => {
    expect(await leaving(`a${digit} b${digit}\tcd ef`)).toEqual([`a${digit} b${digit}\tcd `, 'ef'])
    expect(await leaving(`a${digit}\nb`)).toEqual([`a${digit}\n`, 'b'])
  })

  it.each(['/', ':', 'é', '@'])('does not go on behind %j, which is no digit', async (mark) => {
    expect(await leaving(`a${mark} b`)).toEqual([`a${mark} `, 'b'])
  })

  it('goes on over words with a digit for 256 characters', async () => {
    const digits = '12345678901234 '
    expect((await leaving(digits.repeat(30)))[0]).toHaveLength(18 * 15)
    expect((await leaving(`1${'x'.repeat(254)} y`))[0]).toBe('')
    expect((await leaving(`1${'x'.repeat(255)} y`))[0]).toHaveLength(257)
  })

  it('ends in a word of a thousand characters, wherever it begins', async () => {
    expect(await leaving('x'.repeat(1_024))).toEqual(['', 'x'.repeat(1_024)])
    expect(await leaving('x'.repeat(1_025))).toEqual(['x'.repeat(1_024), 'x'])
    expect((await leaving(`1 ${'x'.repeat(1_025)}`))[0]).toHaveLength(1_026)
    expect((await leaving(`1 ${'x'.repeat(1_024)}`))[0]).toBe('')
    expect((await leaving(`12 34 ${'x'.repeat(1_024)}`, 'y'))[1]).toHaveLength(1_030)
  })

  it('is looked at with what stands before it, and only where it can hold a value', async () => {
    await leaving(`${'ab '.repeat(50)}c1 d`)
    expect(looked).toEqual([`${'ab '.repeat(50).slice(-96)}c1 d`])
    // Also where all of it came at once.
    await leaving(`${'ab '.repeat(50)}c@ d`)
    expect(looked).toEqual([`${'ab '.repeat(50).slice(-96)}c@ `])
    await leaving('x'.repeat(15), ' ', 'a@ ', '1 ', 'y'.repeat(16))
    expect(looked).toEqual([`${'x'.repeat(15)} a@ `, `${'x'.repeat(15)} a@ 1 ${'y'.repeat(16)}`])
  })

  it('is not looked at for what an earlier one had', async () => {
    await leaving('a1\n', 'b c ', `${'x'.repeat(16)} `, 'd ', 'e@ ', 'f', ' ')
    expect(looked).toEqual(['a1\n', `a1\nb c ${'x'.repeat(16)} `, `a1\nb c ${'x'.repeat(16)} d e@ `])
  })

  it('has its values withheld in their order, each once, whatever overlaps', async () => {
    const span = (start: number, end: number, action: DetectedValue['action'] = 'mask', category = 'pii/email') => {
      return { part: 0, start, end, category, action }
    }
    const whole = async (spans: readonly DetectedValue[], form: 'prose' | 'json' = 'prose', said = '') => {
      const { values, withheld } = screening(spans, form, said)
      const text = (await values.push('0123456789')) + (await values.end())
      return [text, withheld]
    }
    expect(await whole([span(6, 8, 'block', 'pii/phone'), span(1, 3)])).toEqual([
      '0[email]345[phone]89',
      ['pii/email', 'pii/phone'],
    ])
    expect(await whole([span(1, 6), span(3, 5), span(4, 8)])).toEqual(['0[email][email]89', ['pii/email', 'pii/email']])
    expect(await whole([span(1, 3, 'annotate')])).toEqual(['0123456789', []])
    expect(await whole([span(1, 3)], 'prose', '12')).toEqual(['0123456789', []])
    expect(await whole([span(1, 3)], 'json')).toEqual(['003456789', ['pii/email']])
    expect(await whole([])).toEqual(['0123456789', []])
    expect(await whole([span(3, 5)])).toEqual(['0123456789', []])
  })

  it('is not withheld for a value that was over before it', async () => {
    const { values, withheld } = screening([{ part: 0, start: 0, end: 3, category: 'pii/email', action: 'mask' }])
    expect((await values.push('ab ')) + (await values.push('c1')) + (await values.end())).toBe('ab c1')
    expect(withheld).toEqual([])
    const crossing = screening([{ part: 0, start: 0, end: 4, category: 'pii/email', action: 'mask' }])
    expect(
      (await crossing.values.push('ab ')) + (await crossing.values.push('c1')) + (await crossing.values.end()),
    ).toBe('ab [email]1')
  })

  it('says whether it holds anything', async () => {
    const { values } = screening()
    expect(values.held).toBe(0)
    await values.push('ab')
    expect(values.held > 0).toBe(true)
    await values.push(' ')
    expect(values.held).toBe(0)
    expect(await values.end()).toBe('')
  })
})
