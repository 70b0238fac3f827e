import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { ArtifactStore } from '../../../src/surfaces/artifact-store.ts'
import { clockJumps, jumpClock, withFalseWallClock } from '../../support/clock-jumps.ts'

const ada = { id: 'key_ada' }

const file = (content: string, name = 'a.csv') => ({
  name,
  mediaType: 'text/csv',
  content: Buffer.from(content).toString('base64'),
})

function made(maximumBytes = 100) {
  const clock = { now: 1_000_000 }
  const options = {
    timeToLiveMilliseconds: 500,
    maximumBytes,
    baseUrl: () => 'https://sally.example',
    now: () => clock.now,
  }
  const store = new ArtifactStore(options)
  const put = (content: string, name?: string): string => store.put(ada, file(content, name)) ?? 'none'
  return { clock, store, put }
}

function partsOf(link: string): [string, string, string] {
  const { pathname, searchParams } = new URL(link)
  return [pathname.split('/').at(-1) ?? '', searchParams.get('expires') ?? '', searchParams.get('signature') ?? '']
}

const got = (store: ArtifactStore, link: string) => store.get(...partsOf(link))?.content.toString() ?? null

describe('the link to a file', () => {
  it('leads to the file as it was, under its name and type', () => {
    const { store, put } = made()
    const link = put('n\n1\n', 'b.csv')
    expect(link).toMatch(
      /^https:\/\/sally\.example\/v1\/artifacts\/[0-9a-f-]{36}\?expires=1000500&signature=[\w-]{43}$/,
    )
    const kept = store.get(...partsOf(link))
    expect(kept).toMatchObject({ name: 'b.csv', mediaType: 'text/csv' })
    expect(kept?.content.toString()).toBe('n\n1\n')
  })

  it('is good until its time is over, and not longer', () => {
    const { clock, store, put } = made()
    const link = put('a')
    clock.now += 499
    expect(got(store, link)).toBe('a')
    clock.now += 1
    expect(got(store, link)).toBeNull()
  })

  it('is none where it was changed or is of another file, another time or another process', () => {
    const { store, put } = made()
    const [link, other] = [put('one'), put('two')]
    const [id, expires, signature] = partsOf(link)
    expect([
      store.get(partsOf(other)[0], expires, signature),
      store.get(id, String(Number(expires) + 1), signature),
      store.get(id, expires, partsOf(other)[2]),
      store.get(id, expires, signature.slice(0, -1)),
      store.get(id, expires, `${signature}A`),
      store.get(id, expires, ''),
      store.get('', '', ''),
      made().store.get(id, expires, signature),
    ]).toEqual(Array.from({ length: 8 }, () => null))
    expect([got(store, link), got(store, other)]).toEqual(['one', 'two'])
  })
})

describe('the room for files', () => {
  it('takes one that fills it, and no larger one', () => {
    const { store, put } = made(4)
    expect(store.put(ada, file('12345'))).toBeNull()
    expect(got(store, put('1234'))).toBe('1234')
  })

  it('is made by dropping the oldest, no more of them than it takes', () => {
    const { store, put } = made(10)
    const links = [put('1111'), put('222'), put('333')]
    expect(links.map((link) => got(store, link))).toEqual(['1111', '222', '333'])
    links.push(put('44444'))
    expect(links.map((link) => got(store, link))).toEqual([null, null, '333', '44444'])
    links.push(put('55'))
    expect(links.map((link) => got(store, link))).toEqual([null, null, '333', '44444', '55'])
  })

  it('is given back by those whose time is over, before any other is dropped', () => {
    const { clock, store, put } = made(10)
    put('11111')
    clock.now += 400
    const young = put('22222')
    clock.now += 100
    const next = put('33333')
    expect([got(store, young), got(store, next)]).toEqual(['22222', '33333'])
  })
})

describe.each(clockJumps)('the link to a chart when the wall clock jumps a day %s', (_way, by) => {
  withFalseWallClock()

  it('lives as long as it was given', async () => {
    const open = async (timeToLiveMilliseconds: number) => {
      const artifacts = new ArtifactStore({ timeToLiveMilliseconds, maximumBytes: 100, baseUrl: () => 'http://x' })
      const link = new URL(artifacts.put(ada, { name: 'a.png', mediaType: 'image/png', content: 'AAAA' }) ?? '')
      jumpClock(by)
      await sleep(60)
      const [expires, signature] = [link.searchParams.get('expires') ?? '', link.searchParams.get('signature') ?? '']
      return artifacts.get(link.pathname.split('/').at(-1) ?? '', expires, signature)
    }
    expect(await open(60_000)).toMatchObject({ name: 'a.png' })
    expect(await open(20)).toBeNull()
  })
})
