import { describe, expect, it } from 'vitest'
import { ServiceError } from '../../../../src/core/errors.ts'
import type { Principal } from '../../../../src/core/principal.ts'
import type { SessionSummary } from '../../../../src/sessions/session-store.ts'
import { OpenedSessions } from '../../../../src/surfaces/librechat/opened-sessions.ts'

const most = 3
const caller: Principal = { id: 'k1', kind: 'api-key', group: 'default' }

/** Sessions of callers, of which each may have three. */
class Sessions {
  readonly held = new Map<string, { readonly owner: string; readonly summary: SessionSummary }>()
  #count = 0

  readonly list = async ({ id }: Principal): Promise<readonly SessionSummary[]> =>
    [...this.held.values()].filter(({ owner }) => owner === id).map(({ summary }) => summary)

  readonly close = async (_principal: Principal, id: string): Promise<void> => void this.held.delete(id)

  readonly open = async (principal: Principal): Promise<SessionSummary> => {
    if ((await this.list(principal)).length >= most) throw new ServiceError('quota-exceeded', 'Three are open.')
    this.#count += 1
    const id = `s${this.#count}`
    const times = { openedAt: new Date(0), usedAt: new Date(0), expiresAt: null, leftMilliseconds: this.#count }
    const summary: SessionSummary = { id, ...times, inUse: false, limits: {}, losses: 0 }
    this.held.set(id, { owner: principal.id, summary })
    return summary
  }
}

describe('sessions that LibreChat has opened', () => {
  it('make room for another, the one that was not used for the longest time first', async () => {
    const sessions = new Sessions()
    const opened = new OpenedSessions(sessions)
    for (let asked = 0; asked < 5; asked += 1) await opened.open(caller)
    expect([...sessions.held.keys()]).toEqual(['s3', 's4', 's5'])
  })

  it('make no room of sessions that others have opened for the same caller', async () => {
    const sessions = new Sessions()
    for (let asked = 0; asked < most; asked += 1) await sessions.open(caller)
    await expect(new OpenedSessions(sessions).open(caller)).rejects.toMatchObject({ code: 'quota-exceeded' })
    expect(sessions.held.size).toBe(most)
  })

  it('are not remembered once they have ended: programs without files, by the thousand, leave nothing', async () => {
    const sessions = new Sessions()
    const opened = new OpenedSessions(sessions)
    for (let asked = 0; asked < 1_000; asked += 1) await sessions.close(caller, await opened.open(caller))
    expect(opened.countOf(caller)).toBeLessThanOrEqual(most)
  })
})
