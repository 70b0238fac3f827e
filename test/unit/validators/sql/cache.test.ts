import { describe, expect, it } from 'vitest'
import { RecentCache } from '../../../../src/validators/sql/cache.ts'

function filled(capacity: number, ...keys: string[]): RecentCache<string> {
  const cache = new RecentCache<string>(capacity)
  for (const key of keys) cache.set(key, `value of ${key}`)
  return cache
}

/** The keys among these that are kept. Asking for one makes it the one that was used last, so each cache is asked once. */
function kept(cache: RecentCache<string>): string[] {
  return ['a', 'b', 'c'].filter((key) => cache.get(key) === `value of ${key}`)
}

describe('a cache of what was used last', () => {
  it('keeps as many entries as it has room for, and gives up the oldest', () => {
    expect(kept(filled(2, 'a', 'b'))).toEqual(['a', 'b'])
    expect(kept(filled(2, 'a', 'b', 'c'))).toEqual(['b', 'c'])
    expect(kept(filled(1, 'a', 'b'))).toEqual(['b'])
  })

  it('keeps what was asked for rather than what was not', () => {
    const cache = filled(2, 'a', 'b')
    expect(cache.get('a')).toBe('value of a')
    cache.set('c', 'value of c')
    expect(kept(cache)).toEqual(['a', 'c'])
  })

  it('keeps what was set again, with its new value', () => {
    const cache = filled(2, 'a', 'b')
    cache.set('a', 'another')
    cache.set('c', 'value of c')
    expect([cache.get('a'), cache.get('b'), cache.get('c')]).toEqual(['another', undefined, 'value of c'])
  })

  it('keeps nothing without room', () => {
    expect(kept(filled(0, 'a', 'b'))).toEqual([])
  })
})
