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
  compared = await ComparedCalls.start({ unread: 'pass', tools: ['*'] })
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

/** Makes a call directly, and through a service that hides who asks; the client has to come to the same. */
async function expectSame(title: string, kind: UpstreamServerOptions['kind'], call: ModelCall): Promise<void> {
  verifies('pii.every-client')
  const told = async (to: CallTarget) => plainly(await call(to))
  if (title.endsWith('of tokens')) {
    await compared.both(title, kind, (to) => (to.origin === compared.service.url ? expectRefused(told(to)) : told(to)))
    return
  }
  const { direct, through } = await compared.both(title, kind, told)
  if (!title.endsWith('abort')) expect(textsTold(through.told)).toEqual(textsTold(direct.told))
  // Events are as many and of the same kinds, and their texts may be cut elsewhere.
  if (!/streamed|refused|retrieved|abort/.test(title)) expect(through.told).toEqual(direct.told)
  const asked = direct.requests.map(({ body }) => body).join('\n')
  const sent = through.requests.map(({ body }) => body).join('\n')
  expect(sent).not.toContain(asker)
  const value = /embedding/i.test(title) ? 'email' : /EMAIL_(?:[A-Z]\d){5}/g
  expect(sent.replaceAll(value, asker)).toBe(asked)
}

/** Texts that come as ids of tokens cannot be read. */
async function expectRefused(told: Promise<unknown>): Promise<void> {
  await expect(told).rejects.toMatchObject({ status: 400 })
}

describe.each(Object.entries(modelClients))('%s through a profile that hides who asks', (_name, { kind, calls }) => {
  it.each(Object.entries(calls))('%s: comes to the same as by a direct call', async (title, call) => {
    await expectSame(title, kind, call)
  })
})

describe.skipIf(python === null)(
  `Python's clients through a profile that hides who asks${typeof clients === 'string' ? `, which are not here: ${clients}` : ''}`,
  () => {
    it.each(pythonNames)('%s: comes to the same as by a direct call', async (name) => {
      const kind = name.startsWith('anthropic') ? 'anthropic' : 'openai'
      await expectSame(name, kind, async (to) => JSON.parse((await python?.call(name, to)) ?? '') as unknown)
    })
  },
)
