import { describe, expect, it } from 'vitest'
import { ServiceError } from '../../../src/core/errors.ts'
import type { Principal } from '../../../src/core/principal.ts'
import { Containers } from '../../../src/sessions/containers.ts'
import type { Session } from '../../../src/sessions/session.ts'
import { SessionStore } from '../../../src/sessions/session-store.ts'
import { fakeSandbox, type FakeSandbox } from '../../support/executions/executions-desk.ts'
import { keptHistory } from '../../support/history/kept-history.ts'
import { cellResult } from '../../support/sandbox/cell-result.ts'
import { openTemporaryStorage } from '../../support/storage/open-temporary.ts'
import { verifies } from '../../support/verifies.ts'

const anna: Principal = { id: 'anna', kind: 'api-key', group: 'default' }
const bob: Principal = { ...anna, id: 'bob' }
const { signal } = new AbortController()
const minute = 60_000
const wish = { name: 'work', idleMilliseconds: 10 * minute, limits: {}, fileIds: [] }
const bytes = async function* (text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text)
}

const all = { most: 2_000, order: 'asc' } as const

/** A process: sessions in memory, and containers over what is kept. */
function processOver({ clock, kept, claim }: Shared & { readonly claim: () => FakeSandbox }) {
  const sessions = new SessionStore<FakeSandbox>({
    claim: async () => claim(),
    idleMilliseconds: 20 * minute,
    maximumPerTenant: 8,
    now: () => clock.now,
  })
  const containers = new Containers<FakeSandbox>({
    open: (principal, _limits, life) => sessions.open(principal.id, null, life),
    sessions: async () => sessions,
    store: kept.containers,
    desk: kept.served.desk,
    files: kept.files,
    maximumBytes: 1_000,
    longestMilliseconds: 60 * minute,
    lookMilliseconds: 20,
    now: () => Date.UTC(2026, 0, 1) + clock.now,
  })
  const leased = async <T>(id: string, work: (session: Session<FakeSandbox>) => Promise<T>): Promise<T> => {
    await using lease = sessions.lease('anna', await containers.sessionOf(anna, id, signal))
    return await work(lease.session)
  }
  return {
    containers,
    sessions,
    leased,
    sandboxOf: (id: string) => leased(id, (session) => session.sandbox(signal)),
    give: (id: string, name: string, text = 'words') =>
      containers.upload(anna, id, { name, content: bytes(text), signal }),
    /** Resolves once this process has looked whether its containers are still its own, and has done what comes of it. */
    looked: async (): Promise<void> => {
      const { containers: store } = kept
      const holdersOf = store.holdersOf.bind(store)
      let looks = 0
      store.holdersOf = (ids) => {
        looks += 1
        return holdersOf(ids)
      }
      await expect.poll(() => looks).toBeGreaterThan(2)
      store.holdersOf = holdersOf
    },
    pass: async (milliseconds: number): Promise<void> => {
      clock.now += milliseconds
      await sessions.expire()
    },
    [Symbol.asyncDispose]: () => sessions[Symbol.asyncDispose](),
  }
}

interface Shared {
  readonly clock: { now: number }
  readonly kept: ReturnType<typeof keptHistory>
}

async function open() {
  const sandboxes: FakeSandbox[] = []
  const claim = (): FakeSandbox => {
    const sandbox = fakeSandbox(async () => cellResult())
    sandboxes.push(sandbox)
    return sandbox
  }
  const shared = { clock: { now: 0 }, kept: keptHistory(await openTemporaryStorage()) }
  const first = processOver({ ...shared, claim })
  return { ...first, sandboxes, files: shared.kept.files, another: () => processOver({ ...shared, claim }), shared }
}

const textIn = ({ contents }: FakeSandbox, path: string): string => Buffer.from(contents.get(path) ?? []).toString()

describe('a container', () => {
  it('expires when it was unused for as long as it says, with what was given to it alone', async () => {
    verifies('containers.expiry')
    await using it = await open()
    const { id } = await it.containers.create(anna, wish, signal)
    const { stored } = await it.give(id, 'a.txt')
    await it.pass(9 * minute)
    await it.sandboxOf(id)
    await it.pass(9 * minute)
    expect(await it.containers.show(anna, id)).toMatchObject({ isOpen: true })
    await it.pass(minute + 1)
    expect(await it.containers.show(anna, id)).toMatchObject({ isOpen: false, name: 'work' })
    await expect(it.containers.sessionOf(anna, id, signal)).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('unused for 10 min'),
    })
    await expect(it.give(id, 'b.txt')).rejects.toMatchObject({ code: 'not-found' })
    await expect.poll(() => it.files.show('anna', stored.id)).toBeNull()
    expect(it.sandboxes.every(({ removed }) => removed)).toBe(true)
  })

  it('ends with its longest life though it is used, and a look does not make it live longer', async () => {
    verifies('containers.expiry')
    await using it = await open()
    const { id } = await it.containers.create(anna, wish, signal)
    for (let at = 0; at < 6; at += 1) {
      await it.pass(9 * minute)
      await it.containers.sessionOf(anna, id, signal)
    }
    await it.pass(6 * minute)
    expect(await it.containers.show(anna, id)).toMatchObject({ isOpen: false })
    const looked = await it.containers.create(anna, wish, signal)
    for (let at = 0; at < 3; at += 1) {
      await it.pass(4 * minute)
      await it.containers.show(anna, looked.id)
      await it.containers.files(anna, looked.id, all)
    }
    expect(await it.containers.show(anna, looked.id)).toMatchObject({ isOpen: false })
  })

  it('keeps what it was given no longer than it can live, where its process dies before', async () => {
    await using it = await open()
    const { id } = await it.containers.create(anna, wish, signal)
    const { stored } = await it.give(id, 'a.txt')
    const left = (stored.expires?.getTime() ?? 0) - Date.now()
    expect(left).toBeGreaterThan(0)
    expect(left).toBeLessThanOrEqual(60 * minute)
  })

  it('keeps nothing of a file that it cannot hold, and is not made with one', async () => {
    await using it = await open()
    const { id } = await it.containers.create(anna, wish, signal)
    await expect(it.give(id, 'large.txt', 'x'.repeat(1_001))).rejects.toMatchObject({ code: 'invalid-file' })
    expect(await it.files.used('anna')).toMatchObject({ files: 0 })
    const breaking = async function* (): AsyncGenerator<Uint8Array> {
      yield Buffer.from('half')
      throw new ServiceError('cancelled', 'gone')
    }
    await expect(
      it.containers.upload(anna, id, { name: 'half.txt', content: breaking(), signal }),
    ).rejects.toMatchObject({ code: 'cancelled' })
    expect(await it.files.used('anna')).toMatchObject({ files: 0 })
    const unmade = it.containers.create(anna, { ...wish, fileIds: [`file_${'0'.repeat(32)}`] }, signal)
    await expect(unmade).rejects.toMatchObject({ code: 'not-found' })
    expect(it.sessions.list('anna')).toHaveLength(1)
  })

  it('puts back what is kept into the sandbox that follows a lost one, and nothing under a name that is no path', async () => {
    verifies('containers.lost')
    await using it = await open()
    const { id } = await it.containers.create(anna, wish, signal)
    await it.give(id, 'a.txt')
    const first = await it.sandboxOf(id)
    first.contents.set('made.csv', Buffer.from('of the sandbox'))
    first.contents.set('unkept.csv', Buffer.from('unkept'))
    const made = async (name: string) => {
      const later = async () => ({ purpose: 'artifact', expires: null })
      const about = { principal: 'anna', name, mediaType: 'text/csv', preview: null, run: null, conversation: null }
      const { id: fileId } = await it.files.keep({ ...about, later }, bytes('as it left'), {
        files: 9,
        bytes: 999,
        fileBytes: 99,
      })
      await it.containers.made({ id: 'anna' }, id, { fileId, artifact: { name } })
      return fileId
    }
    await made('made.csv')
    for (const name of ['../../etc/passwd', '/etc/passwd', 'a//b', 'a\nb', 'ü'.repeat(200), 'exe.\u202Efdp'])
      await made(name)
    // What is there is not written over with what left.
    expect(textIn(await it.sandboxOf(id), 'made.csv')).toBe('of the sandbox')
    first.alive = false
    expect(await it.containers.show(anna, id)).toMatchObject({ isOpen: true, sandboxesLost: 1 })
    const second = await it.sandboxOf(id)
    expect([...second.contents.keys()]).toEqual(['a.txt', 'made.csv'])
    expect(textIn(second, 'made.csv')).toBe('as it left')
    expect(await it.containers.show(anna, id)).toMatchObject({ sandboxesLost: 1 })
    expect((await it.containers.files(anna, id, all))?.map(({ source }) => source)).toEqual([
      'user',
      ...Array.from({ length: 7 }, () => 'assistant'),
    ])
  })

  it('takes what a run made only from its owner', async () => {
    verifies('containers.own')
    await using it = await open()
    const { id } = await it.containers.create(anna, wish, signal)
    const { stored } = await it.give(id, 'a.txt')
    await it.containers.made({ id: 'bob' }, id, { fileId: stored.id, artifact: { name: 'b.txt' } })
    expect(await it.containers.files(anna, id, all)).toHaveLength(1)
    expect(await it.containers.files(bob, id, all)).toBeNull()
    expect(await it.containers.deleteFile(bob, id, stored.id, signal)).toBe(false)
    expect(await it.containers.delete(bob, id)).toBe(false)
    await expect(it.containers.sessionOf(bob, id, signal)).rejects.toMatchObject({ code: 'not-found' })
    await expect(it.containers.add(bob, id, stored.id, signal)).rejects.toMatchObject({ code: 'not-found' })
  })

  it('is deleted with its session and what was given to it alone', async () => {
    await using it = await open()
    const { id } = await it.containers.create(anna, wish, signal)
    await it.give(id, 'a.txt')
    const sandbox = await it.sandboxOf(id)
    expect(await it.containers.delete(anna, id)).toBe(true)
    expect([sandbox.removed, it.sessions.list('anna'), await it.containers.show(anna, id)]).toEqual([true, [], null])
    expect(await it.files.used('anna')).toMatchObject({ files: 0 })
  })

  it('takes a file out of its sandbox, too', async () => {
    await using it = await open()
    const { id } = await it.containers.create(anna, wish, signal)
    const { stored } = await it.give(id, 'a.txt')
    const sandbox = await it.sandboxOf(id)
    expect([...sandbox.contents.keys()]).toEqual(['a.txt'])
    expect(await it.containers.deleteFile(anna, id, stored.id, signal)).toBe(true)
    expect([...sandbox.contents.keys()]).toEqual([])
    expect(await it.containers.deleteFile(anna, id, stored.id, signal)).toBe(false)
  })
})

describe('a container whose process has ended', () => {
  it('goes on in the next one with its files, counts the sandbox that is gone, and tells the first program so', async () => {
    verifies('containers.restart')
    await using it = await open()
    const { id } = await it.containers.create(anna, { ...wish, limits: { memory_mb: 1_024 } }, signal)
    const { stored } = await it.give(id, 'a.txt', 'kept')
    const cells = ['x = 1', `y = ${'1'.repeat(7_990)}`, 'z = 3']
    for (const cell of cells) {
      await it.leased(id, (session) => session.sandboxFor(cell, signal))
      await it.containers.ran(anna, id)
    }
    const [sandbox] = it.sandboxes
    await it[Symbol.asyncDispose]()
    expect(sandbox?.removed).toBe(true)
    await using next = it.another()
    const found = await next.containers.show(anna, id)
    expect(found).toMatchObject({ isOpen: true, name: 'work', limits: { memory_mb: 1_024 }, sandboxesLost: 1 })
    expect(await next.containers.files(anna, id, all)).toMatchObject([{ path: 'a.txt', stored: { id: stored.id } }])
    const { sandbox: fresh, renewed, programs } = await next.leased(id, (session) => session.sandboxFor('1', signal))
    expect(textIn(fresh, 'a.txt')).toBe('kept')
    // As much as a model is shown, of the last ones.
    expect([renewed, programs]).toEqual([expect.stringContaining('variables'), cells.slice(1)])
    const again = await next.leased(id, (session) => session.sandboxFor('2', signal))
    expect([again.sandbox === fresh, again.renewed]).toEqual([true, null])
    expect(await next.containers.show(anna, id)).toMatchObject({ isOpen: true, sandboxesLost: 1 })
  })

  it('lost nothing where no program ran in it', async () => {
    await using it = await open()
    const { id } = await it.containers.create(anna, wish, signal)
    await it[Symbol.asyncDispose]()
    await using next = it.another()
    const { renewed } = await next.leased(id, (session) => session.sandboxFor('1', signal))
    expect([renewed, await next.containers.show(anna, id)]).toEqual([
      null,
      expect.objectContaining({ sandboxesLost: 0 }),
    ])
  })

  it('has expired where it was unused for as long as it says, or is too old, and says so', async () => {
    verifies('containers.restart')
    await using it = await open()
    const { id } = await it.containers.create(anna, wish, signal)
    await it.give(id, 'a.txt')
    await it[Symbol.asyncDispose]()
    await using next = it.another()
    await next.pass(10 * minute)
    expect(await next.containers.show(anna, id)).toMatchObject({ isOpen: false, name: 'work' })
    await expect(next.containers.sessionOf(anna, id, signal)).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('has expired'),
    })
    await expect(next.give(id, 'b.txt')).rejects.toMatchObject({ code: 'not-found' })
    // What was acknowledged is there as long as it was said.
    expect(await next.containers.files(anna, id, all)).toHaveLength(1)
    expect(await next.containers.delete(anna, id)).toBe(true)
    expect(await it.files.used('anna')).toMatchObject({ files: 0 })
  })

  it('goes on in the process that is asked, and the session of the other one is closed when that is asked again', async () => {
    verifies('containers.restart')
    await using it = await open()
    await using other = it.another()
    const { id } = await it.containers.create(anna, wish, signal)
    await it.give(id, 'a.txt')
    const here = await it.sandboxOf(id)
    const there = await other.sandboxOf(id)
    await other.give(id, 'b.txt')
    expect([...there.contents.keys()]).toEqual(['a.txt'])
    expect(await it.containers.files(anna, id, all)).toHaveLength(2)
    const back = await it.sandboxOf(id)
    expect([here.removed, back === here, [...back.contents.keys()]]).toEqual([true, false, ['a.txt', 'b.txt']])
    expect(await it.containers.show(anna, id)).toMatchObject({ sandboxesLost: 2, isOpen: true })
    // The session that the other one has left ends nothing.
    await other.pass(6 * minute)
    await it.sandboxOf(id)
    await other.pass(6 * minute)
    expect(await it.containers.files(anna, id, all)).toHaveLength(2)
  })

  it('has no session any more where another process has deleted it, whatever runs there, without being asked again', async () => {
    verifies('containers.deleted-elsewhere')
    await using it = await open()
    await using other = it.another()
    const [idle, used, kept] = [
      await it.containers.create(anna, wish, signal),
      await it.containers.create(anna, wish, signal),
      await it.containers.create(anna, wish, signal),
    ].map(({ id }) => id) as [string, string, string]
    for (const id of [idle, used, kept]) await it.sandboxOf(id)
    expect(it.sandboxes).toHaveLength(3)
    await it.leased(used, async () => {
      for (const id of [idle, used]) expect(await other.containers.delete(anna, id)).toBe(true)
      await expect.poll(() => it.sandboxes.map(({ removed }) => removed)).toEqual([true, true, false])
    })
    expect(it.sessions.list('anna')).toHaveLength(1)
    expect(await it.containers.show(anna, kept)).toMatchObject({ isOpen: true, sandboxesLost: 0 })
  })

  it('leaves no session behind in a process where another one goes on, once nothing runs there', async () => {
    verifies('containers.deleted-elsewhere')
    await using it = await open()
    await using other = it.another()
    const { id } = await it.containers.create(anna, wish, signal)
    await it.sandboxOf(id)
    await it.leased(id, async (session) => {
      await other.sandboxOf(id)
      await it.looked()
      expect(await session.sandbox(signal)).toBe(it.sandboxes[0])
    })
    await expect.poll(() => it.sandboxes.map(({ removed }) => removed)).toEqual([true, false])
    expect(await other.containers.show(anna, id)).toMatchObject({ isOpen: true })
    expect(other.sessions.list('anna')).toHaveLength(1)
  })

  it('is kept where the storage cannot tell whose it is', async () => {
    await using it = await open()
    const { id } = await it.containers.create(anna, wish, signal)
    await it.sandboxOf(id)
    const { containers } = it.shared.kept
    containers.holdersOf = () => Promise.reject(new ServiceError('storage-unavailable', 'It is gone.'))
    await it.looked()
    expect(it.sandboxes.map(({ removed }) => removed)).toEqual([false])
  })

  it('is taken up once by whoever asks at a time', async () => {
    await using it = await open()
    const { id } = await it.containers.create(anna, wish, signal)
    await it.sandboxOf(id)
    await it[Symbol.asyncDispose]()
    await using next = it.another()
    const sessions = await Promise.all(Array.from({ length: 5 }, () => next.containers.sessionOf(anna, id, signal)))
    expect(new Set(sessions).size).toBe(1)
    expect(next.sessions.list('anna')).toHaveLength(1)
  })
})

describe('the files of a container', () => {
  it('are told page by page, and have a most', async () => {
    await using it = await open()
    const { id } = await it.containers.create(anna, wish, signal)
    for (const name of ['a', 'b', 'c']) await it.give(id, `${name}.txt`)
    const [first] = (await it.containers.files(anna, id, { most: 1, order: 'desc' })) ?? []
    expect(first?.path).toBe('c.txt')
    const rest = await it.containers.files(anna, id, { most: 9, order: 'desc', after: first?.stored.id })
    expect(rest?.map(({ path }) => path)).toEqual(['b.txt', 'a.txt'])
    await expect(it.containers.files(anna, id, { ...all, after: 'file_x' })).rejects.toMatchObject({
      code: 'invalid-request',
    })
    const kept = await it.shared.kept.containers.show('anna', id)
    if (kept === null) throw new Error('It is gone.')
    const many = Array.from({ length: 997 }, (_, at) => `m${at}`)
    const files = [...kept.files, ...many.map((path) => Object.assign({}, kept.files[0], { path }))]
    expect(await it.shared.kept.containers.change({ ...kept, files })).toBe(true)
    await expect(it.give(id, 'd.txt')).rejects.toMatchObject({ code: 'quota-exceeded' })
    expect(await it.files.used('anna')).toMatchObject({ files: 3 })
    // One of a name that is there takes no more room.
    await it.give(id, 'a.txt', 'new')
    expect(await it.files.used('anna')).toMatchObject({ files: 3 })
  })
})
