import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { found } from '../support/http/leak-search.ts'
import { WatchedService } from '../support/http/watched-service.ts'
import { upstreamFaults, type UpstreamFault } from '../support/http/upstream/upstream-faults.ts'
import type { UpstreamServer } from '../support/http/upstream/upstream-server.ts'
import { echoModel } from '../support/privacy/echo-model.ts'
import { hear } from '../support/privacy/heard.ts'
import { verifies } from '../support/verifies.ts'

/** What callers write of people: in no other program, and in no file. */
const values = {
  email: 'rhea.canary@hamlin.example',
  accented: 'zoë.canary@hamlin.example',
  card: '5500 0055 5555 5559',
  phone: '+1 415 555 2671',
  iban: 'DE89 3704 0044 0532 0130 00',
  ssn: '536-22-8145',
  secret: ['sk', 'proj', 'Zk3Lq8Wm2Rt7Xv5Nb9Yc4Hd6'].join('-'),
  number: '4012888888881881',
} as const

const sentence = `Mail ${values.email} or ${values.accented}, card ${values.card}, call ${values.phone}, ${values.iban}, SSN ${values.ssn}, key ${values.secret}, no. ${values.number}.`
const inJson = JSON.stringify({ to: values.email, [values.phone]: [sentence, Number(values.number)] })
const inFile = Buffer.from(`name,note\nRhea,"${sentence}"\n`).toString('base64')
const inDataUrl = `data:text/csv;base64,${inFile}`

const later = { x_later: { [values.email]: [sentence, Number(values.number)] }, metadata: { note: sentence } }
const parameters = {
  type: 'object',
  properties: { to: { type: 'string', description: sentence, enum: [values.email] } },
}

const bodies = {
  '/v1/chat/completions': {
    model: 'gpt-5',
    user: values.email,
    stop: [values.ssn],
    ...later,
    messages: [
      { role: 'developer', content: sentence },
      { role: 'user', content: [{ type: 'file', file: { filename: `${values.email}.csv`, file_data: inDataUrl } }] },
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'send', arguments: inJson } }],
      },
      { role: 'tool', tool_call_id: 'call_1', content: inJson },
      { role: 'user', content: sentence },
    ],
    tools: [{ type: 'function', function: { name: 'send', description: sentence, parameters } }],
  },
  '/v1/responses': {
    model: 'gpt-5',
    safety_identifier: values.email,
    ...later,
    instructions: sentence,
    input: [
      { role: 'user', content: [{ type: 'input_file', filename: `${values.email}.csv`, file_data: inDataUrl }] },
      { type: 'function_call', call_id: 'c', name: 'send', arguments: inJson },
      { type: 'function_call_output', call_id: 'c', output: inJson },
      { role: 'user', content: sentence },
    ],
    tools: [{ type: 'function', name: 'send', description: sentence, parameters }],
  },
  '/v1/messages': {
    model: 'claude-sonnet-5',
    max_tokens: 100,
    ...later,
    metadata: { user_id: values.email, note: sentence },
    stop_sequences: [values.ssn],
    system: sentence,
    messages: [
      {
        role: 'user',
        content: [
          { type: 'text', text: sentence },
          {
            type: 'document',
            title: `${values.email}.csv`,
            context: sentence,
            source: { type: 'base64', media_type: 'text/csv', data: inFile },
          },
        ],
      },
      {
        role: 'assistant',
        content: [{ type: 'tool_use', id: 't', name: 'send', input: JSON.parse(inJson) as object }],
      },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't', content: inJson }] },
    ],
    tools: [{ name: 'send', description: sentence, input_schema: parameters }],
  },
  '/v1/embeddings': { model: 'text-embedding-3-small', input: [sentence, inJson], user: values.email },
} as const

type Path = keyof typeof bodies
const paths = Object.keys(bodies) as Path[]

let at: WatchedService
/** All that reached an upstream: path, headers, body. */
const arrived: string[] = []
/** What callers were told of calls that failed. */
const errors: string[] = []
/** The same where it says back what the caller asked for and is not there. */
const named: string[] = []
const receipts: string[] = []

/** JSON as it may be written: with every other character than ASCII escaped, or as it is. */
const written = (body: unknown, escaped: boolean): string =>
  JSON.stringify(body).replaceAll(escaped ? /[^\x20-\x7e]/g : /$^/g, (unit) => {
    return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
  })

interface How {
  readonly escaped?: boolean
  readonly told?: string[]
}

async function ask(path: string, body: unknown, { escaped = false, told = errors }: How = {}): Promise<string> {
  const headers = {
    'content-type': 'application/json',
    'anthropic-version': '2023-06-01',
    authorization: `Bearer ${at.key}`,
    'idempotency-key': values.email,
    'user-agent': values.email,
  }
  const response = await fetch(at.url + path, { method: 'POST', headers, body: written(body, escaped) })
  const text = await response.text().catch((error: Error) => error.message)
  if (response.status >= 400) told.push(`${response.status} ${JSON.stringify([...response.headers])} ${text}`)
  const receipt = response.headers.get('x-sallyport-privacy-receipt')
  if (receipt !== null) {
    receipts.push(await (await fetch(`${at.url}/v1/privacy/receipts/${receipt}`, { headers })).text())
  }
  return text
}

beforeAll(async () => {
  at = await WatchedService.start({ privacy: {} })
})

afterAll(async () => {
  await at[Symbol.asyncDispose]()
})

function noteArrived(upstream: UpstreamServer): number {
  arrived.push(
    ...upstream.requests.map(
      ({ path, rawHeaders, body }) => `${path}\n${rawHeaders.join('\n')}\n${body.toString('latin1')}`,
    ),
  )
  return upstream.requests.length
}

describe.each(paths)('masked calls of %s', (path) => {
  const faults = [null, ...(Object.keys(upstreamFaults) as UpstreamFault[])]

  it.each(faults)('are made where the upstream has: %s', async (fault) => {
    const upstream = at.upstreamOf(path)
    for (const stream of path === '/v1/embeddings' ? [false] : [false, true]) {
      upstream.startOver()
      upstream.fault = fault
      await ask(path, path === '/v1/embeddings' ? bodies[path] : { ...bodies[path], stream }, { escaped: !stream })
      // Some are asked for anew.
      expect(noteArrived(upstream)).toBeGreaterThanOrEqual(1)
    }
  })

  it('are refused, for what a caller should not have sent', async () => {
    const upstream = at.upstreamOf(path)
    upstream.startOver()
    const body = bodies[path]
    const before = errors.length + named.length
    const picture = { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } }
    await ask(path, { ...body, model: values.email }, { told: named })
    await ask(path, { ...body, stream: sentence })
    await ask(path, {
      ...body,
      input: [1, 2],
      messages: [{ role: values.email, content: [picture] }],
      system: [picture],
    })
    await ask(path, { ...body, tools: [{ type: sentence }], previous_response_id: values.email }, { told: named })
    await ask(path, { ...body, x: `${'['.repeat(600)}"${values.email}"${']'.repeat(600)}` })
    await ask(`${path}/${values.email}`, body, { told: named })
    expect(errors.length + named.length - before).toBeGreaterThanOrEqual(path === '/v1/embeddings' ? 3 : 5)
    noteArrived(upstream)
  })
})

it('conversations that a provider keeps are gone on with, streamed and plain, and give the values back', async () => {
  for (const stream of [false, true]) {
    at.openai.startOver()
    at.openai.answer = echoModel({
      idPrefix: `resp_canary_${stream}_`,
      say: (body) => ({ words: `You are ${/EMAIL_(?:[A-Z]\d){5}/.exec(body)?.[0] ?? 'nobody'}.`, calls: [] }),
    })
    const first = hear(await ask('/v1/responses', { ...bodies['/v1/responses'], stream }))
    const next = {
      model: 'gpt-5',
      stream,
      input: `And ${values.email}?`,
      previous_response_id: `resp_canary_${stream}_1`,
    }
    const second = hear(await ask('/v1/responses', next))
    expect([first.words, second.words]).toEqual([`You are ${values.email}.`, `You are ${values.email}.`])
    noteArrived(at.openai)
  }
})

describe('what is found of the values afterwards', { retry: 0 }, () => {
  const places: Record<string, string> = {}

  beforeAll(async () => {
    Object.assign(places, await at.end())
    using opened = new DatabaseSync(at.storagePath, { readOnly: true })
    places['kept values'] = String(opened.prepare('SELECT count(*) AS count FROM masked_values').get()?.['count'])
  })

  it('is looked for where it would be: log, trail, receipts, errors and kept values are there', () => {
    const names = Object.keys(places).map((place) => place.split('/').at(-1))
    expect(names).toEqual(expect.arrayContaining(['audit.jsonl', 'sallyport.db', 'log', 'metrics']))
    expect(places['log']).toContain('passed on')
    expect(Number(places['kept values'])).toBeGreaterThan(10)
    expect(arrived.length).toBeGreaterThan(150)
    expect(errors.length).toBeGreaterThan(100)
    expect(receipts.length).toBeGreaterThan(20)
    expect(receipts.every((receipt) => /"pii\/email": ?[1-9]/.test(receipt))).toBe(true)
  })

  it('would be found, however it is written: in the bodies that callers sent, and in a file in one', () => {
    for (const path of paths) {
      for (const escaped of [false, true]) {
        expect(found({ sent: written(bodies[path], escaped) }, values)).toEqual(
          Object.keys(values).map((name) => `sent: ${name}`),
        )
      }
    }
    for (const text of [inFile, encodeURIComponent(sentence), JSON.stringify(JSON.stringify(inJson))]) {
      expect(found({ text }, { email: values.email, card: values.card })).toEqual(['text: email', 'text: card'])
    }
  })

  it('is nothing in what reached an upstream: no path, no header, no body', () => {
    verifies('pii.hidden')
    expect(found({ arrived: arrived.join('\n') }, values)).toEqual([])
  })

  it('is nothing in the log, the trail, the metrics, the storage or any other file', () => {
    verifies('pii.no-trace')
    expect(found(places, values)).toEqual([])
  })

  it('is nothing in an error, whatever the upstream said back, and nothing in a receipt', () => {
    verifies('pii.no-trace')
    expect(found({ errors: errors.join('\n'), receipts: receipts.join('\n') }, values)).toEqual([])
  })
})
