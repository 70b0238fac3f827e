import { describe, expect, it } from 'vitest'
import { whereSealed } from '../../../../../src/gateway/calls/routing/where-sealed.ts'
import { ownedIdsInMemory } from '../../../../support/http/owned-ids-in-memory.ts'
import { verifies } from '../../../../support/verifies.ts'

async function known(made: Readonly<Record<string, readonly string[]>>) {
  const ownedIds = ownedIdsInMemory()
  for (const [upstream, ids] of Object.entries(made)) await ownedIds.remember({ principal: 'bob', upstream, ids })
  return ownedIds
}

const upstreams = ['one', 'two', 'three']

describe('a call with sealed items', () => {
  it('goes to the upstream that made them, whoever asked for them, with others that nobody knows', async () => {
    verifies('routing.sealed')
    const ownedIds = await known({ one: ['a'], two: ['b', 'c'], three: ['c'] })
    expect(await whereSealed(['b'], upstreams, ownedIds)).toEqual(['two'])
    expect(await whereSealed(['x', 'a'], upstreams, ownedIds)).toEqual(['one'])
    expect(await whereSealed(['c'], upstreams, ownedIds)).toEqual(['two', 'three'])
    expect(await whereSealed(['b', 'c'], upstreams, ownedIds)).toEqual(['two'])
  })

  it('goes to the first upstream alone where nobody knows them, and to none where several have made them', async () => {
    verifies('routing.unknown-sealed')
    const ownedIds = await known({ one: ['a'], two: ['b'] })
    expect(await whereSealed(['x', 'y'], upstreams, ownedIds)).toEqual(['one'])
    await expect(whereSealed(['a', 'b'], upstreams, ownedIds)).rejects.toMatchObject({
      code: 'invalid-request',
      message: 'The request has reasoning of several providers, which none of them can read.',
    })
  })

  it('asks nobody where there is nothing to choose', async () => {
    const ownedIds = { owners: async () => Promise.reject(new Error('asked')) }
    expect(await whereSealed([], upstreams, ownedIds)).toEqual(upstreams)
    expect(await whereSealed(['a'], ['one'], ownedIds)).toEqual(['one'])
  })
})
