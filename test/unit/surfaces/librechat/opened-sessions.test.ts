import { describe, expect, it } from 'vitest'
import { ServiceError } from '../../../../src/core/errors.ts'
import type { Principal } from '../../../../src/core/principal.ts'
import type { SessionSummary } from '../../../../src/sessions/session-entry.ts'
import { OpenedSessions } from '../../../../src/surfaces/librechat/opened-sessions.ts'

const most = 3
const waitMilliseconds = 300
const { signal } = new AbortController()
const caller: Principal = { id: 'k1', kind: 'api-key', group: 'default' }

/** Sessions of callers, of which each may have three. */
class Sessions {
  readonly held = new Map<string, { readonly owner: string; readonly summary: SessionSummary }>()
  /** Does each that is opened from now on run something? */
  areInUse = false
  #count = 0

  readonly list = async ({ id }: Principal): Promise<readonly SessionSummary[]> =>
    [...this.held.values()].filter(({ owner }) => owner === id).map(({ summary }) => summary)

  readonly close = async (_principal: Principal, id: string): Promise<void> => void this.held.delete(id)

  /** Its program is over. */
  end(id: string): void {
    const found = this.held.get(id)
    if (found !== undefined) this.held.set(id, { ...found, summary: { ...found.summary, inUse: false } })
  }

  readonly open = async (principal: Principal): Promise<SessionSummary> => {
    if ((await this.list(principal)).length >= most) throw new ServiceError('quota-exceeded', 'Three are open.')
    this.#count += 1
    const id = `s${this.#count}`
    const times = { openedAt: new Date(0), usedAt: new Date(0), expiresAt: null, leftMilliseconds: this.#count }
    const summary: SessionSummary = { id, ...times, inUse: this.areInUse, limits: {}, losses: 0 }
    this.held.set(id, { owner: principal.id, summary })
    return summary
  }
}

describe('sessions that LibreChat has opened', () => {
  it('make room for another, the one that was not used for the longest time first', async () => {
    const sessions = new Sessions()
    const opened = new OpenedSessions(sessions, { waitMilliseconds })
    for (let asked = 0; asked < 5; asked += 1) (await opened.open(caller, signal))[Symbol.dispose]()
    expect([...sessions.held.keys()]).toEqual(['s3', 's4', 's5'])
  })

  it('make no room of sessions that others have opened for the same caller', async () => {
    const sessions = new Sessions()
    for (let asked = 0; asked < most; asked += 1) await sessions.open(caller)
    await expect(new OpenedSessions(sessions, { waitMilliseconds }).open(caller, signal)).rejects.toMatchObject({
      code: 'quota-exceeded',
    })
    expect(sessions.held.size).toBe(most)
  })

  it('are not remembered once they have ended: programs without files, by the thousand, leave nothing', async () => {
    const sessions = new Sessions()
    const opened = new OpenedSessions(sessions, { waitMilliseconds })
    for (let asked = 0; asked < 1_000; asked += 1) {
      using session = await opened.open(caller, signal)
      await sessions.close(caller, session.id)
    }
    expect(opened.countOf(caller)).toBeLessThanOrEqual(most)
  })

  it('wait for one that ends its program where each runs one, and have it give way', async () => {
    const sessions = new Sessions()
    sessions.areInUse = true
    const opened = new OpenedSessions(sessions, { waitMilliseconds: 60_000 })
    for (let asked = 0; asked < most; asked += 1) (await opened.open(caller, signal))[Symbol.dispose]()
    const waiting = opened.open(caller, signal)
    sessions.end('s2')
    expect(await waiting).toMatchObject({ id: 's4' })
    expect([...sessions.held.keys()]).toEqual(['s1', 's3', 's4'])
  })

  it('take none away that somebody was given and does not use yet', async () => {
    const sessions = new Sessions()
    const opened = new OpenedSessions(sessions, { waitMilliseconds: 60_000 })
    const given = await Promise.all(Array.from({ length: most }, () => opened.open(caller, signal)))
    const waiting = opened.open(caller, signal)
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect([...sessions.held.keys()]).toEqual(given.map(({ id }) => id))
    given[1]?.[Symbol.dispose]()
    expect((await waiting).id).toBe('s4')
    expect(sessions.held.has('s2')).toBe(false)
  })

  it('say when to come back where none ends in time, and wait for nobody who has left', async () => {
    const sessions = new Sessions()
    sessions.areInUse = true
    const opened = new OpenedSessions(sessions, { waitMilliseconds })
    for (let asked = 0; asked < most; asked += 1) await opened.open(caller, signal)
    await expect(opened.open(caller, signal)).rejects.toMatchObject({ code: 'rate-limited', retryAfterSeconds: 1 })
    await expect(opened.open(caller, AbortSignal.abort())).rejects.toThrow('aborted')
    expect(sessions.held.size).toBe(most)
  })
})
