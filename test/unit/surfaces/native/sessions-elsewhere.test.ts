import { describe, expect, it } from 'vitest'
import type { SessionService } from '../../../../src/surfaces/native/sessions.ts'
import { key, startService } from '../../../support/http/http-service.ts'
import { verifies } from '../../../support/verifies.ts'

describe('the list of open sessions', () => {
  it('says on its first page which ones other replicas have, and nothing where one process serves', async () => {
    verifies('replicas.listed')
    const openedAt = new Date(Date.UTC(2026, 0, 10))
    const alone: SessionService = {
      open: () => Promise.reject(new Error('none is opened here')),
      list: async () => [],
      find: async () => null,
      close: async () => undefined,
    }
    const beside: SessionService = {
      ...alone,
      elsewhere: async () => [{ id: 'session_1', openedAt, replica: 'other' }],
    }
    for (const [sessions, elsewhere] of [
      [alone, undefined],
      [beside, [{ id: 'session_1', opened_at: openedAt.toISOString(), replica: 'other' }]],
    ] as const) {
      await using service = await startService({ sessions })
      const answer = await fetch(`${service.url}/v1/sessions`, { headers: { authorization: `Bearer ${key}` } })
      expect(await answer.json()).toEqual({
        object: 'list',
        data: [],
        first_id: null,
        last_id: null,
        has_more: false,
        ...(elsewhere === undefined ? {} : { elsewhere }),
      })
    }
  })
})
