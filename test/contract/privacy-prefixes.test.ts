import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startPassService, type PassService } from '../support/http/pass-service.ts'
import { echoModel } from '../support/privacy/echo-model.ts'
import { hear, type Heard } from '../support/privacy/heard.ts'
import { casesOf, patienceFor, seedOf } from '../support/privacy/lane-cases.ts'
import { createRandom, type Random } from '../support/random.ts'
import { verifies } from '../support/verifies.ts'

const turns = 20
const settings = ['mask', 'leave'] as const
type LateFinds = (typeof settings)[number]

const property = 'the same bytes turn after turn'

type Item = Readonly<Record<string, unknown>>

/** What a client of each API says, and what it keeps of the answer for its next request. The turns stand last in a body. */
const apis = {
  '/v1/chat/completions': {
    turnsAt: 'messages',
    beside: {
      model: 'gpt-5',
      tools: ['send_mail', 'look_up'].map((name) => ({ type: 'function', function: { name, parameters: {} } })),
    },
    ask: (text: string): Item[] => [{ role: 'user', content: text }],
    kept: ({ words, calls }: Heard, turn: number, result: string): Item[] => [
      {
        role: 'assistant',
        content: words,
        tool_calls: Object.entries(calls).map(([name, input]) => {
          return { id: `${name}_${turn}`, type: 'function', function: { name, arguments: input } }
        }),
      },
      ...Object.keys(calls).map((name) => ({ role: 'tool', tool_call_id: `${name}_${turn}`, content: result })),
    ],
  },
  '/v1/responses': {
    turnsAt: 'input',
    beside: { model: 'gpt-5', store: false, instructions: 'You write mail.' },
    ask: (text: string): Item[] => [{ role: 'user', content: text }],
    kept: ({ words, calls }: Heard, turn: number, result: string): Item[] => [
      { role: 'assistant', content: words },
      ...Object.entries(calls).flatMap(([name, input]) => [
        { type: 'function_call', call_id: `${name}_${turn}`, name, arguments: input },
        { type: 'function_call_output', call_id: `${name}_${turn}`, output: result },
      ]),
    ],
  },
  '/v1/messages': {
    turnsAt: 'messages',
    beside: { model: 'claude-sonnet-5', max_tokens: 100, system: 'You write mail.' },
    ask: (text: string): Item[] => [{ role: 'user', content: text }],
    kept: ({ words, calls }: Heard, turn: number, result: string): Item[] => [
      {
        role: 'assistant',
        content: [
          { type: 'text', text: words },
          ...Object.entries(calls).map(([name, input]) => {
            return { type: 'tool_use', id: `${name}_${turn}`, name, input: JSON.parse(input) as unknown }
          }),
        ],
      },
      {
        role: 'user',
        content: Object.keys(calls).map((name) => {
          return { type: 'tool_result', tool_use_id: `${name}_${turn}`, content: result }
        }),
      },
    ],
  },
} as const

type Path = keyof typeof apis
const paths = Object.keys(apis) as Path[]

/** Of each setting; one of each API at least. */
const conversations = Math.max(paths.length, Math.ceil(casesOf(property) / turns / settings.length))

const services = {} as Record<LateFinds, PassService>

beforeAll(async () => {
  for (const lateFinds of settings) {
    services[lateFinds] = await startPassService({
      group: { privacy_profile: 'default' },
      privacy: { profiles: { default: { late_finds: lateFinds, tools: ['send_mail'] } } },
    })
  }
})
afterAll(async () => {
  for (const service of Object.values(services)) await service[Symbol.asyncDispose]()
})

const oneOf = <Value>(random: Random, values: readonly Value[]): Value =>
  values[Math.floor(random() * values.length)] as Value
const digits = (random: Random, count: number): string =>
  Array.from({ length: count }, () => Math.floor(random() * 10)).join('')

/** What a person says in one turn: values that are found, and numbers of which only a later turn tells what they are. */
class Speaker {
  readonly #random: Random
  readonly #said: string[] = []
  /** Nine digits that no turn has told to be anything yet. */
  readonly #untold: string[] = []

  constructor(random: Random) {
    this.#random = random
  }

  next(turn: number): string {
    const random = this.#random
    if (random() < 0.15) return JSON.stringify({ turn, account: 378_282_246_310_005, to: [this.#one()] })
    const again = this.#said.length > 0 && random() < 0.5 ? ` As I said: ${oneOf(random, this.#said)}.` : ''
    const telling = this.#untold.length > 0 && random() < 0.5 ? ` My SSN is ${this.#untold.shift()}.` : ''
    return `Turn ${turn}: ${this.#one()}${telling}${again}`
  }

  #one(): string {
    const random = this.#random
    const number = `536${digits(random, 1)}2${digits(random, 4)}`
    const value = oneOf(random, [
      `ann.${digits(random, 6)}@hamlin.example`,
      `+1 415 555 2${digits(random, 3)}`,
      `5500 0055 5555 5559`,
      `DE89 3704 0044 0532 0130 00`,
      `https://bob:${digits(random, 8)}@db.hamlin.example/`,
    ])
    this.#said.push(value)
    const kind = random()
    if (kind < 0.35) {
      this.#untold.push(number)
      return `Reference ${number}, and ${value}.`
    }
    if (kind < 0.4) return `Is EMAIL_B1C2D3F4G5 or person k7f3q9x2m4 yours? ${value}`
    return `Write to ${value}, please. Mr Thaddeus Okonkwo-${oneOf(random, ['Baines', 'Szabo', 'Ibarra'])} knows.`
  }
}

interface Sent {
  readonly body: string
  readonly items: readonly unknown[]
}

/** Which of the items of earlier turns a receipt says were changed. */
const changedItems = (paths: readonly string[]): readonly number[] => [
  ...new Set(paths.map((path) => Number(/^(?:messages|input)\[(\d+)\]/.exec(path)?.[1]))),
]

describe.each(settings)('twenty turns with tools, where what is found late is to be told apart by: %s', (lateFinds) => {
  it(
    'begin with the same bytes in every turn, but for what the receipt says no longer fits',
    async () => {
      verifies('pii.same-token')
      const seed = seedOf(property)
      let [compared, missed] = [0, 0]
      for (let index = 0; index < conversations; index += 1) {
        const path = paths[index % paths.length] as Path
        const what = `seed ${seed}, conversation ${index} of ${path}`
        const sent = await converse(services[lateFinds], path, createRandom(seed + index))
        for (const [turn, { body, items, misses }] of sent.entries()) {
          const before = sent[turn - 1]
          if (before === undefined) continue
          compared += 1
          const where = `${what}, turn ${turn}`
          const isOther = (item: unknown, at: number) => JSON.stringify(item) !== JSON.stringify(items[at])
          const changed = before.items.flatMap((item, at) => (isOther(item, at) ? [at] : []))
          missed += changed.length
          expect([changedItems(misses), where]).toEqual([changed, where])
          if (changed.length === 0) expect([body.startsWith(before.body.slice(0, -2)), where]).toEqual([true, where])
        }
      }
      expect(compared).toBe(conversations * (turns - 1))
      expect(missed > 0).toBe(lateFinds === 'mask')
    },
    patienceFor(property) * 10,
  )
})

async function converse(
  at: PassService,
  path: Path,
  random: Random,
): Promise<(Sent & { misses: readonly string[] })[]> {
  const { turnsAt, beside, ask, kept } = apis[path]
  const upstream = path === '/v1/messages' ? at.anthropic : at.openai
  upstream.startOver()
  upstream.answer = echoModel({
    pieceSize: 40,
    say: (body) => {
      const last = /Turn \d+:.*?(?=")/gs.exec(body.slice(body.lastIndexOf('Turn ')))?.[0] ?? ''
      const seen = body.match(/[A-Z]+_(?:[A-Z]\d){5}/g)?.at(-1) ?? 'nobody'
      const input = { to: seen, number: Number(/(?<=account\D*)\d{15}/.exec(body)?.[0] ?? 1) }
      return {
        words: `Noted: ${seen}. ${last.length}`,
        calls: [
          { name: 'send_mail', input },
          { name: 'look_up', input },
        ],
      }
    },
  })
  const stream = random() < 0.5
  const speaker = new Speaker(random)
  const items: Item[] = []
  const sent: (Sent & { misses: readonly string[] })[] = []
  for (let turn = 0; turn < turns; turn += 1) {
    items.push(...ask(speaker.next(turn)))
    const headers = { 'anthropic-version': '2023-06-01' }
    const response = await at.service.post({ stream, ...beside, [turnsAt]: items }, headers, path)
    const heard = hear(await response.text())
    expect(response.status).toBe(200)
    const receipt = response.headers.get('x-sallyport-privacy-receipt')
    const told = await fetch(`${at.service.url}/v1/privacy/receipts/${receipt}`, {
      headers: { authorization: 'Bearer sp-test' },
    })
    const { cache_misses: misses } = (await told.json()) as { readonly cache_misses: readonly string[] }
    const body = upstream.requests.at(-1)?.body.toString('utf8') ?? ''
    sent.push({ body, items: (JSON.parse(body) as Record<string, unknown[]>)[turnsAt] ?? [], misses })
    const result = JSON.stringify({ sent: true, to: heard.calls['send_mail'], found: heard.calls['look_up'] })
    items.push(...kept(heard, turn, result))
  }
  return sent
}
