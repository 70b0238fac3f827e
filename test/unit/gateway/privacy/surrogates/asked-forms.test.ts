import { describe, expect, it } from 'vitest'
import type { ModelApi } from '../../../../../src/core/model-call.ts'
import { positionsOf } from '../../../../../src/gateway/privacy/positions/api-positions.ts'
import { surrogateFormsOf } from '../../../../../src/gateway/privacy/surrogates/asked-forms.ts'
import type { SurrogateChoices } from '../../../../../src/gateway/privacy/surrogates/options.ts'
import { surrogateKinds } from '../../../../../src/gateway/privacy/surrogates/options.ts'
import { labels } from '../../../../support/privacy/private-calls.ts'

const formsOf = (body: object, choices: SurrogateChoices = {}, api: ModelApi = 'chat-completions') => {
  const { kinds, stops } = surrogateFormsOf({ ...body }, { positions: positionsOf[api], choices, labels })
  return { kinds: [...kinds].map((kind) => kind.replace('pii/', '')), stops }
}
const kindsFor = (...given: Parameters<typeof formsOf>) => formsOf(...given).kinds
const schema = (text: object) => ({
  response_format: { type: 'json_schema', json_schema: { schema: { properties: { a: { items: [text] } } } } },
})

describe('the kinds whose values get surrogates', () => {
  it('are none where nothing is asked for, and those of the profile', () => {
    expect(kindsFor({ messages: [{ content: 'x' }] })).toEqual([])
    expect(kindsFor({}, { 'pii/email': 'always', 'pii/card': 'never', 'pii/ssn': 'asked' })).toEqual(['email'])
    const all = Object.fromEntries(surrogateKinds.map((kind) => [kind, 'always' as const]))
    expect(kindsFor(schema({ format: 'email' }), all)).toHaveLength(surrogateKinds.length)
    const never = Object.fromEntries(surrogateKinds.map((kind) => [kind, 'never' as const]))
    expect(kindsFor(schema({ format: 'email' }), never)).toEqual([])
  })

  it.each([
    ['email', ['email']],
    ['idn-email', ['email']],
    ['phone', ['phone']],
    ['ipv4', ['ip-address']],
    ['ipv6', ['ip-address']],
    ['date', ['date-of-birth']],
    ['uri', []],
  ])('by a format: %s', (format, kinds) => {
    expect(kindsFor(schema({ format }))).toEqual(kinds)
    expect(kindsFor(schema({ format }), { 'pii/email': 'never' })).toEqual(kinds.filter((kind) => kind !== 'email'))
  })

  it.each([
    [{ pattern: '^[0-9-]+$' }, ['phone', 'card', 'ssn', 'date-of-birth']],
    [{ pattern: '^[^@]+@[^@]+$' }, ['email']],
    [{ pattern: '.' }, []],
    [{ pattern: '(?=x)y' }, []],
    [{ pattern: '^nothing$' }, []],
    [{ pattern: '^[0-9-]+$', format: 'date' }, ['date-of-birth']],
    [{ pattern: '^[0-9-]+$', maxLength: 11 }, ['phone', 'ssn', 'date-of-birth']],
    [{ pattern: 5, format: 5, maxLength: 'x' }, []],
    [{ maxLength: 100 }, []],
  ])('by a pattern or a length: %j', (text, kinds) => {
    expect(kindsFor(schema(text))).toEqual(kinds)
  })

  it.each([
    ['card', ['^[0-9]{16}$', '^[0-9]{4}( [0-9]{4}){3}$', '^[0-9]{4}(-[0-9]{4}){3}$']],
    ['phone', ['^\\+[0-9]{11}$', '^\\+1 [0-9]{3}-[0-9]{3}-[0-9]{4}$', '^\\([0-9]{3}\\) [0-9]{3}-[0-9]{4}$']],
    ['phone', ['^[0-9]{3}-[0-9]{3}-[0-9]{4}$', '^[0-9]{10}$', '^\\+[0-9]{2} [0-9]{4} [0-9]{6}$']],
    ['person', ['^[A-Z][a-z]+ [A-Z][a-z]+$']],
    ['email', ['^[a-z.]+[0-9]*@[a-z]+\\.com$']],
    ['ip-address', ['^[0-9]{1,3}(\\.[0-9]{1,3}){3}$', '^[0-9a-f]{1,4}(::?[0-9a-f]{1,4})+$']],
    ['mac-address', ['^[0-9A-F]{2}(:[0-9A-F]{2}){5}$', '^[0-9A-F]{2}(-[0-9A-F]{2}){5}$']],
    ['mac-address', ['^[0-9a-f]{2}(:[0-9a-f]{2}){5}$', '^[0-9A-F]{12}$']],
    ['iban', ['^[A-Z]{2}[0-9]{20}$', '^[A-Z]{2}[0-9]{2}( [0-9]{4}){4} [0-9]{2}$']],
    ['ssn', ['^[0-9]{3}-[0-9]{2}-[0-9]{4}$', '^[0-9]{9}$', '^[0-9]{3} [0-9]{2} [0-9]{4}$']],
    ['date-of-birth', ['^[0-9]{4}-[0-9]{2}-[0-9]{2}$', '^[0-9]{2}/[0-9]{2}/[0-9]{4}$']],
  ])('by a pattern of each form in which %s is asked for: %j', (kind, patterns) => {
    for (const pattern of patterns) {
      expect({ pattern, kinds: kindsFor(schema({ pattern })) }).toEqual({
        pattern,
        kinds: expect.arrayContaining([kind]),
      })
    }
  })

  it('by a length in which no token fits', () => {
    expect(kindsFor(schema({ maxLength: 9 }))).toEqual(['ssn', 'ip-address'])
    expect(kindsFor(schema({ maxLength: 8 }))).toEqual([])
  })

  it('by patterns up to two hundred characters, thirty-two of them', () => {
    const pattern = (length: number) => `^[0-9]+$${'|x'.repeat(500)}`.slice(0, length)
    expect(kindsFor(schema({ pattern: pattern(200) })).length).toBeGreaterThan(0)
    expect(kindsFor(schema({ pattern: `${pattern(200)}|` }))).toEqual([])
    // A caller's counts make a small pattern one that takes a second to compile.
    for (const counted of ['^n{200}$', '^n{0,200}$', '^n{200,}$', '^n{100}m{100}$', '^n{0}$', '^n{50}m{40}o{50}$']) {
      expect(kindsFor(schema({ pattern: `^[0-9]+$|${counted}` })).length).toBeGreaterThan(0)
    }
    for (const counted of ['^n{201}$', '^n{0,201}$', '^n{201,}$', '^n{100}m{101}$', '^n{50}m{40}o{51}$']) {
      expect(kindsFor(schema({ pattern: `^[0-9]+$|${counted}` }))).toEqual([])
    }
    for (const counted of ['(?:n{99}m{99}){5}', '(((n{47}){47}){47})', '(((n{47}){47}){47})o{0}', 'n{201}']) {
      expect(kindsFor(schema({ pattern: `^[0-9]+$|${counted}` }))).toEqual([])
    }
    expect(kindsFor(schema({ pattern: '^[0-9]+$|(?:n{9}){9}' })).length).toBeGreaterThan(0)
    const many = (count: number) => ({
      tools: [
        {
          function: {
            parameters: {
              properties: Object.fromEntries(
                Array.from({ length: count }, (_, at) => [`p${at}`, { pattern: `^n{${at + 1}}$` }]),
              ),
            },
          },
        },
      ],
      ...schema({ pattern: '^[0-9]{9}$' }),
    })
    expect([kindsFor(many(10)).length, kindsFor(many(400)).length > 1]).toEqual([1, false])
  })

  it('by schemas alone, wherever they stand before the turns', () => {
    const parameters = { properties: { to: { format: 'email' } } }
    expect(kindsFor({ tools: [{ function: { parameters } }] })).toEqual(['email'])
    expect(kindsFor({ functions: [{ parameters }] })).toEqual(['email'])
    expect(kindsFor({ tools: [{ input_schema: parameters }] }, {}, 'messages')).toEqual(['email'])
    expect(kindsFor({ text: { format: { schema: parameters } } }, {}, 'responses')).toEqual(['email'])
    expect(kindsFor({ messages: [{ tool_calls: [{ parameters }] }], metadata: parameters })).toEqual([])
  })
})

describe('what ends an answer', () => {
  it.each([
    ['EMAIL', ['email']],
    ['MAI', ['email']],
    ['EMAIL_', ['email']],
    ['L_B1C', ['email']],
    ['EMAIL_1', []],
    ['EMAIL_A1', []],
    ['email', []],
    ['###', []],
    ['CARD_', ['card']],
  ])('%j lets no token be written of %j', (stop, kinds) => {
    expect(kindsFor({ stop })).toEqual(kinds)
    expect(kindsFor({ stop_sequences: ['x!', stop] })).toEqual(kinds)
  })

  it.each(['_', '1', 'B1', '1B', 'B', '1B1C2', '_B', '_B1C2D3F4G5'])('%j lets none be written at all', (stop) => {
    expect(kindsFor({ stop })).toHaveLength(surrogateKinds.length)
  })

  it.each(['_B1C2D3F4G5H6', '11', '_1', 'B1C2D3F4G5H6J'])('%j is in no token', (stop) => {
    expect(kindsFor({ stop })).toEqual([])
  })

  it('are the texts of the request, of one member or the other', () => {
    expect(formsOf({ stop: ['a', '', 5, null], stop_sequences: 'b!' }).stops).toEqual(['a', 'b!'])
    expect(formsOf({}).stops).toEqual([])
  })
})
