import { describe, expect, it } from 'vitest'
import { listEveryShare } from '../../../../../src/surfaces/wire/admin/shares.ts'
import { addSuspension } from '../../../../../src/surfaces/wire/admin/suspensions.ts'
import { listQueue } from '../../../../../src/surfaces/wire/admin/tuning-queue.ts'
import { suspensionReasons } from '../../../../../src/core/suspensions.ts'
import { operatorPath } from '../../../../../src/web/api/operator-path.ts'
import { everyPiece } from '../../../../../src/web/pages/operate/every-piece.ts'
import { readQueue } from '../../../../../src/web/pages/operate/feedback/queue-query.ts'
import { readOverlap } from '../../../../../src/web/pages/operate/keys/overlap.ts'
import { readShares } from '../../../../../src/web/pages/operate/shares/share-query.ts'
import { unlimited } from '../../../../../src/web/pages/operate/lifetimes.ts'
import {
  isInForce,
  readSuspension,
  reasonText,
} from '../../../../../src/web/pages/operate/suspensions/suspension-draft.ts'

const now = Date.parse('2026-11-30T20:00:00Z')

describe('the address of a route for operators', () => {
  it('has what is asked for in its path and its query, and nothing that is not', () => {
    const query = { principal: 'a b', person: undefined, group: '' }
    expect(operatorPath('GET /admin/v1/limits', { query })).toEqual({
      method: 'GET',
      path: '/admin/v1/limits?principal=a+b',
    })
    expect(operatorPath('GET /admin/v1/groups', {})).toEqual({ method: 'GET', path: '/admin/v1/groups' })
  })

  it('never leads elsewhere by an id', () => {
    expect(operatorPath('DELETE /admin/v1/keys/{id}', { id: '../groups?a=#b' }).path).toBe(
      '/admin/v1/keys/..%2Fgroups%3Fa%3D%23b',
    )
  })

  it.each([undefined, '', '.', '..'])('is of one thing, which has to be named: %j', (id) => {
    expect(() => operatorPath('DELETE /admin/v1/keys/{id}', { id })).toThrow('none is named')
  })
})

describe('a list that comes in pieces', () => {
  it('is read to its end, each piece from where the one before ended', async () => {
    const asked: (string | undefined)[] = []
    const shown: (readonly number[])[] = []
    const all = await everyPiece(
      async (after) => {
        asked.push(after)
        return { data: [asked.length], next: asked.length < 3 ? `p${asked.length}` : null }
      },
      (soFar) => shown.push(soFar),
    )
    expect([all, asked]).toEqual([
      [1, 2, 3],
      [undefined, 'p1', 'p2'],
    ])
    // Of a long list the beginning is there before its end.
    expect(shown).toEqual([[1], [1, 2]])
  })

  it('is given up where it has no end', async () => {
    let pieces = 0
    const endless = everyPiece(async () => {
      pieces += 1
      return { data: [1], next: 'more' }
    })
    await expect(endless).rejects.toThrow('goes on behind 50 rows')
    expect(pieces).toBe(50)
  })
})

describe('the address of the page of shares', () => {
  it('asks the route for what it names, and for nobody who cannot be a caller', () => {
    const { query, fault } = readShares({ audience: 'link', group: ' sales ', principal: 'token-1', other: 'x' })
    expect([query, fault]).toEqual([{ limit: 1_000, audience: 'link', group: 'sales', principal: 'token-1' }, null])
    expect(listEveryShare.query.safeParse(query).success).toBe(true)
    expect(readShares({ audience: 'everybody' })).toEqual({ query: { limit: 1_000 }, fault: null })
    expect(readShares({ principal: '../keys' }).fault).toContain('token-')
  })
})

describe('the form for a suspension', () => {
  const draft = { principal: ' k1 ', person: '', note: '', lasts: unlimited }

  it('gives a body that the route takes', () => {
    expect(readSuspension(draft, now)).toEqual({ body: { principal: 'k1' } })
    const lasts = { ...unlimited, kind: 'days', days: '1' } as const
    const read = readSuspension({ ...draft, person: 'p', note: 'too many', lasts }, now)
    expect(read).toEqual({
      body: { principal: 'k1', person: 'p', note: 'too many', lasts: { milliseconds: 86_400_000 } },
    })
    expect(addSuspension.body.safeParse('body' in read ? read.body : null).success).toBe(true)
  })

  it.each([
    ['principal', { principal: 'no id' }],
    ['lasts', { lasts: { ...unlimited, kind: 'days' as const, days: '' } }],
  ])('says which field has to be filled in otherwise: %s', (field, change) => {
    expect(readSuspension({ ...draft, ...change }, now)).toMatchObject({ field })
  })

  it('says every reason in words, and what is over', () => {
    expect(suspensionReasons.filter((reason) => reasonText(reason) === reason)).toEqual([])
    const ended = '2026-11-30T19:00:00.000Z'
    expect(isInForce({ lifted: null, until: null }, now)).toBe(true)
    expect(isInForce({ lifted: null, until: ended }, now)).toBe(false)
    expect(isInForce({ lifted: ended, until: null }, now)).toBe(false)
  })
})

describe('the part of the queue that an address names', () => {
  it('is a query that the route takes', () => {
    const { query, fault } = readQueue({ kind: 'appeal', group: ' support ', rule: 'toxicity' })
    expect([query, fault]).toEqual([
      { kind: 'appeal', group: 'support', rule: 'toxicity', direction: 'outbound', state: 'waiting' },
      null,
    ])
    expect(listQueue.query.safeParse(query).success).toBe(true)
  })

  it('takes nothing that there is not', () => {
    expect(readQueue({ kind: 'everything', direction: 'up' })).toEqual({ query: { state: 'waiting' }, fault: null })
  })

  it('wants a place for drawn decisions', () => {
    expect(readQueue({ kind: 'audit', group: 'support' }).fault).toContain('a group and a category')
    expect(readQueue({ kind: 'audit', group: 'support', rule: 'toxicity' }).fault).toBeNull()
  })
})

describe('how long a rotated key goes on', () => {
  it('is a number of hours, and nothing is said of none', () => {
    expect([readOverlap('24'), readOverlap(' 0 ')]).toEqual([{ said: { overlap_ms: 86_400_000 } }, { said: {} }])
  })

  it.each(['', '-1', 'a day', '1e9'])('is not %j', (hours) => {
    expect(readOverlap(hours)).toHaveProperty('fault')
  })
})
