import { describe, expect, it } from 'vitest'
import { Secret } from '../../../../src/core/secret.ts'
import { authenticate, createIdentify } from '../../../../src/gateway/authenticate/authenticate.ts'
import { received } from '../../../support/agent-events.ts'

const holder = { id: 'k1', kind: 'api-key', group: 'finance' } as const
const asked: string[] = []
const identify = createIdentify({
  find: async (key) => {
    asked.push(key.reveal())
    return key.reveal() === 'sp-known' ? holder : null
  },
})

describe('who asks', () => {
  it('is the holder of the key, and the rest of the request stays as it is', async () => {
    const request = received({ credential: new Secret('sp-known') })
    expect(await authenticate(request, identify)).toEqual({ ...request, principal: holder })
  })

  it.each([
    ['without a key', null, 'The request carries no API key.'],
    ['with a key that is not known', 'sp-guess', 'The credential is not valid.'],
    ['with a key that is nearly known', 'sp-know', 'The credential is not valid.'],
    ['with an empty key', '', 'The credential is not valid.'],
  ])('over HTTP %s is nobody', async (_case, key, message) => {
    const credential = key === null ? null : new Secret(key)
    await expect(identify('http', credential)).rejects.toMatchObject({ code: 'unauthenticated', message })
  })

  it('at the command line is the local operator, and no key is looked up', async () => {
    asked.length = 0
    const operator = { id: 'local', kind: 'operator', group: 'operator' }
    expect(await identify('cli', null)).toEqual(operator)
    expect(await identify('cli', new Secret('sp-known'))).toEqual(operator)
    expect(asked).toEqual([])
  })

  it('is looked up once for the credential of one request, and again for the next request with the same key', async () => {
    asked.length = 0
    const [first, second] = [new Secret('sp-known'), new Secret('sp-known')]
    for (const credential of [first, first, second]) expect(await identify('http', credential)).toEqual(holder)
    expect(asked).toEqual(['sp-known', 'sp-known'])
  })

  it('who was nobody is looked up again', async () => {
    const credential = new Secret('sp-guess')
    asked.length = 0
    for (let time = 0; time < 2; time += 1) {
      await expect(identify('http', credential)).rejects.toMatchObject({ code: 'unauthenticated' })
    }
    expect(asked).toEqual(['sp-guess', 'sp-guess'])
  })
})
