import { describe, expect, it } from 'vitest'
import type { Principal } from '../../../../src/core/principal.ts'
import { Secret } from '../../../../src/core/secret.ts'
import { createRefuseSuspended } from '../../../../src/gateway/abuse/refuse-suspended.ts'
import { personSubject } from '../../../../src/gateway/abuse/subjects.ts'
import { createIdentify } from '../../../../src/gateway/authenticate/authenticate.ts'
import { suspensionsInMemory } from '../../../support/suspensions-in-memory.ts'
import { verifies } from '../../../support/verifies.ts'

const now = Date.parse('2026-05-01T12:00:00.000Z')
const app: Principal = { id: 'app', kind: 'api-key', group: 'default' }
const kept = { note: 'seen in a forum', reason: 'operator', madeBy: 'local', principal: 'app' } as const

async function refusing(...given: readonly object[]) {
  const { suspensions, all } = suspensionsInMemory(() => now)
  for (const each of given) {
    await suspensions.add({ kind: 'suspended', subject: 'app', until: null, ...kept, ...each })
  }
  return { refuse: createRefuseSuspended({ suspensions, now: () => now }), suspensions, all }
}

describe('whoever is suspended', () => {
  it('is told why and until when, and nothing of what an operator wrote', async () => {
    verifies('suspensions.told')
    const until = '2026-05-01T13:00:00.000Z'
    const { refuse } = await refusing({ until, reason: 'spend' })
    await expect(refuse(app)).rejects.toMatchObject({
      code: 'suspended',
      message: `The caller is suspended until ${until}: it has spent too much in a short time.`,
      resetsAt: new Date(until),
    })
    await expect((await refusing({})).refuse(app)).rejects.toMatchObject({
      message: 'The caller is suspended until an operator lifts it: an operator has said so.',
      resetsAt: undefined,
    })
  })

  it('is told for how many seconds to wait where it is for moments only', async () => {
    verifies('suspensions.told')
    const until = '2026-05-01T12:00:20.500Z'
    const { refuse } = await refusing({ kind: 'throttled', until, reason: 'refusals' })
    await expect(refuse(app)).rejects.toMatchObject({ code: 'rate-limited', retryAfterSeconds: 21 })
  })

  it('is one person of an application, and the others are answered', async () => {
    verifies('suspensions.persons')
    const { refuse } = await refusing({ subject: personSubject('app', 'mallory') })
    await expect(refuse({ ...app, endUser: 'mallory' })).rejects.toMatchObject({ code: 'suspended' })
    await expect(refuse({ ...app, endUser: 'ann' })).resolves.toBeUndefined()
    await expect(refuse(app)).resolves.toBeUndefined()
    await expect(refuse({ ...app, id: 'another', endUser: 'mallory' })).resolves.toBeUndefined()
  })

  it('is everybody for whom an application asks where it is the application', async () => {
    const { refuse } = await refusing({})
    await expect(refuse({ ...app, endUser: 'ann' })).rejects.toMatchObject({ code: 'suspended' })
  })

  it('is never the person at the command line', async () => {
    const { refuse } = await refusing({ subject: 'local' })
    await expect(refuse({ id: 'local', kind: 'operator', group: 'operator' })).resolves.toBeUndefined()
  })

  it('is refused before anything of a request is read, and answered again from the moment it is lifted', async () => {
    const { refuse, suspensions, all } = await refusing({})
    const identify = createIdentify({ find: async () => app }, { refuseSuspended: refuse })
    await expect(identify('http', new Secret('sp-app'))).rejects.toMatchObject({ code: 'suspended' })
    await suspensions.lift(all[0]?.id ?? '', 'local')
    await expect(identify('http', new Secret('sp-app'))).resolves.toMatchObject({ id: 'app' })
  })
})
