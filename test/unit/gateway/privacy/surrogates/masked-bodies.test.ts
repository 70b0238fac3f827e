import { describe, expect, it } from 'vitest'
import { restoreText } from '../../../../../src/gateway/privacy/restore/text-restorer.ts'
import { maskForTest, spellings, type MaskForTestOptions } from '../../../../support/privacy/private-calls.ts'
import { verifies } from '../../../../support/verifies.ts'

const card = '4539 1488 0343 6467'
const email = 'kim.wexler@hamlin.example'
const text = `Mail ${email} that card ${card} of SSN 536-22-8145 was charged.`
const always = { surrogates: { 'pii/card': 'always', 'pii/email': 'always', 'pii/ssn': 'always' } } as const
const user = (content: string) => ({ role: 'user', content })

interface Seen {
  readonly messages: readonly { readonly content: string }[]
}

async function seen(
  body: object,
  options: MaskForTestOptions = {},
  api: 'chat-completions' | 'messages' = 'chat-completions',
) {
  const { body: sent, book, masked } = await maskForTest(api, body, options)
  const contents = (JSON.parse(sent) as Seen).messages.map(({ content }) => content)
  return { contents, text: contents[0] ?? '', book, masked, sent }
}

describe('a request under a profile with surrogates', () => {
  it('has them in the place of values, and comes back to the letter', async () => {
    verifies('surrogates.profile')
    const { text: sent, book, masked } = await seen({ messages: [user(text)] }, { profile: always })
    expect(sent).toMatch(
      /^Mail [a-z]+\.[a-z]+\d\d@example\.\w{3} that card 4\d{3} \d{4} \d{4} \d{4} of SSN 987-\d\d-\d{4} was charged\.$/,
    )
    expect(restoreText(sent, { book, spellings, form: 'prose' })).toBe(text)
    expect(masked.surrogates).toEqual(
      new Map([
        ['pii/email', 1],
        ['pii/card', 1],
        ['pii/ssn', 1],
      ]),
    )
    expect(masked.withoutSurrogate.size).toBe(0)
  })

  it('has tokens for all other kinds, and for those that are never to have one', async () => {
    verifies('surrogates.profile')
    const { text: sent } = await seen({ messages: [user(text)] }, { profile: { surrogates: { 'pii/card': 'always' } } })
    expect(sent).toMatch(/^Mail EMAIL_\w{10} that card 4\d{3} .* of SSN SSN_\w{10} was charged\.$/)
    const schema = { type: 'object', properties: { a: { type: 'string', format: 'email' } } }
    const asked = {
      messages: [user(text)],
      response_format: { type: 'json_schema', json_schema: { name: 'a', schema } },
    }
    expect((await seen(asked, { profile: { surrogates: { 'pii/email': 'never' } } })).text).toMatch(
      /^Mail EMAIL_\w{10} /,
    )
  })

  it('sends the same bytes of its earlier turns in every later one', async () => {
    verifies('surrogates.by-value')
    const turns = [
      user(`Is ${card} mine?`),
      user(`And ${email}?`),
      user('4111-1111-1111-1111, SSN 536-22-8145, 5425233430109903'),
      user(`${card} and ${email}`),
    ]
    let before: readonly string[] = []
    for (let count = 1; count <= turns.length; count += 1) {
      const { contents, masked } = await seen({ messages: turns.slice(0, count) }, { profile: always })
      expect(contents.slice(0, before.length)).toEqual(before)
      expect(masked.lateFinds).toEqual([])
      before = contents
    }
  })

  it('never sends a text of the conversation as a surrogate', async () => {
    verifies('surrogates.never-said')
    const first = await seen({ messages: [user(`Is ${card} mine?`)] }, { profile: always })
    const [usual = 'none'] = /4\d{3}(?: \d{4}){3}/.exec(first.text) ?? []
    for (const said of [usual, usual.replaceAll(' ', '-'), usual.replaceAll(' ', '')]) {
      const { sent, contents, book } = await seen(
        { messages: [user(`Is ${card} mine?`), user(`Or ${said}?`)] },
        { profile: always },
      )
      expect(sent.replaceAll(/[ -]/g, '')).not.toContain(usual.replaceAll(' ', ''))
      const back = contents.map((content) => restoreText(content, { book, spellings, form: 'prose' }))
      expect(back).toEqual([`Is ${card} mine?`, `Or ${said}?`])
    }
  })

  it('is told from a text that an earlier turn has, in a way in which nobody writes it', async () => {
    verifies('surrogates.round-trip')
    const usual = await seen({ messages: [user(`Is ${card} mine?`)] }, { profile: always })
    const [live = 'none'] = /4\d{3}(?: \d{4}){3}/.exec(usual.text) ?? []
    const odd = `No ${live.replaceAll(' ', ':')}!`
    const { contents, book } = await seen({ messages: [user(odd), user(`Is ${card} mine?`)] }, { profile: always })
    const back = contents.map((content) => restoreText(content, { book, spellings, form: 'prose' }))
    expect(back).toEqual([odd, `Is ${card} mine?`])
  })

  it('replaces a text that is a live surrogate of the conversation, whoever writes it', async () => {
    verifies('surrogates.round-trip')
    const { text: sent, book } = await seen({ messages: [user(`Is ${card} mine?`)] }, { profile: always })
    const [live = 'none'] = /4\d{3}(?: \d{4}){3}/.exec(sent) ?? []
    for (const said of [live, live.replaceAll(' ', '-')]) {
      const later = await seen(
        { messages: [user(`No, ${said}.`)] },
        { book, profile: { rules: { 'pii/card': { action: 'allow' } } } },
      )
      expect(later.text).toMatch(/^No, LITERAL_\w{10}\.$/)
      expect(restoreText(later.text, { book, spellings, form: 'prose' })).toBe(`No, ${said}.`)
    }
  })

  it('has tokens where the range is used up, and says for how many', async () => {
    verifies('surrogates.used-up')
    const amex = [
      '378282246310005',
      '371449635398431',
      '378734493671000',
      '370000000000002',
      '371144371144376',
      '340000000000009',
    ]
    const {
      text: sent,
      book,
      masked,
    } = await seen({ messages: [user(amex.map((one) => `card ${one}`).join(', '))] }, { profile: always })
    expect(sent).not.toMatch(/\d{15}/)
    expect(masked.withoutSurrogate).toEqual(new Map([['pii/card', 6]]))
    expect(restoreText(sent, { book, spellings, form: 'prose' })).toBe(amex.map((one) => `card ${one}`).join(', '))
    const more = Array.from(
      { length: 3 },
      (_, at) => `card ${['371144371144376', '340000000000009', '343434343434343'][at] ?? ''}`,
    )
    const some = await seen({ messages: [user(more.join(', '))] }, { profile: always })
    expect(some.masked.surrogates).toEqual(new Map([['pii/card', 3]]))
    expect(some.masked.withoutSurrogate.size).toBe(0)
  })

  it('is vectors of constant words as ever', async () => {
    const { body } = await maskForTest('embeddings', { model: 'a', input: text }, { by: 'words', profile: always })
    expect(body).toContain('Mail email that card card of SSN ssn was charged.')
  })
})

const schemaOf = (property: object) => ({ type: 'object', properties: { a: property } })
const places: readonly (readonly [place: string, request: (schema: object) => object])[] = [
  ['a response', (schema) => ({ response_format: { type: 'json_schema', json_schema: { name: 'a', schema } } })],
  ['a tool', (schema) => ({ tools: [{ type: 'function', function: { name: 'a', parameters: schema } }] })],
  ['a list in a definition', (schema) => ({ tools: [{ type: 'function', function: { name: 'a', parameters: { $defs: { b: { type: 'array', items: schema } } } } }] })],
] // prettier-ignore

describe('a request that says how a text is written', () => {
  it.each(places)('has surrogates of the form that the schema of %s asks for', async (_place, request) => {
    verifies('surrogates.asked')
    const { text: sent, book } = await seen({
      ...request(schemaOf({ type: 'string', format: 'email' })),
      messages: [user(text)],
    })
    expect(sent).toMatch(/^Mail \w+\.\w+@example\.\w{3} that card CARD_\w{10} of SSN SSN_\w{10} was charged\.$/)
    expect(restoreText(sent, { book, spellings, form: 'prose' })).toBe(text)
  })

  it.each([
    [{ format: 'ipv4' }, 'from host 10.1.2.3', /^from host (?:192\.0\.2|198\.51\.100|203\.0\.113)\.\d+$/],
    [{ format: 'date' }, 'born on 1984-03-12', /^born on 190\d-\d\d-\d\d$/],
    [{ pattern: String.raw`^\d{3}-\d{2}-\d{4}$` }, text, /card CARD_\w{10} of SSN 987-\d\d-\d{4} /],
    [{ pattern: String.raw`^4\d{15}$` }, text, /Mail EMAIL_\w{10} that card 4\d{3} .* of SSN SSN_\w{10} /],
    [{ pattern: '@' }, text, /^Mail \w+\.\w+@example\.\w{3} that card CARD_\w{10} /],
    [{ maxLength: 11 }, text, /^Mail EMAIL_\w{10} that card CARD_\w{10} of SSN 987-\d\d-\d{4} /],
  ])('has them for %j', async (constraint, said, expected) => {
    verifies('surrogates.asked')
    const [, [, request] = ['', () => ({})]] = places
    const { text: sent, book } = await seen({
      ...request(schemaOf({ type: 'string', ...constraint })),
      messages: [user(said)],
    })
    expect(sent).toMatch(expected)
    expect(restoreText(sent, { book, spellings, form: 'prose' })).toBe(said)
  })

  it.each([
    [{ type: 'string' }],
    [{ type: 'string', maxLength: 200 }],
    [{ type: 'string', format: 'uuid' }],
    [{ type: 'string', format: 'uri' }],
    [{ type: 'string', pattern: '^[A-Z]' }],
    [{ type: 'string', pattern: '(?<=a)b' }],
    [{ type: 'string', pattern: '(' }],
    [{ type: 'string', enum: [email, 'other'] }],
  ])('has tokens where these can be written, or no value of a range can: %j', async (property) => {
    verifies('surrogates.asked')
    const [[, request] = ['', () => ({})]] = places
    const { text: sent } = await seen({ ...request(schemaOf(property)), messages: [user(text)] })
    expect(sent).toMatch(/^Mail EMAIL_\w{10} that card CARD_\w{10} of SSN SSN_\w{10} was charged\.$/)
  })

  it.each([
    ['chat-completions', { stop: '_' }],
    ['chat-completions', { stop: ['a very long text', 'SSN_'] }],
    ['messages', { stop_sequences: ['S'] }],
  ] as const)('has them where a token holds a stop text: %s %j', async (api, stop) => {
    verifies('surrogates.asked')
    const { text: sent } = await seen({ ...stop, messages: [user('My SSN is 536-22-8145.')] }, {}, api)
    expect(sent).toMatch(/^My SSN is 987-\d\d-\d{4}\.$/)
  })

  it('has tokens where the stop text stands in none', async () => {
    const { text: sent } = await seen({ stop: ['END', '\n'], messages: [user('My SSN is 536-22-8145.')] })
    expect(sent).toMatch(/^My SSN is SSN_\w{10}\.$/)
  })

  it('reads schemas that are nested as deeply as bodies may be', async () => {
    let schema: object = { format: 'email' }
    for (let depth = 0; depth < 400; depth += 1) schema = { not: schema }
    const [[, request] = ['', () => ({})]] = places
    expect((await seen({ ...request(schema), messages: [user(text)] })).text).toContain('@example.')
  })
})
