import { describe, expect, it } from 'vitest'
import { createKey } from '../../../../../src/surfaces/wire/admin/keys.ts'
import { keyScopes } from '../../../../../src/core/key-scopes.ts'
import type { Key } from '../../../../../src/web/api/generated/operators.ts'
import { readLifetime, unlimited } from '../../../../../src/web/pages/operate/lifetimes.ts'
import {
  emptyKey,
  isLastOperator,
  readKey,
  scopes,
  scopesText,
  standingOf,
} from '../../../../../src/web/pages/operate/keys/key-draft.ts'

const now = Date.parse('2026-11-30T20:00:00Z')

const key = (facts: Partial<Key> = {}): Key => ({
  id: 'k1',
  name: 'Anna',
  group: 'default',
  created: '2026-11-01T00:00:00.000Z',
  state: 'active',
  scopes: ['ask'],
  expires: null,
  last_used: null,
  replaced_by: null,
  ...facts,
})

describe('the form for a key', () => {
  it('offers every scope that there is, and takes those that no key has by itself only by hand', () => {
    expect(scopes.map(({ name }) => name)).toEqual([...keyScopes])
    expect(emptyKey.scopes.filter((scope) => scope === 'admin' || scope === 'approve')).toEqual([])
  })

  it('gives a body that the route takes', () => {
    const read = readKey({ ...emptyKey, name: ' Anna ', scopes: ['ask', 'sql'] }, now)
    expect(read).toEqual({
      body: { name: 'Anna', group: 'default', scopes: ['ask', 'sql'], expires: { milliseconds: 90 * 86_400_000 } },
    })
    expect(createKey.body.safeParse('body' in read ? read.body : null).success).toBe(true)
  })

  it('says nothing of an end where there is none', () => {
    const read = readKey({ ...emptyKey, name: 'Anna', lifetime: unlimited }, now)
    expect(read).toEqual({ body: { name: 'Anna', group: 'default', scopes: emptyKey.scopes } })
  })

  it.each([
    ['name', { name: '  ' }],
    ['name', { name: 'a'.repeat(101) }],
    ['group', { name: 'Anna', group: '' }],
    ['scopes', { name: 'Anna', scopes: [] }],
    ['lifetime', { name: 'Anna', lifetime: { ...unlimited, kind: 'days' as const, days: '0' } }],
    ['lifetime', { name: 'Anna', lifetime: { ...unlimited, kind: 'until' as const, until: '2026-11-30T19:00Z' } }],
  ])('says which field has to be filled in otherwise: %s', (field, draft) => {
    expect(readKey({ ...emptyKey, ...draft }, now)).toMatchObject({ field })
  })
})

describe('the scopes of a key', () => {
  it('are said in few words where they are the usual ones, or all', () => {
    expect(scopesText(emptyKey.scopes)).toBe('all but approve and admin')
    expect(scopesText(keyScopes)).toBe('all')
    expect(scopesText(emptyKey.scopes.slice(1))).not.toContain('all')
    expect([scopesText(['ask', 'admin']), scopesText([])]).toEqual(['ask, admin', 'none'])
  })
})

describe('how long something lasts', () => {
  it.each(['', 'soon', '-1', '0', '36526', 'Infinity'])('is no number of days: %j', (days) => {
    expect(readLifetime({ kind: 'days', days, until: '' }, now)).toHaveProperty('fault')
  })

  it('is a moment in UTC, whatever the browser has it in', () => {
    expect(readLifetime({ kind: 'until', days: '', until: '2026-12-01T01:00+02:00' }, now)).toEqual({
      said: { until: '2026-11-30T23:00:00.000Z' },
    })
    expect(readLifetime({ kind: 'until', days: '', until: 'whenever' }, now)).toHaveProperty('fault')
  })

  it('is at least a millisecond, which is what the route takes', () => {
    expect(readLifetime({ kind: 'days', days: '1e-12', until: '' }, now)).toEqual({ said: { milliseconds: 1 } })
  })
})

describe('how a key stands', () => {
  it.each([
    [key(), 'active', 'good'],
    [key({ expires: '2026-12-03T20:00:00Z' }), 'ends in 3 days', 'warn'],
    [key({ expires: '2027-12-03T20:00:00Z' }), 'active', 'good'],
    [key({ state: 'expired' }), 'expired', 'plain'],
    [key({ state: 'held' }), 'held: nobody can use it', 'plain'],
    [key({ replaced_by: 'k2' }), 'replaced', 'warn'],
  ])('is said in a word', (of, word, tone) => {
    expect(standingOf(of, now)).toEqual({ word, tone })
  })

  it('is the last that opens these pages where no other active one has the scope', () => {
    const operator = key({ id: 'op', scopes: ['admin'] })
    expect(isLastOperator(operator, [operator, key(), key({ id: 'old', scopes: ['admin'], state: 'expired' })])).toBe(
      true,
    )
    expect(isLastOperator(operator, [operator, key({ id: 'other', scopes: ['admin'] })])).toBe(false)
    expect(isLastOperator(key(), [operator, key()])).toBe(false)
  })
})
