import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ComparedCalls } from '../support/http/model-calls/compared-calls.ts'
import { PythonCalls, pythonClients } from '../support/http/model-calls/python-calls.ts'

const clients = pythonClients()
const python = typeof clients === 'string' ? null : new PythonCalls(clients.python)
// Each call is a test of its own.
const names = python === null ? [] : await python.names()

describe.skipIf(python === null)(
  `Python's clients${typeof clients === 'string' ? `, which are not here: ${clients}` : ''}`,
  () => {
    let compared: ComparedCalls
    beforeAll(async () => {
      compared = await ComparedCalls.start()
    })
    afterAll(async () => {
      await compared[Symbol.asyncDispose]()
      await python?.[Symbol.asyncDispose]()
    })

    it.each(names.filter((name) => !name.startsWith('models, ')))(
      '%s: comes to the same as by a direct call, to the last digit',
      async (name) => {
        const kind = name.startsWith('anthropic') ? 'anthropic' : 'openai'
        const { direct, through, stray } = await compared.both(name, kind, async (to) => {
          const text = (await python?.call(name, to)) ?? ''
          return { text, told: JSON.parse(text) as unknown }
        })
        expect(direct.requests).not.toEqual([])
        expect(through).toEqual(direct)
        expect([stray, through.givenUp]).toEqual([[], name.endsWith('abort') ? [true] : []])
      },
    )

    it.each([
      ['models, openai', ['analyst', 'gpt-5', 'text-embedding-3-small', 'claude-sonnet-5'], 'gpt-5'],
      ['models, anthropic', ['analyst', 'gpt-5', 'text-embedding-3-small', 'claude-sonnet-5'], 'claude-sonnet-5'],
    ])('%s: are those that the caller may ask for', async (name, all, one) => {
      const { url: origin, key: apiKey } = compared.service
      const { told } = JSON.parse((await python?.call(name, { origin, apiKey, headers: {} })) ?? '') as {
        readonly told: readonly { readonly id: string }[]
      }
      expect(told.slice(0, -1).map(({ id }) => id)).toEqual(expect.arrayContaining(all))
      expect(told.at(-1)?.id).toBe(one)
    })

    it('are asked on every surface, plain, streamed, with tools, structured, with a picture and given up', () => {
      const kinds = ['plain', 'streamed', 'tools', 'structured', 'picture', 'abort']
      for (const surface of ['openai chat', 'openai responses', 'anthropic messages']) {
        for (const kind of kinds) expect(names.some((name) => name.startsWith(`${surface}, ${kind}`))).toBe(true)
      }
    })
  },
)
