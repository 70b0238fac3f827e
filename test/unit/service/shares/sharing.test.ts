import { describe, expect, it } from 'vitest'
import type { Grant } from '../../../../src/core/grant.ts'
import { ServiceError } from '../../../../src/core/errors.ts'
import type { Principal } from '../../../../src/core/principal.ts'
import type { ShareWish } from '../../../../src/core/shares.ts'
import { shareOptions } from '../../../../src/sessions/options.ts'
import { createSharing } from '../../../../src/service/shares/sharing.ts'

const ann: Principal = { id: 'ann', kind: 'api-key', group: 'north' }
const grant = { dataSources: [], revealSql: 'always', privacyProfile: null } as unknown as Grant
const conversation = {
  id: 'conv_1',
  principal: 'ann',
  title: 'Sales',
  metadata: {},
  made: new Date(0),
  used: new Date(0),
}
const toGroup: ShareWish = { conversation: 'conv_1', run: null, audience: 'group', group: null, days: null }
const toLink: ShareWish = { ...toGroup, audience: 'link' }

const screener = {
  text: async (text: string) => text,
  texts: async (parts: readonly { readonly text: string }[]) => parts.map(({ text }) => text),
}

function sharing(
  options: object = {},
  own: { readonly added?: 'too-many' | 'no-conversation'; readonly closed?: string } = {},
) {
  const added: unknown[] = []
  const made = createSharing({
    conversations: {
      show: async (principal, id) => (principal === 'ann' && id === 'conv_1' ? conversation : null),
      showRun: async () => null,
      items: async () => [],
      runs: async () => [],
    },
    files: { open: async () => null },
    hideValues: async (items) => items,
    shares: {
      add: async (facts) => {
        added.push(facts)
        return own.added ?? 'added'
      },
      find: async () => null,
      content: async () => null,
      list: async () => [],
      listFor: async () => [],
      delete: async () => false,
    },
    options: shareOptions.parse(options),
    groups: ['north', 'south'],
    grantFor: async ({ group }) => {
      if (group === own.closed) throw new ServiceError('forbidden', 'nobody')
      return grant
    },
    audienceOf: async (principal) => ({
      principal,
      grant,
      screenerFor: () => screener as never,
      linkHosts: [],
      source: () => {
        throw new Error('no source is asked')
      },
      allows: async () => false,
    }),
    now: () => Date.UTC(2026, 0, 1),
  })
  const make = (wish: ShareWish) => made.make(ann, wish, { requestId: 'r' }, AbortSignal.timeout(60_000))
  return { make, added, readers: made.readers(ann) }
}

describe('for whom a share is made', () => {
  it('is the own group where none is named, for as long as it may be', async () => {
    const { make, added } = sharing()
    expect(await make(toGroup)).toMatchObject({ secret: null, share: { group: 'north', title: 'Sales', leftOut: 0 } })
    expect(added).toMatchObject([{ principal: 'ann', secretDigest: null, expires: new Date(Date.UTC(2026, 3, 1)) }])
  })

  it('is any group, or the own one alone, as the operator has it', async () => {
    expect(sharing().readers).toEqual({ groups: ['north', 'south'], days: 90, link: null })
    expect(sharing({ groups: 'own' }).readers.groups).toEqual(['north'])
    await expect(sharing({ groups: 'own' }).make({ ...toGroup, group: 'south' })).rejects.toMatchObject({
      code: 'forbidden',
    })
    await expect(sharing().make({ ...toGroup, group: 'west' })).rejects.toMatchObject({ code: 'invalid-request' })
  })

  it('is nobody by a link, unless the operator says as whom', async () => {
    await expect(sharing().make(toLink)).rejects.toMatchObject({ code: 'forbidden' })
    const { make, added } = sharing({ anonymous_group: 'south' })
    const { secret } = await make(toLink)
    expect(secret).toMatch(/^[\w-]{43}$/)
    expect(added).toMatchObject([{ group: 'south', secretDigest: expect.stringMatching(/^[0-9a-f]{64}$/) as string }])
    expect(JSON.stringify(added)).not.toContain(secret)
  })

  it('is nobody of a group that policy lets in no more', async () => {
    await expect(sharing({}, { closed: 'south' }).make({ ...toGroup, group: 'south' })).rejects.toMatchObject({
      code: 'forbidden',
    })
  })

  it('is told where there are too many, or the conversation has gone meanwhile, or is another’s', async () => {
    await expect(sharing({}, { added: 'too-many' }).make(toGroup)).rejects.toMatchObject({ code: 'quota-exceeded' })
    await expect(sharing({}, { added: 'no-conversation' }).make(toGroup)).rejects.toMatchObject({ code: 'not-found' })
    await expect(sharing().make({ ...toGroup, conversation: 'conv_2' })).rejects.toMatchObject({ code: 'not-found' })
  })
})
