import { describe, expect, it } from 'vitest'
import { startAdmin } from '../../../support/http/admin-service.ts'
import { verifies } from '../../../support/verifies.ts'

interface Listed {
  readonly data: readonly { readonly id: string; readonly principal: string }[]
  readonly next: string | null
}

describe('the shares of everybody, for an operator', () => {
  it('are listed without a word of what they show, by pages and by whom they are for', async () => {
    verifies('shares.operators')
    await using service = await startAdmin()
    const at = (day: number) => ({ made: new Date(Date.UTC(2026, 10, day)), expires: new Date(Date.UTC(2036, 0, 1)) })
    const first = await service.makeShare({ ...at(1), title: 'Salaries of the board' })
    const link = await service.makeShare({ ...at(2), audience: 'link', group: 'public', secretDigest: 'b'.repeat(64) })
    const bobs = await service.makeShare({ ...at(3), principal: 'bob', group: 'sales' })
    const list = async (query: string) => {
      const text = await (await service.ask('GET', `/admin/v1/shares${query}`)).text()
      expect(text).not.toMatch(/Salaries|Which\?|bbbb/)
      return JSON.parse(text) as Listed
    }
    const found = await list('')
    expect(found.data.map(({ id, principal }) => [id, principal])).toEqual([
      [bobs, 'bob'],
      [link, 'alice'],
      [first, 'alice'],
    ])
    const ids = async (query: string) => (await list(query)).data.map(({ id }) => id)
    expect(await ids('?audience=link')).toEqual([link])
    expect(await ids('?group=sales')).toEqual([bobs])
    expect(await ids('?principal=alice&group=team')).toEqual([first])
    expect(await list('?limit=2')).toMatchObject({ next: link })
    expect(await list(`?limit=2&after=${link}`)).toMatchObject({ data: [{ id: first }], next: null })
    expect((await service.ask('GET', '/admin/v1/shares?after=elsewhere')).status).toBe(400)
    expect(service.changes).toEqual([])
  })

  it('tell their title to who asks for it, which is on the trail before', async () => {
    verifies('shares.operators')
    await using service = await startAdmin()
    const id = await service.makeShare({ title: 'Salaries of the board' })
    const opened = await (await service.ask('POST', `/admin/v1/shares/${id}/reading`, {})).json()
    expect(opened).toMatchObject({ id, title: 'Salaries of the board', left_out: 0, audience: 'group', group: 'team' })
    expect(service.changes[0]).toMatchObject({ action: 'shares.read', target: id, done: null })
    await using broken = await startAdmin({ isTrailBroken: true })
    const kept = await broken.makeShare()
    expect((await broken.ask('POST', `/admin/v1/shares/${kept}/reading`, {})).status).toBe(503)
  })

  it('are revoked whoever made them, for good, and only where the trail has it before', async () => {
    verifies('shares.operators')
    await using service = await startAdmin()
    const [alices, bobs] = [await service.makeShare(), await service.makeShare({ principal: 'bob' })]
    const revoke = async (id: string) => (await service.ask('DELETE', `/admin/v1/shares/${id}`)).status
    expect(await revoke(bobs)).toBe(204)
    expect([await service.shares.find(bobs), await service.shares.content(bobs)]).toEqual([null, null])
    expect(await service.shares.content(alices)).not.toBeNull()
    expect(await revoke(bobs)).toBe(404)
    expect(service.changes.map(({ action, target, done }) => [action, target, done])).toEqual([
      ['shares.revoke', bobs, null],
      ['shares.revoke', bobs, true],
      ['shares.revoke', bobs, null],
      ['shares.revoke', bobs, false],
    ])
    await using broken = await startAdmin({ isTrailBroken: true })
    const kept = await broken.makeShare()
    expect((await broken.ask('DELETE', `/admin/v1/shares/${kept}`)).status).toBe(503)
    expect(await broken.shares.find(kept)).not.toBeNull()
  })

  it('are nobody’s who has no scope for it, whatever they made themselves', async () => {
    verifies('shares.operators')
    await using service = await startAdmin()
    const id = await service.makeShare()
    const authorization = `Bearer ${await service.makeKey(['sessions', 'ask', 'approve'])}`
    const ask = async (method: string, path: string, body?: object) =>
      (await service.ask(method, path, body, { authorization })).status
    expect(await ask('GET', '/admin/v1/shares')).toBe(403)
    expect(await ask('POST', `/admin/v1/shares/${id}/reading`, {})).toBe(403)
    expect(await ask('DELETE', `/admin/v1/shares/${id}`)).toBe(403)
    expect([await service.shares.find(id), service.changes]).toMatchObject([{ id }, []])
  })
})
