import { describe, expect, it } from 'vitest'
import type { ModelApi } from '../../../../../src/core/model-call.ts'
import { asked, privacyOf, restoredBody } from '../../../../support/privacy/asked-privacy.ts'
import { verifies } from '../../../../support/verifies.ts'

const own = 'kim@hamlin.example'
const other = 'other.person@else.example'

const piecesOf = (text: string, size: number): string[] => text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? []
/** What a provider says of the letters of a text. */
const letters = (text: string) =>
  piecesOf(text, 4).map((token) => ({ token, logprob: -0.1, bytes: [...Buffer.from(token)], top_logprobs: [] }))

const event = (data: unknown): string => `data: ${JSON.stringify(data)}\n\n`

/** A text as the events of a stream, each with what is said of its letters. */
const streams = {
  'chat-completions': (text: string, size: number) => [
    ...piecesOf(text, size).map((content) =>
      event({ choices: [{ index: 0, delta: { content }, logprobs: { content: letters(content), refusal: null } }] }),
    ),
    event({ choices: [{ index: 0, delta: {}, logprobs: null, finish_reason: 'stop' }] }),
  ],
  responses: (text: string, size: number) => {
    const place = { item_id: 'm', output_index: 0, content_index: 0 }
    const part = { type: 'output_text', text, logprobs: letters(text) }
    return [
      ...piecesOf(text, size).map((delta) =>
        event({ type: 'response.output_text.delta', ...place, delta, logprobs: letters(delta) }),
      ),
      event({ type: 'response.output_text.done', ...place, text, logprobs: letters(text) }),
      event({ type: 'response.content_part.done', ...place, part }),
      event({ type: 'response.completed', response: { id: 'resp_1', output: [{ type: 'message', content: [part] }] } }),
    ]
  },
} as const satisfies Partial<Record<ModelApi, (text: string, size: number) => string[]>>

const wholes = {
  'chat-completions': (text: string) => ({
    choices: [{ message: { content: text }, logprobs: { content: letters(text), refusal: null } }],
  }),
  responses: (text: string) => ({
    output: [{ type: 'message', content: [{ type: 'output_text', text, logprobs: letters(text) }] }],
  }),
} as const

const apis = ['chat-completions', 'responses'] as const

/** All that can be put together of what is said of letters, in the order in which it came. */
const readLetters = (answer: string): string =>
  [...answer.matchAll(/"token":"((?:[^"\\]|\\.)*)"/g)].map(([, token]) => token).join('')

async function answered(api: (typeof apis)[number], bytes: string[], streamed: boolean, profile = {}) {
  const privacy = privacyOf({ default: profile })
  const call = await asked(privacy, { api, text: `I am ${own}.` })
  const token = /EMAIL_\w{10}/.exec(call.body?.toString() ?? '')?.[0] ?? 'none'
  const written = bytes.map((text) => Buffer.from(text.replaceAll('OWNTOKEN', token)))
  return restoredBody(privacy, call, written, streamed)
}

describe.each(apis)('what an answer of %s says of its letters', (api) => {
  it('is taken out where a value was withheld from the text', async () => {
    verifies('pii.withheld')
    const answer = await answered(api, [JSON.stringify(wholes[api](`To ${other}, OWNTOKEN.`))], false)
    expect(answer).toContain('To [email], kim@hamlin.example.')
    expect(readLetters(answer)).toBe('')
    expect(() => JSON.parse(answer) as unknown).not.toThrow()
  })

  it('stays to the byte where none was', async () => {
    const answer = JSON.stringify(wholes[api]('To nobody at all.'))
    expect(await answered(api, [answer], false)).toBe(answer)
    const passed = JSON.stringify(wholes[api](`To ${other}.`))
    expect(await answered(api, [passed], false, { answers: 'pass' })).toBe(passed)
  })

  it.each([1, 2, 3, 5, 8, 13, 100])('never says what a stream withholds, in pieces of %i', async (size) => {
    verifies('pii.withheld')
    const text = `This is for ${other} and +1 212 555 0143 or so, and no more than that was said of it.`
    const answer = await answered(api, streams[api](text, size), true)
    expect(answer).toContain('[email]')
    const said = readLetters(answer)
    for (const part of ['ther.per', '@else', '555', '0143']) expect(said).not.toContain(part)
    // What is said of all other letters has left, but for pieces that began or ended within a value.
    if (api === 'chat-completions' && size < 9) expect(said).toMatch(/no more than that was said of it\.$/)
    for (const line of answer.split('\n\n').filter((each) => each !== '')) JSON.parse(line.slice(6))
  })

  it('of a stream leaves event by event where nothing is withheld, to the byte', async () => {
    const events = streams[api]('It is the end of the day, and nobody else is here. ', 6)
    const answer = await answered(api, events, true)
    expect(readLetters(answer)).toBe(readLetters(events.join('')))
  })
})
