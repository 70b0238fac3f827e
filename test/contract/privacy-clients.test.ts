import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { modelClients } from '../support/http/model-calls/clients.ts'
import { ComparedCalls } from '../support/http/model-calls/compared-calls.ts'
import type { CallTarget, ModelCall } from '../support/http/model-calls/model-call.ts'
import { PythonCalls, pythonClients } from '../support/http/model-calls/python-calls.ts'
import { textsTold } from '../support/http/model-calls/texts-told.ts'
import type { UpstreamServerOptions } from '../support/http/upstream/upstream-server.ts'
import { asker } from '../support/http/upstream/provider-api.ts'
import { verifies } from '../support/verifies.ts'

/** What differs from call to call, by the names under which clients tell it. */
const ofOneCall = new Set(['headers', 'performance'])

const clients = pythonClients()
const python = typeof clients === 'string' ? null : new PythonCalls(clients.python)
const pythonNames = python === null ? [] : (await python.names()).filter((name) => !name.startsWith('models, '))

let compared: ComparedCalls
beforeAll(async () => {
  compared = await ComparedCalls.start({ masking: 'structured', unread: 'pass', tools: ['*'] })
})
afterAll(async () => {
  await compared[Symbol.asyncDispose]()
  await python?.[Symbol.asyncDispose]()
})

/** All that a client tells, but for how long it took and whom it asked. */
function plainly(told: unknown): unknown {
  const text = JSON.stringify(told, (name, value: unknown) =>
    ofOneCall.has(name) || (typeof value === 'string' && value.startsWith('http://127.0.0.1:')) ? undefined : value,
  )
  return text === undefined ? null : JSON.parse(text)
}

/** Makes a call directly, and through a service that hides who asks: what the client came to, and what was sent. */
async function bothWays(title: string, kind: UpstreamServerOptions['kind'], call: ModelCall) {
  const told = async (to: CallTarget) => plainly(await call(to))
  // Texts that come as ids of tokens cannot be read.
  if (title.endsWith('of tokens')) {
    const statusOf = (to: CallTarget) =>
      told(to).then(
        () => 200,
        ({ status }: { status?: unknown }) => status,
      )
    const refused = (to: CallTarget) => (to.origin === compared.service.url ? statusOf(to) : told(to).then(() => 400))
    const { direct, through } = await compared.both(title, kind, refused)
    return { direct: direct.told, through: through.told }
  }
  const { direct, through } = await compared.both(title, kind, told)
  // Events are as many and of the same kinds, and their texts may be cut elsewhere.
  const isCutElsewhere = /streamed|refused|retrieved|abort/.test(title)
  const sentBy = ({ requests }: typeof direct) => requests.map(({ body }) => body).join('\n')
  const tokens = /embedding/i.test(title) ? 'email' : /EMAIL_(?:[A-Z]\d){5}/g
  const sent = sentBy(through)
  const outcomeOf = (way: typeof direct, asked: string) => ({
    texts: title.endsWith('abort') ? null : textsTold(way.told),
    told: isCutElsewhere ? null : way.told,
    asked,
    hidden: true,
  })
  return {
    direct: outcomeOf(direct, sentBy(direct)),
    through: { ...outcomeOf(through, sent.replaceAll(tokens, asker)), hidden: !sent.includes(asker) },
  }
}

describe.each(Object.entries(modelClients))('%s through a profile that hides who asks', (_name, { kind, calls }) => {
  it.each(Object.entries(calls))('%s: comes to the same as by a direct call', async (title, call) => {
    verifies('pii.every-client')
    const { direct, through } = await bothWays(title, kind, call)
    expect(through).toEqual(direct)
  })
})

describe.skipIf(python === null)(
  `Python's clients through a profile that hides who asks${typeof clients === 'string' ? `, which are not here: ${clients}` : ''}`,
  () => {
    it.each(pythonNames)('%s: comes to the same as by a direct call', async (name) => {
      const kind = name.startsWith('anthropic') ? 'anthropic' : 'openai'
      const call: ModelCall = async (to) => JSON.parse((await python?.call(name, to)) ?? '') as unknown
      const { direct, through } = await bothWays(name, kind, call)
      expect(through).toEqual(direct)
    })
  },
)
