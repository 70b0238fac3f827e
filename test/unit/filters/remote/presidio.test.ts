import type { ServerResponse } from 'node:http'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DetectorFault } from '../../../../src/filters/detector-fault.ts'
import { presidioOptions } from '../../../../src/filters/remote/options.ts'
import { createPresidioFilter } from '../../../../src/filters/remote/presidio.ts'
import { never } from '../../../support/filters/filter-fixtures.ts'
import { FakePresidio, type AskedOfPresidio } from '../../../support/privacy/fake-presidio.ts'

const context = { direction: 'inbound', group: 'default', executedSql: [] } as const

let fake: FakePresidio
beforeEach(async () => {
  fake = await FakePresidio.start()
})
afterEach(() => fake[Symbol.asyncDispose]())

const filterOf = (settings: object = {}) => createPresidioFilter(presidioOptions.parse({ url: fake.url, ...settings }))

const inspect = (texts: readonly string[], settings: object = {}, more: object = {}) =>
  filterOf(settings).inspect(
    texts.map((text) => ({ text, provenance: 'user' as const })),
    { ...context, ...more },
    never,
  )

const values = async (texts: readonly string[], settings: object = {}) =>
  (await inspect(texts, settings)).map(
    ({ part, start, end, category }) => `${part} ${category} ${texts[part]?.slice(start, end)}`,
  )

describe('what Presidio finds', () => {
  it('is found in its part, at its place in UTF-16 units', async () => {
    const texts = ['nobody', '😀😀 Kim Wexler 𝒳 of Albuquerque', 'Zoë Müller']
    expect(await values(texts)).toEqual([
      '1 pii/person Kim Wexler',
      '1 pii/location Albuquerque',
      '2 pii/person Zoë Müller',
    ])
  })

  it('is found once in a text of any length, wherever it is cut for the analyzer', async () => {
    for (let shift = 0; shift < 40; shift += 3) {
      const text = `${'x'.repeat(shift)} ${'😀 Kim Wexler '.repeat(700)}`
      const found = await inspect([text])
      expect(found.length).toBe(700)
      expect(new Set(found.map(({ start, end }) => text.slice(start, end)))).toEqual(new Set(['Kim Wexler']))
    }
    expect(Math.max(...fake.texts.map(({ length }) => length))).toBeLessThan(5_000)
    expect(Math.max(...fake.asked.map(({ text }) => [text].flat().join('').length))).toBeLessThanOrEqual(16_384)
  })

  it.each([
    [4_096, [4, 4, 4]],
    [4_097, [3, 3, 3, 3]],
    [3_000, [5, 5, 2]],
  ])('is asked for in questions of 16,384 characters at most: %i in each of twelve texts', async (length, expected) => {
    await inspect(Array.from({ length: 12 }, () => 'word '.repeat(1_000).slice(0, length)))
    expect(fake.asked.map(({ text }) => text.length)).toEqual(expected)
  })

  it('is found behind an encoding, too', async () => {
    const text = `see ${Buffer.from('ask for Kim Wexler of Albuquerque today').toString('base64')}`
    expect((await values([text])).map((value) => value.slice(0, 12))).toEqual(['0 pii/person', '0 pii/locati'])
  })

  it('is asked for with the configured entities, language and threshold, and no blank text', async () => {
    fake.entities = ['PERSON', 'EMAIL_ADDRESS']
    await inspect(['Kim Wexler', ' \n', '{};', ''], { entities: ['EMAIL_ADDRESS', 'PERSON'], threshold: 0.7 })
    expect(fake.asked).toEqual([
      { text: ['Kim Wexler'], language: 'en', entities: ['EMAIL_ADDRESS', 'PERSON'], score_threshold: 0.7 },
    ])
  })

  it('has the threshold of the configuration also where the analyzer does not keep to it', async () => {
    fake.answer = (response, asked) => {
      const found = [{ entity_type: 'PERSON', start: 0, end: 3, score: 0.4 }]
      json(response, asked === null ? fake.entities : [found])
    }
    expect(await values(['Kim Wexler'])).toEqual([])
    expect(await values(['Kim Wexler'], { threshold: 0.4 })).toEqual(['0 pii/person Kim'])
  })

  it('is not looked for, and nothing is sent, where only structured values are and none are configured', async () => {
    expect(await inspect(['Kim Wexler'], {}, { structuredOnly: true })).toEqual([])
    expect([fake.asked.length, fake.entitiesAsked]).toEqual([0, 0])
    await inspect(['Kim Wexler'], { entities: ['PERSON', 'EMAIL_ADDRESS'] }, { structuredOnly: true })
    expect(fake.asked.map(({ entities }) => entities)).toEqual([['EMAIL_ADDRESS']])
  })

  it('is not looked for in what programs compare, but for what has a form of its own', async () => {
    const compared = { text: 'Kim Wexler', isCompared: true, provenance: 'user' } as const
    expect(await filterOf().inspect([compared], context, never)).toEqual([])
    expect(fake.asked).toEqual([])
    await filterOf({ entities: ['PERSON', 'EMAIL_ADDRESS'] }).inspect([compared], context, never)
    expect(fake.texts).toEqual(['Kim Wexler'])
  })

  it('ends without the blanks beside it, and not in what is not decided on', async () => {
    fake.answer = (response, asked) => {
      const found = [0, 5].map((start) => ({ entity_type: 'PERSON', start, end: start + 5, score: 0.9 }))
      json(response, asked === null ? fake.entities : [found])
    }
    expect(await values(['Kim\n\nWexler'])).toEqual(['0 pii/person Kim', '0 pii/person Wexle'])
    const part = { text: 'Kim\n\nWexler', provenance: 'user', focus: { start: 4, end: 11 } } as const
    expect(await filterOf().inspect([part], context, never)).toMatchObject([{ start: 5, end: 10 }])
  })

  it('has half a surrogate pair replaced, which the analyzer fails at', async () => {
    expect(await values(['\ud83d Kim Wexler \ude00'])).toEqual(['0 pii/person Kim Wexler'])
    expect(fake.texts).toEqual(['\ufffd Kim Wexler \ufffd'])
  })
})

function json(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value))
}

const send = (status: number, headers: Record<string, string>, body: string) => (response: ServerResponse) =>
  void response.writeHead(status, headers).end(body)
const asJson = { 'content-type': 'application/json' }
const finding = { entity_type: 'PERSON', start: 0, end: 10, score: 0.85 }

interface BadAnswer {
  readonly name: string
  readonly says: RegExp
  readonly answer: (response: ServerResponse, asked: AskedOfPresidio) => void
}

const found = (change: object) => (response: ServerResponse) => json(response, [[{ ...finding, ...change }]])

const badAnswers: readonly BadAnswer[] = [
  { name: 'garbage', says: /damaged JSON/, answer: send(200, asJson, '[[{"entity_type') },
  { name: 'nothing', says: /damaged JSON/, answer: send(200, asJson, '') },
  { name: 'a web page', says: /a web page/, answer: send(200, { 'content-type': 'text/html' }, '<p>Log in</p>') },
  { name: 'a plain text', says: /else than JSON/, answer: send(200, { 'content-type': 'text/plain' }, '[[]]') },
  { name: 'no type', says: /else than JSON/, answer: send(200, {}, '[[]]') },
  { name: 'a fault of its own', says: /status 500/, answer: send(500, asJson, '{"error":"Kim Wexler"}') },
  { name: 'a refusal', says: /status 401/, answer: send(401, asJson, '[[]]') },
  { name: 'success without a body', says: /status 204/, answer: send(204, {}, '') },
  { name: 'the first redirect', says: /redirect \(status 300\)/, answer: send(300, {}, '') },
  { name: 'the last redirect', says: /redirect \(status 399\)/, answer: send(399, {}, '') },
  { name: 'a refusal', says: /status 400/, answer: send(400, {}, '') },
  { name: 'a redirect', says: /redirect/, answer: send(307, { location: 'http://127.0.0.1:9/' }, '') },
  { name: 'an object', says: /another form/, answer: (response) => json(response, { error: 'Kim Wexler' }) },
  { name: 'null', says: /another form/, answer: (response) => json(response, null) },
  { name: 'findings of one text', says: /another form/, answer: (response) => json(response, [finding]) },
  { name: 'findings of no text', says: /0 texts of 1/, answer: (response) => json(response, []) },
  { name: 'findings of more texts', says: /2 texts of 1/, answer: (response) => json(response, [[], []]) },
  { name: 'a place behind the end', says: /does not have/, answer: found({ end: 14 }) },
  { name: 'a place that ends before it begins', says: /does not have/, answer: found({ start: 4, end: 3 }) },
  { name: 'an empty place', says: /does not have/, answer: found({ start: 4, end: 4 }) },
  { name: 'a place before the beginning', says: /another form at \[0\]\[0\]\["start"\]/, answer: found({ start: -1 }) },
  { name: 'a place between characters', says: /another form/, answer: found({ start: 0.5 }) },
  { name: 'a place in words', says: /another form/, answer: found({ start: '0' }) },
  { name: 'a score above one', says: /another form/, answer: found({ score: 85 }) },
  { name: 'no score', says: /another form/, answer: found({ score: null }) },
  { name: 'no entity', says: /another form/, answer: found({ entity_type: '' }) },
  { name: 'silence', says: /did not answer within 300 ms \(privacy\.presidio\.timeout_ms\)/, answer: () => undefined },
  {
    name: 'a head and then silence',
    says: /did not answer within 300 ms/,
    answer: (response) => void response.writeHead(200, asJson).write('[['),
  },
  {
    name: 'a body that breaks off',
    says: /broke off/,
    answer: (response) =>
      void response.writeHead(200, { ...asJson, 'content-length': '100' }).write('[[', () => response.destroy()),
  },
  { name: 'a connection that breaks off', says: /broke off/, answer: (response) => void response.destroy() },
  {
    name: 'more than any answer has',
    says: /more than \d+ bytes/,
    answer: send(200, asJson, `[[${' '.repeat(200_000)}]]`),
  },
]

describe('an answer of Presidio', () => {
  it.each(badAnswers)(
    'that is $name fails the check, with the reason and without the text',
    async ({ says, answer }) => {
      fake.answer = (response, asked) => (asked === null ? json(response, fake.entities) : answer(response, asked))
      const failure = await inspect(['😀 Kim Wexler'], {
        timeout_ms: says.source.includes('300 ms') ? 300 : 10_000,
      }).catch((error: unknown) => error)
      expect(failure).toBeInstanceOf(DetectorFault)
      const { message, advice } = failure as DetectorFault
      expect(message).toMatch(says)
      expect(advice).toContain('Ask the operator')
      expect(`${message} ${advice}`).not.toMatch(/Wexler|127\.0\.0\.1/)
    },
  )

  it.each(badAnswers)('about what it looks for that is $name sends it no text', async ({ answer }) => {
    fake.answer = (response) => answer(response, { text: [], language: 'en', entities: [], score_threshold: 0 })
    await expect(inspect(['Kim Wexler'], { timeout_ms: 300 })).rejects.toBeInstanceOf(DetectorFault)
    expect(fake.asked).toEqual([])
  })

  it('that cannot be had at all fails the check', async () => {
    const options = presidioOptions.parse({ url: 'http://127.0.0.1:9' })
    const parts = [{ text: 'Kim Wexler', provenance: 'user' }] as const
    await expect(createPresidioFilter(options).inspect(parts, context, never)).rejects.toThrow(/could not be reached/)
  })

  it('is asked for again where an idle connection was closed meanwhile', async () => {
    let calls = 0
    fake.answer = (response, asked) => {
      calls += 1
      if (calls === 1) response.destroy()
      else json(response, asked === null ? fake.entities : fake.answerTo(asked))
    }
    expect(await values(['Kim Wexler'])).toEqual(['0 pii/person Kim Wexler'])
  })

  it('is no longer waited for when the caller has gone', async () => {
    fake.answer = () => undefined
    const gone = new AbortController()
    const answer = filterOf().inspect([{ text: 'Kim Wexler', provenance: 'user' }], context, gone.signal)
    setTimeout(() => gone.abort(new Error('gone')), 20)
    await expect(answer).rejects.toThrow('gone')
  })
})

describe('an entity that Presidio does not look for', () => {
  it('fails the check before any text is sent, since the analyzer would leave it out without a word', async () => {
    fake.entities = ['LOCATION']
    await expect(inspect(['Kim Wexler'])).rejects.toThrow(
      'Presidio does not look for PERSON in texts of the language "en".',
    )
    await expect(filterOf().probe(never)).rejects.toBeInstanceOf(DetectorFault)
    expect(fake.asked).toEqual([])
  })

  it('is looked for anew after a fault, which another analyzer may follow', async () => {
    const filter = filterOf()
    const parts = [{ text: 'Kim Wexler', provenance: 'user' }] as const
    await filter.inspect(parts, context, never)
    await filter.inspect(parts, context, never)
    expect(fake.entitiesAsked).toBe(1)
    fake.answer = (response) => void response.destroy()
    await expect(filter.inspect(parts, context, never)).rejects.toBeInstanceOf(DetectorFault)
    fake.answer = null
    await filter.inspect(parts, context, never)
    expect(fake.entitiesAsked).toBe(2)
  })
})
