import { describe, expect, it } from 'vitest'
import type { KeptBy, SearchNotice } from '../../../../../src/core/kept-values.ts'
import { Throttle } from '../../../../../src/gateway/admit/throttle.ts'
import { createSearching } from '../../../../../src/gateway/privacy/vault/searching.ts'
import type { ValueSearch } from '../../../../../src/gateway/privacy/vault/value-search.ts'
import { callGrant } from '../../../../support/received-call.ts'
import { verifies } from '../../../../support/verifies.ts'

const officer = { id: 'k1', kind: 'api-key', group: 'privacy' } as const
const asked = { value: 'Canary Person', after: null, requestId: 'r1' }
const never = new AbortController().signal
const result = { found: [], searched: { conversations: 3, values: 9 }, unopened: 0, next: null }

interface Script {
  readonly right?: 'none' | 'own' | 'group' | 'all'
  readonly search?: ValueSearch['find']
  readonly onSearch?: () => Promise<void>
}

function searchingWith({ right = 'all', search, onSearch }: Script = {}) {
  const [notices, ranges]: [SearchNotice[], KeptBy[]] = [[], []]
  const find: ValueSearch['find'] = async (by, value, options) => {
    ranges.push(by)
    return search === undefined ? result : search(by, value, options)
  }
  const searching = createSearching({
    grantFor: () => ({ ...callGrant, findValues: right }),
    search: { find },
    stored: {
      forget: async (by, conversation) => {
        ranges.push(by)
        return conversation === 'c1'
      },
    },
    onSearch: async (notice) => {
      notices.push(notice)
      await onSearch?.()
    },
    throttle: new Throttle({ what: 'searches', burst: 2, everyMilliseconds: 1_000, elapsed: () => 0 }),
  })
  return { searching, notices, ranges }
}

describe('searching what is kept', () => {
  it('is for groups that have the right, and reaches as far as it does', async () => {
    verifies('pii.found-rights')
    const none = searchingWith({ right: 'none' })
    const refused = {
      code: 'forbidden',
      advice: 'Ask the operator: gateway.groups.privacy.find_values has to be own, group or all.',
    }
    await expect(none.searching.find(officer, asked, never)).rejects.toMatchObject(refused)
    await expect(none.searching.forget(officer, 'c1', 'r1')).rejects.toMatchObject(refused)
    expect([none.notices, none.ranges]).toEqual([[], []])
    const reach = { own: { of: 'own', principal: 'k1' }, group: { of: 'group', group: 'privacy' }, all: { of: 'all' } }
    for (const right of ['own', 'group', 'all'] as const) {
      const { searching, ranges } = searchingWith({ right })
      await searching.find(officer, asked, never)
      await searching.forget(officer, 'c1', 'r1')
      expect(ranges).toEqual([reach[right], reach[right]])
    }
  })

  it('is on the trail before it begins and when it ends, without the value', async () => {
    verifies('pii.found')
    const { searching, notices } = searchingWith()
    await searching.find(officer, asked, never)
    await searching.forget(officer, 'c1', 'r2')
    const who = { principal: 'k1', group: 'privacy' }
    expect(notices).toEqual([
      { event: 'privacy-search', requestId: 'r1', ...who, of: 'all' },
      { event: 'privacy-search-end', requestId: 'r1', found: 0, conversations: 3 },
      { event: 'privacy-forget', requestId: 'r2', ...who, conversation: 'c1' },
    ])
    const closed = searchingWith({ onSearch: () => Promise.reject(new Error('the trail is full')) })
    await expect(closed.searching.find(officer, asked, never)).rejects.toThrow('the trail is full')
    await expect(closed.searching.forget(officer, 'c1', 'r')).rejects.toThrow('the trail is full')
    expect(closed.ranges).toEqual([])
  })

  it('is limited for each key, and one at a time', async () => {
    verifies('pii.found-rights')
    const { searching } = searchingWith()
    for (let time = 0; time < 2; time += 1) await searching.find(officer, asked, never)
    await expect(searching.find(officer, asked, never)).rejects.toMatchObject({ code: 'rate-limited' })
    await searching.find({ ...officer, id: 'k2' }, asked, never)

    const begun = Promise.withResolvers<typeof result>()
    const slow = searchingWith({ search: () => begun.promise })
    const running = slow.searching.find(officer, asked, never)
    const beside = slow.searching.find({ ...officer, id: 'k2' }, asked, never)
    await expect(beside).rejects.toMatchObject({ code: 'rate-limited', message: 'Another search is running.' })
    begun.resolve(result)
    expect(await running).toEqual(result)
    await slow.searching.find({ ...officer, id: 'k3' }, asked, never)
  })

  it('lets the next one begin after one that failed', async () => {
    const failing = searchingWith({ search: () => Promise.reject(new Error('no storage')) })
    for (const id of ['k1', 'k2']) {
      await expect(failing.searching.find({ ...officer, id }, asked, never)).rejects.toThrow('no storage')
    }
  })

  it('answers for a conversation out of reach as for none', async () => {
    verifies('pii.found-rights')
    const { searching } = searchingWith({ right: 'own' })
    await expect(searching.forget(officer, 'c2', 'r')).rejects.toMatchObject({ code: 'not-found' })
  })
})
