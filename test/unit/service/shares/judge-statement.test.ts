import { describe, expect, it } from 'vitest'
import { ServiceError } from '../../../../src/core/errors.ts'
import type { Grant } from '../../../../src/core/grant.ts'
import type { Audience } from '../../../../src/service/shares/audience.ts'
import { judgeStatement } from '../../../../src/service/shares/judge-statement.ts'

const source = { language: 'sql', text: 'SELECT 1' } as const
const none = AbortSignal.timeout(60_000)

function audienceWith(own: object = {}, facts: object = {}, allows = true): Audience {
  const value = { language: 'sql', text: 'SELECT 1', source: 'shop', relations: [], columns: [], ...facts }
  return {
    principal: { id: 'share:team', kind: 'api-key', group: 'team' },
    grant: { dataSources: ['shop'], tools: ['run_sql'], ...own } as unknown as Grant,
    screenerFor: () => {
      throw new Error('nothing is screened here')
    },
    linkHosts: [],
    source: () => ({ validator: { language: 'sql', validate: async () => ({ kind: 'accepted', value }) } }) as never,
    allows: async () => allows,
  }
}

const policy = { kind: 'may-not', why: 'policy' }
const unknown = { kind: 'may-not', why: 'unknown' }

describe('a statement that others want to have read', () => {
  it('is allowed by their gate and the rules, with what their policy masks', async () => {
    const masks = [{ position: 0, relation: 'public.a', column: 'b', how: 'null' }]
    expect(await judgeStatement(source, 'shop', audienceWith({}, { masks }), none)).toEqual({ kind: 'may', masks })
  })

  it.each([
    ['a source that they are not granted', audienceWith({ dataSources: [] })],
    ['a group that may not run SQL', audienceWith({ tools: [] })],
    ['rules that refuse it', audienceWith({}, {}, false)],
    ['groups that the ledger of another group has counted', audienceWith({}, { audit: { group: 'x' } })],
  ])('is not theirs to read: %s', async (_what, audience) => {
    expect(await judgeStatement(source, 'shop', audience, none)).toEqual(policy)
  })

  it('is not theirs where nobody knows which source or which statement it was', async () => {
    expect(await judgeStatement(source, null, audienceWith(), none)).toEqual(policy)
    expect(await judgeStatement(null, 'shop', audienceWith(), none)).toEqual(unknown)
    expect(await judgeStatement({ ...source, isChanged: true }, 'shop', audienceWith(), none)).toEqual(unknown)
  })

  it('is refused where their group may read nothing, and a fault stays one', async () => {
    const throwing = (code: 'forbidden' | 'internal'): Audience => ({
      ...audienceWith(),
      source: () => {
        throw new ServiceError(code, 'no')
      },
    })
    expect(await judgeStatement(source, 'shop', throwing('forbidden'), none)).toEqual(policy)
    await expect(judgeStatement(source, 'shop', throwing('internal'), none)).rejects.toThrow('no')
  })
})
