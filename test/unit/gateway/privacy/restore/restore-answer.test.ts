import { describe, expect, it } from 'vitest'
import type { ModelApi } from '../../../../../src/core/model-call.ts'
import { restoreAnswer } from '../../../../../src/gateway/privacy/restore/restore-answer.ts'
import { bookWith, spellings } from '../../../../support/privacy/private-calls.ts'

const book = bookWith(1)
const value = 'kim@x.example'
const token = book.tokenFor('pii/email', value)
const [head, tail] = [token.slice(0, 8), token.slice(8)]
const restoring = {
  book,
  spellings,
  form: 'prose',
  mayReach: () => false,
  onToken: () => undefined,
  newValues: null,
} as const

const said = (content: string): string => `data: ${JSON.stringify({ choices: [{ delta: { content } }] })}`

/** The pieces in which an answer of these pieces leaves; a failure behind them is the last of them. */
async function leaving(pieces: readonly string[], failure?: Error, api: ModelApi = 'chat-completions') {
  async function* body() {
    for (const piece of pieces) yield Buffer.from(piece)
    if (failure !== undefined) throw failure
  }
  const answer = await restoreAnswer({ status: 200, headers: ['a', 'b'], body: body() }, { api, restoring })
  const left: string[] = []
  try {
    for await (const piece of answer.body) left.push(piece.toString())
  } catch (thrown) {
    left.push(String(thrown))
  }
  return left
}

describe('a whole answer', () => {
  const restored = async (text: string) => {
    const body = Buffer.from(text)
    const answer = await restoreAnswer({ status: 201, headers: ['a', 'b'], body }, { api: 'messages', restoring })
    const left = Buffer.isBuffer(answer.body) ? answer.body.toString() : ''
    return { ...answer, isSame: answer.body === body, body: left }
  }

  it('has its values, and its status and headers as they were', async () => {
    const text = `{"content": [{"text":"é ${token}"} ] }`
    expect(await restored(text)).toEqual({
      status: 201,
      headers: ['a', 'b'],
      body: text.replace(token, value),
      isSame: false,
    })
  })

  it('is the very bytes that came where it has no token', async () => {
    expect((await restored('{"content":[{"text":"é"}]}')).isSame).toBe(true)
    expect((await restored('{"content":[{"text":"EMAIL_B1C2D3F4G5"}]}')).isSame).toBe(true)
  })
})

describe('an answer in events', () => {
  it.each(['\n\n', '\r\n\r\n', '\r\r', '\n\r\n', '\r\n\n', '\n\r', '\r\r\n'])(
    'is read event by event, however many come at a time, with %j between them',
    async (end) => {
      const [one, other, third] = [said(`to ${head}`) + end, said(`${tail}! `) + end, said(' x') + end]
      const restored = [said('to ') + end, said(`${value}! `) + end, third]
      expect(await leaving([one + other + third])).toEqual([restored.join('')])
      expect(await leaving([one, other, third])).toEqual([restored.slice(0, 2).join(''), third])
    },
  )

  it('gives what was held back when nothing comes any more', async () => {
    expect(await leaving([`${said('an e')}\n\n`])).toEqual([`${said('an e')}\n\n`])
    expect(await leaving([`${said('a')}\n\n`])).toEqual([`${said('a')}\n\n`])
    expect(await leaving([])).toEqual([])
  })

  it('gives what came before a failure, and then the failure', async () => {
    const failure = new Error('cut')
    expect(await leaving([`${said(`${token} e`)}\n\n`], failure)).toEqual([`${said(`${value} e`)}\n\n`, 'Error: cut'])
    expect(await leaving([`${said('x')}\n\n`], failure)).toEqual([`${said('x')}\n\n`, 'Error: cut'])
    expect(await leaving([], failure)).toEqual(['Error: cut'])
  })

  it('has an event without its end restored, too, and nothing of it lost', async () => {
    expect(await leaving([`${said('a ')}\n\n${said(`${token} x`)}`])).toEqual([
      `${said('a ')}\n\n${said(`${value} x`)}`,
    ])
    expect(await leaving([`: only a comment`])).toEqual([': only a comment'])
  })
})

it('an answer that is nested too deep to be looked at is told as a fault of its upstream, whole and in events', async () => {
  const deep = `{"choices":${'['.repeat(600)}"${token}"${']'.repeat(600)}}`
  const answer = { status: 200, headers: [], body: Buffer.from(deep) } as const
  await expect(restoreAnswer(answer, { api: 'messages', restoring })).rejects.toMatchObject({ code: 'model-protocol' })
  expect(await leaving([`${said('Hello.')}\n\n`, `data: ${deep}\n\n`, `${said('More.')}\n\n`])).toEqual([
    `${said('Hello.')}\n\n`,
    expect.stringContaining('nested more than 512 deep'),
  ])
})
