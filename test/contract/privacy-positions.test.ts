import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { positionsOf } from '../../src/gateway/privacy/positions/api-positions.ts'
import { startPassService, type PassService } from '../support/http/pass-service.ts'
import { echoModel } from '../support/privacy/echo-model.ts'
import { hear } from '../support/privacy/heard.ts'
import type { CallForm } from '../support/privacy/positions/call-forms.ts'
import { leaksIn } from '../support/privacy/positions/leaks-in.ts'
import { callForms, isHidden, positionCases, type PositionCase } from '../support/privacy/positions/position-cases.ts'
import { positionsByKind } from '../support/privacy/positions-by-kind.ts'
import { maskForTest } from '../support/privacy/private-calls.ts'
import { verifies } from '../support/verifies.ts'

// Each case is a call of twenty turns through the whole service, and there are hundreds.
const patience = 300_000

/** Persons are listed: whether one is found is not a matter of the position. */
const deny = [{ category: 'pii/person', patterns: ['Zyanya Quetz[a-z]+'] }]
const profiles = {
  masked: { deny, user_location: 'pass', unread: 'pass' },
  unmasked: { masking: 'none', unread: 'pass' },
} as const

const hostedTools = ['web_search', 'file_search', 'code_interpreter', 'mcp', 'image_urls', 'file_urls']

type Services = Readonly<Record<keyof typeof profiles, PassService>>
let at: Services

beforeAll(async () => {
  const start = (privacy_profile: string): Promise<PassService> =>
    startPassService({ group: { privacy_profile, hosted_tools: hostedTools }, privacy: { profiles } })
  at = { masked: await start('masked'), unmasked: await start('unmasked') }
})

afterAll(async () => {
  for (const service of Object.values(at)) await service[Symbol.asyncDispose]()
})

/** Letters that no word of JSON has outside of its texts, as escapes of JSON. */
const escaped = (json: string): string =>
  json.replaceAll(/[k@+ ]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`)

/** What is there to read: as it came, its escapes read, and with base64 opened. */
function readable(body: string): string {
  const read = JSON.stringify(JSON.parse(body))
  const opened = [...read.matchAll(/[\w+/]{16,}={0,2}/g)].map(([run]) => Buffer.from(run, 'base64').toString('latin1'))
  return [body, read, ...opened].join('\n')
}

interface Called {
  readonly status: number
  /** What arrived at the upstream, to be read; '' where nothing did. */
  readonly sent: string
  /** What the caller hears of a model that says every token which it can read. */
  readonly heard: string
}

async function call(
  service: PassService,
  { api, path }: CallForm,
  { body }: PositionCase,
  { streamed }: { readonly streamed: boolean },
): Promise<Called> {
  const upstream = api === 'messages' ? service.anthropic : service.openai
  upstream.startOver()
  upstream.answer = echoModel({
    say: (sent) => ({
      words: `${
        readable(sent)
          .match(/[A-Z]+_(?:[A-Z]\d){5}/g)
          ?.join(' and ') ?? 'Nothing'
      }.`,
      calls: [],
    }),
  })
  const json = JSON.stringify(api === 'embeddings' ? body : { ...body, stream: streamed })
  const response = await fetch(service.service.url + path, {
    method: 'POST',
    headers: { authorization: 'Bearer sp-test', 'content-type': 'application/json', 'anthropic-version': '2023-06-01' },
    // Every other call is written with escapes.
    body: streamed ? escaped(json) : json,
  })
  const answer = await response.text()
  const sent = upstream.requests.map((request) => readable(request.body.toString('utf8'))).join('\n')
  return { status: response.status, sent, heard: response.ok && api !== 'embeddings' ? hear(answer).words : '' }
}

/** Rows that are no calls where a value stands there: what they name is somebody's own, or a tool that nobody may use. */
const refusedRows: Readonly<Record<string, RegExp>> = {
  'chat-completions': /^(?:model|tools\[\]\.type)$|\.(?:file_id|audio\.id)$/,
  responses:
    /^(?:model|tools\[\]\.(?:type|container|vector_store_ids\[\])|previous_response_id|conversation(?:\.id)?|prompt\.id)$|\.(?:file_id|file_ids\[\]|container_id)$/,
  messages: /^(?:model|tools\[\]\.type|container(?:\.id)?)$|\.file_id$/,
  embeddings: /^model$/,
}

/** What comes back as it was said, wherever it stood. */
const comesBack = ['phone', 'iban', 'ssn', 'secret', 'person'] as const

const forms = callForms.map((form) => [form.path, form] as const)
const calls = callForms.flatMap((form) =>
  (form.api === 'embeddings' ? [false] : [false, true]).map((streamed) => [form.path, streamed, form] as const),
)

describe('positions of values', () => {
  it.each(calls)(
    'of %s, streamed: %s: nothing arrives of any value at any of them, and what stood there comes back',
    async (_path, streamed, form) => {
      verifies('pii.every-position', 'pii.unknown-positions')
      const faults: string[] = []
      const refused: string[] = []
      for (const each of positionCases(form)) {
        const { status, sent, heard } = await call(at.masked, form, each, { streamed })
        const leaks = leaksIn(sent, each.values)
        if (leaks.length > 0) faults.push(`${each.position}: ${leaks.join(', ')}`)
        if (status !== 200) refused.push(each.position)
        if (status !== 200 ? sent !== '' : sent === '') faults.push(`${each.position}: ${status}`)
        if (status === 200 && each.carried !== null && !sent.includes(each.carried))
          faults.push(`${each.position}: lost`)
        if (status !== 200 || form.api === 'embeddings') continue
        const missing = comesBack.filter((name) => !heard.includes(each.values[name] ?? ''))
        if (missing.length > 0) faults.push(`${each.position}: ${missing.join(', ')} not given back`)
      }
      expect(faults).toEqual([])
      const rows = Object.keys(positionsOf[form.api].request)
      expect(refused).toEqual(rows.filter((row) => refusedRows[form.api]?.test(row)))
    },
    patience,
  )

  it.each(calls)(
    'of %s, streamed: %s: all of them would be seen where nothing is hidden',
    async (_path, streamed, form) => {
      const unseen: string[] = []
      for (const each of positionCases(form).filter(isHidden)) {
        const { status, sent } = await call(at.unmasked, form, each, { streamed })
        if (status !== 200) continue
        const seen = leaksIn(sent, each.values)
        const names = Object.keys(each.values).filter((name) => !seen.includes(name))
        if (names.length > 0) unseen.push(`${each.position}: ${names.join(', ')}`)
      }
      expect(unseen).toEqual([])
    },
    patience,
  )

  it.each(forms)(
    'of %s: each is the one that it says: what stands there leaves once the table says so of it alone',
    async (_path, form) => {
      const hidden: string[] = []
      const positions = positionsOf[form.api]
      for (const { position, values, body } of positionCases(form).filter(isHidden)) {
        const path = /^.*x_later/.exec(position)?.[0] ?? position
        const request = { ...positions.request, [path]: 'kept', [`${path}.**`]: 'kept' } as const
        const by = form.api === 'embeddings' ? 'words' : 'tokens'
        const options = { by, profile: { deny }, positions: { ...positions, request } } as const
        const { body: sent } = await maskForTest(form.api, body, options)
        if (leaksIn(readable(sent), values).length === 0) hidden.push(position)
      }
      // A name that the API does not have is looked at wherever it stands.
      expect(hidden).toEqual(['x_later.*'])
    },
    patience,
  )

  it.each(forms)('of %s: every row of the references has a case', (_path, form) => {
    const cases = new Set(positionCases(form).map(({ position }) => position))
    const listed = Object.values<readonly string[]>(positionsByKind[form.api]).flat()
    expect(listed.filter((row) => !cases.has(row))).toEqual([])
  })
})
