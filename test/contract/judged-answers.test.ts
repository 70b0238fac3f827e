import { describe, expect, it } from 'vitest'
import { startPassService, type PassService, type PassServiceOptions } from '../support/http/pass-service.ts'
import { saying } from '../support/grounding/documents/scripted-answers.ts'
import { servedJson, type Served } from '../support/http/upstream/served.ts'
import { verifies } from '../support/verifies.ts'

const document = {
  title: 'Minutes',
  text: 'The board met on Monday. It turned the merger down and put the vote off, said anna.huber@example.org.',
}
/** In the words of the document, and one sentence of it is wrong. */
const answer = 'The board met on Monday. The board put the merger off and the vote down.'

interface Completion {
  readonly choices: readonly { readonly message: { readonly content: string } }[]
  readonly sallyport: {
    readonly grounding: {
      readonly judged?: boolean
      readonly notes: readonly string[]
      readonly marks: readonly { readonly text: string; readonly kind: string; readonly verdict: string }[]
    }
  }
}
interface JudgeQuestion {
  readonly response_format?: { readonly type: string }
  readonly messages: readonly { readonly role: string; readonly content: string }[]
}

const verdict = (sentence: number, word: string, by: number | null) => ({ sentence, verdict: word, document: by })
const right = verdict(1, 'supported', 1)

const questionIn = (body: Buffer): JudgeQuestion => JSON.parse(body.toString('utf8')) as JudgeQuestion

/** A service whose upstream answers, and judges by `judged`. */
async function serving(judged: string | (() => Served), options: PassServiceOptions = {}): Promise<PassService> {
  const at = await startPassService({ judge: { model: 'gpt-5', deadline_ms: 2_000 }, ...options })
  at.openai.answer = (request) => {
    if (questionIn(request.body).response_format?.type !== 'json_schema') return saying(answer)(request)
    return typeof judged === 'string' ? saying(judged)(request) : judged()
  }
  return at
}
const ask = (at: PassService, more: object = {}) =>
  at.service.post({
    model: 'gpt-5',
    messages: [{ role: 'user', content: 'What happened?' }],
    documents: [document],
    ...more,
  })

describe('a model that judges an answer by documents', () => {
  it('finds what is said in their words and means something else, at the expense of its caller', async () => {
    verifies('groundedness.judge')
    await using at = await serving(JSON.stringify({ verdicts: [verdict(2, 'contradicted', 1), right] }))
    const { choices, sallyport } = (await (await ask(at)).json()) as Completion
    const { judged, marks } = sallyport.grounding
    expect([judged, marks.map(({ text, kind, verdict: word }) => [text, kind, word])]).toEqual([
      true,
      [['The board put the merger off and the vote down.', 'statement', 'contradicted']],
    ])
    expect(choices[0]?.message.content).toContain('A model that judges finds that document 1 says otherwise')
    expect(at.openai.requests).toHaveLength(2)
    expect(await at.tokensLeft()).toBe(1_000_000 - 60)
    const { messages } = questionIn(at.openai.requests[1]?.body ?? Buffer.from('{}'))
    expect(JSON.parse(messages[1]?.content ?? '')).toMatchObject({
      documents: [{ number: 1, title: 'Minutes', text: document.text }],
      sentences: [{ number: 1 }, { number: 2 }],
    })
    const streamed = await (await ask(at, { stream: true })).text()
    expect(streamed).toContain('A model that judges finds that document 1 says otherwise')
  })

  it('adds nothing where it finds each sentence borne out', async () => {
    await using at = await serving(JSON.stringify({ verdicts: [right, verdict(2, 'supported', null)] }))
    const { choices, sallyport } = (await (await ask(at)).json()) as Completion
    expect([choices[0]?.message.content, sallyport.grounding.judged]).toEqual([answer, true])
  })

  it.each([
    ['no JSON', 'All of it is supported.'],
    ['one verdict too few', JSON.stringify({ verdicts: [right] })],
    ['one twice', JSON.stringify({ verdicts: [right, right] })],
    ['a verdict of its own', JSON.stringify({ verdicts: [right, verdict(2, 'fine', 1)] })],
    ['a document that there is not', JSON.stringify({ verdicts: [right, verdict(2, 'supported', 2)] })],
    ['more beside it', JSON.stringify({ verdicts: [right, verdict(2, 'supported', 1)], safe: true })],
    ['an error', () => servedJson({ error: { message: 'no' } }, {}, 500)],
    [
      'a text that was cut off',
      () =>
        servedJson(
          {
            id: 'x',
            object: 'chat.completion',
            choices: [
              {
                index: 0,
                finish_reason: 'length',
                message: {
                  role: 'assistant',
                  content: JSON.stringify({ verdicts: [right, verdict(2, 'supported', 1)] }),
                },
              },
            ],
          },
          {},
        ),
    ],
  ])('is said not to have judged where it gives %s', async (_name, judged) => {
    verifies('groundedness.unjudged')
    await using at = await serving(judged)
    const { choices, sallyport } = (await (await ask(at)).json()) as Completion
    expect([sallyport.grounding.judged, sallyport.grounding.notes.at(-1)]).toEqual([
      false,
      expect.stringMatching(/^Not judged: /),
    ])
    expect(choices[0]?.message.content).toMatch(/\n\n> Not judged: the judge /)
  })

  it('is said not to have judged where it does not answer in time, and what it should judge is too long', async () => {
    const silent = (): Served => ({ steps: [{ do: 'stay-silent' }] })
    await using at = await serving(silent, { judge: { model: 'gpt-5', deadline_ms: 200 } })
    const late = (await (await ask(at)).json()) as Completion
    expect(late.sallyport.grounding.notes.at(-1)).toBe('Not judged: the judge could not be asked (model-timeout).')
    await using other = await serving(silent, { judge: { model: 'gpt-5', maximum_sentences: 1 } })
    const long = (await (await ask(other)).json()) as Completion
    expect(long.sallyport.grounding.notes.at(-1)).toBe('Not judged: the answer has 2 sentences, of at most 1.')
    expect(other.openai.requests).toHaveLength(1)
  })

  it('is not asked where it costs more than is left, and nobody is told that all is well', async () => {
    await using at = await serving('{}', { judge: { model: 'gpt-5', maximum_tokens: 30_000 }, tokensPerDay: 20_000 })
    const { sallyport } = (await (await ask(at, { max_tokens: 100 })).json()) as Completion
    expect(sallyport.grounding.notes.at(-1)).toBe('Not judged: the judge could not be asked (quota-exceeded).')
    expect(at.openai.requests).toHaveLength(1)
  })

  it('withholds what could not be judged, where the group withholds', async () => {
    await using at = await serving('no', { group: { grounding: 'block' } })
    const response = await ask(at)
    expect([response.status, await response.text()]).toEqual([400, expect.stringContaining('it could not be judged')])
  })

  it('reads nothing of what the group hides from models', async () => {
    await using at = await serving(JSON.stringify({ verdicts: [right, verdict(2, 'supported', 1)] }), {
      group: { privacy_profile: 'careful' },
      privacy: { profiles: { careful: {} } },
    })
    const { sallyport } = (await (await ask(at)).json()) as Completion
    expect([sallyport.grounding.judged, at.openai.requests.length]).toEqual([true, 2])
    for (const { body } of at.openai.requests) expect(body.toString('utf8')).not.toContain('anna.huber')
  })
})
