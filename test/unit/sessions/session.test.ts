import { describe, expect, it } from 'vitest'
import { ServiceError } from '../../../src/core/errors.ts'
import type { SessionFile } from '../../../src/sessions/session-file.ts'
import { Session } from '../../../src/sessions/session.ts'
import { SessionStore } from '../../../src/sessions/session-store.ts'
import { RecordingSandbox } from '../../support/sandbox/recording-sandbox.ts'
import { verifies } from '../../support/verifies.ts'

const live = new AbortController().signal

function file(path: string, kind: SessionFile['kind'], content: string): SessionFile {
  const open = (): AsyncIterable<Uint8Array> => ReadableStream.from([Buffer.from(content)])
  return { path, kind, description: content, bytes: content.length, open }
}

function claiming(): { session: Session<RecordingSandbox>; sandboxes: RecordingSandbox[] } {
  const sandboxes: RecordingSandbox[] = []
  const claim = async (): Promise<RecordingSandbox> => {
    await new Promise((resolve) => setTimeout(resolve, 5))
    const sandbox = new RecordingSandbox()
    sandboxes.push(sandbox)
    return sandbox
  }
  return { session: new Session({ id: 's', tenant: 't', limits: {}, claim }), sandboxes }
}

describe('a session', () => {
  it('claims its sandbox when code first runs, once, and keeps it', async () => {
    verifies('sessions.kept')
    const { session, sandboxes } = claiming()
    await session.addFile(file('a.csv', 'attached', 'a'), live)
    expect(sandboxes).toHaveLength(0)
    const [first, second] = await Promise.all([session.sandbox(live), session.sandbox(live)])
    expect(first).toBe(second)
    expect(sandboxes).toHaveLength(1)
  })

  it('puts every file in place before code runs, each once', async () => {
    const { session } = claiming()
    await session.addFile(file('a.csv', 'attached', 'a'), live)
    const sandbox = await session.sandbox(live)
    expect([...sandbox.uploaded]).toEqual([['a.csv', 'a']])
    sandbox.uploaded.clear()
    await session.addFile(file('result_1.csv', 'result', 'r'), live)
    await session.sandbox(live)
    expect([...sandbox.uploaded]).toEqual([['result_1.csv', 'r']])
  })

  it('begins anew with the files that were given, without rows of queries, and tells nothing of the sandbox before', async () => {
    const { session, sandboxes } = claiming()
    await session.addFile(file('a.csv', 'attached', 'a'), live)
    await session.addFile(file('result_1.parquet', 'result', 'r'), live)
    await session.sandboxFor('x = 1', live)
    await session.beginAnew()
    expect([sandboxes[0]?.disposed, session.losses, session.cells]).toEqual([1, 0, []])
    const { sandbox, renewed } = await session.sandboxFor('y = 2', live)
    expect(renewed).toBeNull()
    expect([...sandbox.uploaded]).toEqual([['a.csv', 'a']])
    session.countResultsFrom(4)
    expect([session.nextResultNumber(), session.nextResultNumber()]).toEqual([4, 5])
  })

  it('has lost a sandbox that was dead when it begins anew, and says nothing of it any more', async () => {
    const { session } = claiming()
    const { sandbox } = await session.sandboxFor('x = 1', live)
    sandbox.alive = false
    await session.beginAnew()
    expect(session.losses).toBe(1)
    expect((await session.sandboxFor('y = 2', live)).renewed).toBeNull()
  })

  it('gets a new sandbox with the attached files when the old one died; earlier results are gone and not listed', async () => {
    const { session, sandboxes } = claiming()
    await session.addFile(file('a.csv', 'attached', 'a'), live)
    await session.addFile(file('result_1.csv', 'result', 'r'), live)
    const first = await session.sandbox(live)
    first.alive = false
    const second = await session.sandbox(live)
    expect(second).not.toBe(first)
    expect(sandboxes[0]?.disposed).toBe(1)
    expect([...second.uploaded]).toEqual([['a.csv', 'a']])
    expect(session.files.map((entry) => entry.path)).toEqual(['a.csv'])
  })

  it('says of a sandbox that an operator ended that it was ended, and of another that it was lost', async () => {
    const { session } = claiming()
    const { sandbox } = await session.sandboxFor('x = 1', live)
    Object.assign(sandbox, { alive: false, isEndedByOperator: true })
    const { sandbox: next, renewed } = await session.sandboxFor('y = 2', live)
    expect(renewed).toMatch(/^An operator ended the sandbox of this session\. It has a new one/)
    next.alive = false
    expect((await session.sandboxFor('z = 3', live)).renewed).toMatch(/^The sandbox of this session was lost\. /)
  })

  it('destroys its sandbox when it ends, also twice, and gives out no other', async () => {
    verifies('security.one-tenant')
    const { session, sandboxes } = claiming()
    await session.sandbox(live)
    await session[Symbol.asyncDispose]()
    await session[Symbol.asyncDispose]()
    expect(sandboxes[0]?.disposed).toBe(1)
    await expect(session.sandbox(live)).rejects.toThrow('The session was closed')
  })

  it('leaves nothing when it is closed while its sandbox is being claimed', async () => {
    const { session, sandboxes } = claiming()
    const claimed = session.sandbox(live).catch(() => null)
    await session[Symbol.asyncDispose]()
    await claimed
    expect(sandboxes.every((sandbox) => sandbox.disposed === 1)).toBe(true)
  })

  it('claims again after a claim that failed', async () => {
    let calls = 0
    const claim = async (): Promise<RecordingSandbox> => {
      calls += 1
      if (calls === 1) throw new ServiceError('sandbox-busy', 'all in use')
      return new RecordingSandbox()
    }
    const session = new Session({ id: 's', tenant: 't', limits: {}, claim })
    await expect(session.sandbox(live)).rejects.toThrow('all in use')
    await expect(session.sandbox(live)).resolves.toBeInstanceOf(RecordingSandbox)
  })
})

describe('the store of sessions', () => {
  function store(settings: { idle?: number; maximum?: number } = {}): {
    store: SessionStore<RecordingSandbox>
    clock: { now: number }
    sandboxes: RecordingSandbox[]
  } {
    const clock = { now: 0 }
    const sandboxes: RecordingSandbox[] = []
    return {
      clock,
      sandboxes,
      store: new SessionStore({
        claim: async () => {
          const sandbox = new RecordingSandbox()
          sandboxes.push(sandbox)
          return sandbox
        },
        idleMilliseconds: settings.idle ?? 1000,
        maximumPerTenant: settings.maximum ?? 3,
        now: () => clock.now,
      }),
    }
  }

  it('ends a passing session with its lease', async () => {
    await using held = store().store
    {
      await using lease = held.lease('ann', null)
      await lease.session.sandbox(live)
      expect(held.list('ann')).toHaveLength(1)
    }
    expect(held.list('ann')).toHaveLength(0)
  })

  it('keeps a session that is to be kept, with its sandbox', async () => {
    const { store: held, sandboxes } = store()
    await using first = held.lease('ann', null, { keep: true })
    await first.session.sandbox(live)
    await first[Symbol.asyncDispose]()
    await using again = held.lease('ann', first.session.id)
    await again.session.sandbox(live)
    expect(sandboxes).toHaveLength(1)
    await held[Symbol.asyncDispose]()
    expect(sandboxes[0]?.disposed).toBe(1)
  })

  it("shows nobody another tenant's session: it reads as one that never was", async () => {
    verifies('sessions.own-only')
    await using held = store().store
    await using lease = held.lease('ann', null, { keep: true })
    const { id } = lease.session
    const mine = (): unknown => held.lease('bob', id)
    expect(mine).toThrow(`There is no session "${id}"`)
    await expect(held.close('bob', id)).rejects.toMatchObject({ code: 'not-found' })
    expect(held.list('bob')).toEqual([])
  })

  it('closes idle sessions, never one in use', async () => {
    verifies('sessions.idle')
    const { store: held, clock } = store()
    await using idle = held.lease('ann', null, { keep: true })
    await using used = held.lease('ann', null, { keep: true })
    await idle[Symbol.asyncDispose]()
    clock.now = 1500
    await held.expire()
    expect(held.list('ann').map((entry) => entry.id)).toEqual([used.session.id])
    expect(() => held.lease('ann', idle.session.id)).toThrow(ServiceError)
    await held[Symbol.asyncDispose]()
  })

  it('S8: allows each tenant a number of sessions, those that end with their request not counted', async () => {
    await using held = store({ maximum: 1 }).store
    await using passing = held.lease('ann', null)
    await using first = held.lease('ann', null, { keep: true })
    expect([passing.session.tenant, first.session.tenant]).toEqual(['ann', 'ann'])
    expect(() => held.lease('ann', null, { keep: true })).toThrow('1 sessions are open already')
    await using more = held.lease('ann', null)
    expect(more.session.tenant).toBe('ann')
    await using other = held.lease('bob', null, { keep: true })
    expect(other.session.tenant).toBe('bob')
  })

  it('takes nobody in once it is closed', async () => {
    const held = store().store
    await held[Symbol.asyncDispose]()
    expect(() => held.lease('ann', null)).toThrow('shutting down')
  })
})
