import { describe, expect, it } from 'vitest'
import { checkSource, checkSources, servedSources } from '../../../src/sources/check-source.ts'
import type { Sources } from '../../../src/sources/sources.ts'
import { createConfigSchema } from '../../../src/config/schema.ts'
import { ServiceError } from '../../../src/core/errors.ts'
import type { RoleProof } from '../../../src/databases/database.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const never = new AbortController().signal
const harmless: RoleProof = { role: 'reader', inRecovery: true, excess: [] }
const postgresql = (options: object = {}) => ({
  kind: 'postgresql',
  url: 'postgresql://reader@replica/shop',
  ...options,
})

function parts(sources: object, given: { proof?: RoleProof | Error; wrong?: readonly string[] } = {}) {
  const schema = createConfigSchema(temporaryFolder('sallyport-checks-'), '/secrets')
  const { proof = harmless, wrong = [] } = given
  const bound: string[] = []
  const fake = {
    database: (name: string) => ({
      kind: name,
      prove: () => (proof instanceof Error ? Promise.reject(proof) : Promise.resolve(proof)),
    }),
    gate: async (name: string, group: string) => {
      bound.push(`${name}.${group}`)
      if (wrong.includes(group))
        throw new ServiceError('invalid-config', `${name}.${group}: relation "x" does not exist`)
      return {}
    },
  } as unknown as Sources
  return { config: schema.parse({ sources }), sources: fake, bound }
}

const policies = { default: { relations: { orders: '*' } }, board: { relations: { staff: '*' } } }

describe('a source', () => {
  it('is proven and has the policies of every group checked', async () => {
    const given = parts({ warehouse: { database: postgresql(), policies } })
    expect(await checkSource(given, 'warehouse', never)).toMatchObject({ role: 'reader', groups: ['default', 'board'] })
    expect(given.bound).toEqual(['warehouse.default', 'warehouse.board'])
  })

  it('is refused with the list of what its role can do, and everything wrong in its policies at once', async () => {
    const proof = { ...harmless, excess: ['can write to public.orders', 'may SET ROLE boss'] }
    const given = parts({ warehouse: { database: postgresql(), policies } }, { proof, wrong: ['default', 'board'] })
    await expect(checkSource(given, 'warehouse', never)).rejects.toMatchObject({
      code: 'invalid-config',
      message: [
        'sources.warehouse: the role "reader" can write to public.orders; may SET ROLE boss',
        'warehouse.default: relation "x" does not exist',
        'warehouse.board: relation "x" does not exist',
      ].join('\n'),
      advice: expect.stringContaining('grant-script') as string,
    })
  })

  it('is used with a role that can do more only where the configuration says so, and the excess is named', async () => {
    const proof = { ...harmless, excess: ['is a superuser'] }
    const given = parts({ warehouse: { database: postgresql({ accept_excess: true }), policies } }, { proof })
    expect((await checkSource(given, 'warehouse', never)).excess).toEqual(['is a superuser'])
  })

  it('is refused as a primary unless that is allowed by name', async () => {
    const proof = { ...harmless, inRecovery: false }
    const refused = checkSource(
      parts({ warehouse: { database: postgresql(), policies } }, { proof }),
      'warehouse',
      never,
    )
    await expect(refused).rejects.toMatchObject({
      code: 'invalid-config',
      message: expect.stringContaining('allow_primary') as string,
    })
    const allowed = parts({ warehouse: { database: postgresql({ allow_primary: true }), policies } }, { proof })
    expect((await checkSource(allowed, 'warehouse', never)).inRecovery).toBe(false)
  })

  it('is not proven by a server that does not answer', async () => {
    const proof = new ServiceError('database-unavailable', 'nobody answers')
    const given = parts({ warehouse: { database: postgresql(), policies } }, { proof })
    await expect(checkSource(given, 'warehouse', never)).rejects.toMatchObject({ code: 'database-unavailable' })
  })
})

describe('several sources', () => {
  it('say everything that is wrong in one error', async () => {
    const proof = { ...harmless, excess: ['is a superuser'] }
    const given = parts(
      { one: { database: postgresql(), policies }, two: { database: postgresql(), policies } },
      { proof },
    )
    await expect(checkSources(given, ['one', 'two'], never)).rejects.toMatchObject({
      code: 'invalid-config',
      message: expect.stringMatching(/sources\.one: .*\nsources\.two: /) as string,
    })
  })

  it('have their policies looked at when every server has said which database it holds', async () => {
    const order: string[] = []
    const given = parts({
      slow: { database: postgresql(), policies },
      quick: { database: postgresql(), policies },
    })
    const sources = {
      database: (name: string) => ({
        kind: name,
        prove: async () => {
          for (let wait = name === 'slow' ? 20 : 0; wait > 0; wait -= 1) await Promise.resolve()
          order.push('proven')
          return harmless
        },
      }),
      gate: async () => order.push('gate'),
    } as unknown as Sources
    await checkSources({ ...given, sources }, ['slow', 'quick'], never)
    expect(order).toEqual(['proven', 'proven', 'gate', 'gate', 'gate', 'gate'])
  })

  it('leave the sample out of the start of a service, unless it has policies of its own', () => {
    const sample = { database: { kind: 'sample' } }
    const given = parts({ shop: sample, mine: { ...sample, policies }, warehouse: { database: postgresql() } })
    expect(servedSources(given.config)).toEqual(['mine', 'warehouse'])
  })
})
