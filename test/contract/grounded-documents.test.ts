import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startPassService, type PassService } from '../support/http/pass-service.ts'
import { saying } from '../support/grounding/documents/scripted-answers.ts'
import { verifies } from '../support/verifies.ts'

const report = {
  id: 'r-7',
  title: 'Annual report',
  text: 'Revenue rose by 5.3 % to 12.4 million euros in 2024. The board did not approve the merger with Nordwind AG.',
}
const faithful = 'Revenue rose by 5.3 % in 2024, and the report says: "The board did not approve the merger".'
const lying = 'Revenue rose by 6.1 % in 2024. The report says: "The board did approve the merger with Nordwind".'

interface Mark {
  readonly text: string
  readonly kind: string
  readonly verdict: string
  readonly expected: string | null
  readonly start: number
  readonly end: number
  readonly documents: readonly { readonly document: number; readonly id: string; readonly start: number }[]
}
interface Grounding {
  readonly basis: string
  readonly marks: readonly Mark[]
  readonly notes: readonly string[]
}

let at: PassService
beforeAll(async () => {
  at = await startPassService()
})
afterAll(async () => {
  await at[Symbol.asyncDispose]()
})
beforeEach(() => at.openai.startOver())

const question = { role: 'user', content: 'What does the report say?' }
const chat = (more: object = {}, service = at) =>
  service.service.post({ model: 'gpt-5', messages: [question], documents: [report], ...more })
const respond = (more: object = {}) =>
  at.service.post({ model: 'gpt-5', input: question.content, documents: [report], ...more }, {}, '/v1/responses')
const sentBody = (service = at, nth = 0) =>
  JSON.parse(service.openai.requests[nth]?.body.toString('utf8') ?? 'null') as Record<string, unknown>

interface Completion {
  readonly choices: readonly { readonly message: { readonly content: string } }[]
  readonly sallyport?: {
    readonly grounding?: Grounding
    readonly texts?: readonly { index: number; grounding: Grounding }[]
  }
}

/** The data of each event of a stream. */
async function eventsIn<Data>(response: Response): Promise<readonly Data[]> {
  const text = await response.text()
  return [...text.matchAll(/^data: (\{.*\})$/gm)].map(([, json = '']) => JSON.parse(json) as Data)
}

interface Chunk {
  readonly choices: readonly { readonly index: number; readonly delta: { readonly content?: string } }[]
  readonly sallyport?: {
    readonly grounding?: Grounding
    readonly texts?: readonly { index: number; grounding: Grounding }[]
  }
}
const contentOf = (chunks: readonly Chunk[], index = 0): string =>
  chunks
    .flatMap(({ choices }) => choices.flatMap((choice) => (choice.index === index ? [choice.delta.content ?? ''] : [])))
    .join('')

const doubts = `

> ⚠ The documents of this request speak against:
> - **"The board did approve the merger with Nordwind"**: Document 1 (Annual report) has other words: “The board did not approve the merger with Nordwind”
>
> No source was found in the documents of this request for:
> - **6.1 %**: Neither a document nor the request has it`

describe('an answer of a model of a provider, and the documents of its request', () => {
  it('says behind its words what they do not bear out, and where what they bear out stands', async () => {
    verifies('groundedness.documents')
    at.openai.answer = saying(lying)
    const answer = (await (await chat()).json()) as Completion
    expect(answer.choices[0]?.message.content).toBe(lying + doubts)
    const { basis, marks = [], notes } = answer.sallyport?.grounding ?? {}
    expect([basis, notes]).toEqual([
      'documents',
      ['The documents were not sent to the model: its answer was held against them.'],
    ])
    expect(marks.map(({ text, kind, verdict }) => [text, kind, verdict])).toEqual([
      ['6.1 %', 'percent', 'unsupported'],
      ['"The board did approve the merger with Nordwind"', 'quotation', 'contradicted'],
    ])
    for (const { start, end, text } of marks) expect(lying.slice(start, end)).toBe(text)
    at.openai.answer = saying(faithful)
    const other = (await (await chat()).json()) as Completion
    expect(other.choices[0]?.message.content).toBe(faithful)
    const [quotation] = other.sallyport?.grounding?.marks ?? []
    expect(quotation).toMatchObject({ kind: 'quotation', verdict: 'document', documents: [{ document: 1, id: 'r-7' }] })
    const { start = 0 } = quotation?.documents[0] ?? {}
    expect(report.text.slice(start)).toMatch(/^The board did not/)
  })

  it('never gives the model the documents, unless its upstream is said to take them', async () => {
    verifies('groundedness.documents-kept')
    at.openai.answer = saying(faithful)
    await (await chat({ temperature: 0.25 })).text()
    expect(sentBody()).toEqual({ model: 'gpt-5', messages: [question], temperature: 0.25 })
    await using taking = await startPassService({ upstream: { documents: 'send' } })
    taking.openai.answer = saying(lying)
    const answer = (await (await chat({}, taking)).json()) as Completion
    expect(sentBody(taking)['documents']).toEqual([report])
    expect(answer.sallyport?.grounding?.notes).toEqual([])
    expect(answer.choices[0]?.message.content).toBe(lying + doubts)
  })

  it('has its marks in a stream before it ends, for each of several answers', async () => {
    at.openai.answer = saying(lying, faithful)
    const chunks = await eventsIn<Chunk>(await chat({ stream: true, n: 2 }))
    expect([contentOf(chunks), contentOf(chunks, 1)]).toEqual([lying + doubts, faithful])
    const told = chunks.flatMap(({ sallyport }) => sallyport?.texts ?? [])
    expect(told.map(({ index, grounding }) => [index, grounding.marks.length])).toEqual([
      [0, 2],
      [1, 1],
    ])
    at.openai.answer = saying(lying)
    const alone = await eventsIn<Chunk>(await chat({ stream: true }))
    expect(contentOf(alone)).toBe(lying + doubts)
    expect(alone.flatMap(({ sallyport }) => sallyport?.grounding?.marks ?? [])).toHaveLength(2)
  })

  it('has them in Responses, whole and streamed, in every event that says the text once more', async () => {
    at.openai.answer = saying(lying)
    interface Whole {
      readonly output: readonly { readonly content: readonly { readonly text: string }[] }[]
      readonly sallyport?: { readonly grounding: Grounding }
    }
    const whole = (await (await respond()).json()) as Whole
    expect(whole.output[0]?.content[0]?.text).toBe(lying + doubts)
    expect(whole.sallyport?.grounding.marks).toHaveLength(2)
    interface Event {
      readonly type: string
      readonly sequence_number: number
      readonly delta?: string
      readonly text?: string
      readonly part?: { readonly text: string }
      readonly item?: { readonly content: readonly { readonly text: string }[] }
      readonly response?: Whole
    }
    const events = await eventsIn<Event>(await respond({ stream: true }))
    expect(events.map(({ sequence_number: number }) => number)).toEqual(events.map((_, index) => index))
    const of = (type: string) => events.filter((event) => event.type === `response.${type}`)
    expect(
      of('output_text.delta')
        .map(({ delta }) => delta)
        .join(''),
    ).toBe(lying + doubts)
    const [done, part, item, end] = ['output_text.done', 'content_part.done', 'output_item.done', 'completed'].map(
      (type) => of(type)[0],
    )
    const texts = [
      done?.text,
      part?.part?.text,
      item?.item?.content[0]?.text,
      end?.response?.output[0]?.content[0]?.text,
    ]
    expect(texts).toEqual(Array.from({ length: 4 }, () => lying + doubts))
    expect(end?.response?.sallyport?.grounding.marks).toHaveLength(2)
  })

  it('has nothing put into what a program reads', async () => {
    const json = '{"growth":"6.1 %"}'
    at.openai.answer = saying(json)
    const answer = (await (await chat({ response_format: { type: 'json_object' } })).json()) as Completion
    expect(answer.choices[0]?.message.content).toBe(json)
    expect(answer.sallyport?.grounding?.marks.map(({ text }) => text)).toEqual(['6.1 %'])
  })

  it('is as it came where the request brings none', async () => {
    at.openai.answer = saying(lying)
    const answer = (await (await chat({ documents: null })).json()) as Completion
    expect([answer.choices[0]?.message.content, answer.sallyport]).toEqual([lying, undefined])
  })

  it.each([
    ['none', [], 'documents: must be a list of documents.'],
    ['a text', 'report', 'documents: must be a list of documents.'],
    ['one without a text', [{ title: 'x' }], 'documents[0].text: must be a text.'],
    ['an empty one', [{ text: ' ' }], 'documents[0].text: must not be empty.'],
    ['a number', ['a', 7], 'documents[1]: must be a text or an object.'],
    ['a number for an id', [{ text: 'a', id: 7 }], 'documents[0].id: must be a text of at most 1000 characters.'],
    ['too long ones', ['x'.repeat(500_001)], 'documents: have 500001 characters, of at most 500000.'],
    ['too many', Array.from({ length: 501 }, () => 'x'), 'documents: has more than 500.'],
  ])('is not asked for with %s for documents', async (_name, documents, message) => {
    const response = await chat({ documents })
    const { error } = (await response.json()) as { readonly error: { readonly message: string } }
    expect([response.status, error.message]).toEqual([400, expect.stringContaining(message)])
    expect(at.openai.requests).toEqual([])
  })

  it('is not asked for with documents in another spelling, which some servers would read', async () => {
    const response = await chat({ documents: null, Documents: [report] })
    expect([response.status, at.openai.requests.length]).toEqual([400, 0])
  })

  it('takes texts, and documents in the form of Cohere', async () => {
    at.openai.answer = saying(faithful)
    for (const document of [
      report.text,
      { id: 'a', data: report.text },
      { id: 'a', data: { title: 't', snippet: report.text } },
    ]) {
      const answer = (await (await chat({ documents: [document] })).json()) as Completion
      expect(answer.sallyport?.grounding?.marks.map(({ verdict }) => verdict)).toEqual(['document'])
    }
  })
})

describe('a group that has answers written once more', () => {
  it('tells the model what was found, and its caller the second answer with what is left', async () => {
    verifies('groundedness.documents-again')
    await using service = await startPassService({ group: { grounding: 'regenerate' } })
    for (const stream of [false, true]) {
      service.openai.startOver()
      service.openai.answer = (request) => saying(service.openai.requests.length > 1 ? faithful : lying)(request)
      const response = await chat({ stream }, service)
      const content = stream
        ? contentOf(await eventsIn<Chunk>(response))
        : ((await response.json()) as Completion).choices[0]?.message.content
      expect(content).toBe(faithful)
      const { messages } = sentBody(service, 1) as { readonly messages: readonly { role: string; content: string }[] }
      expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user'])
      expect(messages[2]?.content).toContain('- "6.1 %": Neither a document nor the request has it.')
    }
    expect(await service.tokensLeft()).toBe(1_000_000 - 4 * 30)
  })

  it('withholds what is no better then, and nothing of it was told', async () => {
    verifies('groundedness.documents-withheld')
    await using service = await startPassService({ group: { grounding: 'block' } })
    service.openai.answer = saying(lying)
    for (const stream of [false, true]) {
      const response = await chat({ stream }, service)
      const text = await response.text()
      expect([response.status, service.openai.requests.length]).toEqual([400, stream ? 4 : 2])
      expect(text).toContain('it has 2 parts that the documents of the request do not bear out')
      expect(text).not.toContain('6.1')
    }
    service.openai.answer = saying(faithful)
    expect((await chat({}, service)).status).toBe(200)
  })

  it('compares nothing where it is off, and says so to whoever brings documents for nothing', async () => {
    await using service = await startPassService({ group: { grounding: 'off' } })
    const response = await chat({}, service)
    expect([response.status, await response.text()]).toEqual([400, expect.stringContaining('no model reads them')])
    await using taking = await startPassService({ group: { grounding: 'off' }, upstream: { documents: 'send' } })
    taking.openai.answer = saying(lying)
    const answer = (await (await chat({}, taking)).json()) as Completion
    expect([answer.choices[0]?.message.content, sentBody(taking)['documents']]).toEqual([lying, [report]])
  })
})

describe('values that a group hides', () => {
  it('are hidden in documents that a model reads, and in what it is told of its answer', async () => {
    verifies('groundedness.documents-masked')
    const person = {
      id: 'p',
      title: 'People',
      text: 'Write to anna.huber@example.org about the Alpine survey of 2024.',
    }
    const privacy = { profiles: { careful: {} } }
    await using service = await startPassService({
      group: { privacy_profile: 'careful', grounding: 'regenerate' },
      upstream: { documents: 'send' },
      privacy,
    })
    service.openai.answer = saying('Write to “anna.huber@example.net about the Alpine survey” in 2031.')
    const response = await chat(
      { documents: [person], messages: [{ role: 'user', content: 'Whom do I write to?' }] },
      service,
    )
    expect(response.status).toBe(200)
    expect(service.openai.requests).toHaveLength(2)
    for (const { body } of service.openai.requests)
      expect(body.toString('utf8')).not.toContain('anna.huber@example.org')
    expect(service.openai.requests[1]?.body.toString('utf8')).toContain('has other words')
  })
})
