import { idOf, talkAboutMail } from './held-refusals.ts'
import { seenOf, type RefusingSurface } from './refusal-rows.ts'
import type { Group, SurfaceService } from './surface-service.ts'

const shares = '/v1/shares'
const talk = (service: SurfaceService, key: string, items: readonly object[] = []) =>
  idOf(service.post('/v1/conversations', key, { items }))
const share = (service: SurfaceService, key: string | null, conversation: string, group: Group = 'open') =>
  seenOf(service.post(shares, key, { conversation, audience: 'group', group }))
const none = `conv_${'0'.repeat(32)}`

export const shareRefusals: RefusingSurface = {
  name: shares,
  cases: {
    'no key': { ask: (service) => share(service, null, none), status: 401, code: 'unauthenticated', audit: null },
    'wrong group': {
      ask: async (service) => share(service, await service.key('nothing'), none),
      status: 403,
      code: 'forbidden',
      audit: { event: 'fault', code: 'forbidden' },
    },
    'tool not granted': {
      // Its readers may not run SQL.
      ask: async (service) => {
        const key = await service.key()
        return share(service, key, await talkAboutMail(service, key), 'describing')
      },
      status: 201,
      code: null,
      says: /"why":"policy"/,
      hides: /Here they are|email/,
      audit: { event: 'share-made', group: 'describing' },
    },
    'quota empty': 'It costs nothing; how many there may be is held in test/unit/service/shares.',
    'output blocked': {
      ask: async (service) => {
        const key = await service.key()
        const words = { role: 'user', content: 'Write to anna.berg@example.com.' }
        return share(service, key, await talk(service, key, [words]), 'blocking')
      },
      status: 201,
      code: null,
      says: /"why":"filter"/,
      hides: /anna/,
      audit: { event: 'share-made', group: 'blocking' },
    },
    'column masked': {
      ask: async (service) => {
        const key = await service.key()
        return share(service, key, await talkAboutMail(service, key))
      },
      status: 201,
      code: null,
      says: /Here they are/,
      hides: /@[a-z]+\./,
      audit: { event: 'share', action: 'make' },
    },
    "another's object": {
      ask: async (service) => share(service, await service.key(), await talk(service, await service.key())),
      status: 404,
      code: 'not-found',
      audit: { event: 'fault', code: 'not-found' },
    },
    cancelled: 'Nothing runs that could be ended.',
    'waiting for approval': 'What rules want somebody asked about is not in a share: nobody is asked for one.',
  },
}
