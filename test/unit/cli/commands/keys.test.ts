import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createFakeSallyport, runCommand } from '../../../support/cli/fake-sallyport.ts'
import { verifies } from '../../../support/verifies.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-keys-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const run = (words: readonly string[], fake = createFakeSallyport({})) =>
  runCommand(['keys', ...words], { sallyport: fake.sallyport, openers: fake.openers, workingDirectory: folder })

const facts = {
  id: 'k1',
  name: 'team',
  group: 'default',
  created: '2026-01-02T03:04:05Z',
  state: 'active',
  scopes: ['ask', 'models'],
  expires: null,
  last_used: null,
  replaced_by: null,
}

describe('keys', () => {
  it('create writes the key alone to standard output, for the group that was named', async () => {
    verifies('keys.create')
    const fake = createFakeSallyport({})
    const { exitCode, stdout, stderr } = await run(['create', 'alice', '--group', 'finance'], fake)
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'sp-made\n' })
    expect(stderr).toContain('shown this once; /state/sallyport.db has its hash')
    expect(fake.requests).toEqual([{ name: 'alice', group: 'finance' }])
  })

  it('create gives a program the key with its id', async () => {
    const { stdout } = await run(['create', 'alice', '--group', 'finance', '--output', 'json'])
    expect(JSON.parse(stdout)).toEqual({ ...facts, name: 'alice', group: 'finance', key: 'sp-made' })
  })

  it('list and show give what is kept, and no key', async () => {
    verifies('keys.list-revoke')
    expect((await run(['list'])).stdout).toBe(
      'id  group    created               name\nk1  default  2026-01-02T03:04:05Z  team\n',
    )
    expect(JSON.parse((await run(['list', '--output', 'json'])).stdout)).toEqual({ keys: [facts] })
    expect((await run(['show', 'k1'])).stdout).toBe(
      'id       k1\nname     team\ngroup    default\ncreated  2026-01-02T03:04:05Z\nstate    active\n' +
        'scopes   ask, models\nexpires  never\nused     never\n',
    )
    expect(JSON.parse((await run(['show', 'k1', '--output', 'json'])).stdout)).toEqual(facts)
  })

  it('rotate writes the new key alone to standard output, and says that the old one has ended', async () => {
    const fake = createFakeSallyport({})
    const { exitCode, stdout, stderr } = await run(['rotate', 'k1'], fake)
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'sp-made\n' })
    expect(stderr).toContain('The key it replaces is revoked.')
    expect(fake.requests).toEqual([{ id: 'k1' }])
    const json = JSON.parse((await run(['rotate', 'k1', '--output', 'json'])).stdout) as unknown
    expect(json).toEqual({ ...facts, id: 'k2', key: 'sp-made' })
  })

  it('create takes what the key may be used for and how long it counts, in any order of the scopes', async () => {
    verifies('keys.terms')
    const fake = createFakeSallyport({})
    await run(['create', 'ann', '--scopes', 'sql, ask', '--expires', '30d'], fake)
    await run(['create', 'bob', '--expires', '2099-01-31'], fake)
    await run(['create', 'eve', '--expires', '2099-01-31T18:00Z', '--scopes', 'admin'], fake)
    expect(fake.requests).toEqual([
      { name: 'ann', group: 'default', scopes: ['ask', 'sql'], expires: { milliseconds: 30 * 86_400_000 } },
      { name: 'bob', group: 'default', expires: { until: '2099-01-31T00:00:00.000Z' } },
      { name: 'eve', group: 'default', scopes: ['admin'], expires: { until: '2099-01-31T18:00:00.000Z' } },
    ])
  })

  it.each([
    [['create', 'x', '--expires', '30'], 'like 24h or 30d'],
    [['create', 'x', '--expires', '0d'], 'like 24h or 30d'],
    [['create', 'x', '--expires', '999999999w'], 'at most a hundred years'],
    [['create', 'x', '--expires', '2027-02-30'], 'It must be a date, like 2027-01-31'],
    [['create', 'x', '--expires', '31-01-2027'], 'It must be a date, like 2027-01-31'],
    [['create', 'x', '--expires', '2027-01-31T18:00+02:00'], 'or a time in UTC'],
    [['create', 'x', '--scopes', 'modles'], 'There is no scope "modles". Did you mean "models"?'],
    [['create', 'x', '--scopes', ''], 'There are: ask, models, sql'],
    [['rotate', 'k1', '--overlap', 'tomorrow'], 'like 24h or 30d'],
  ])('%j is refused with how it is written', async (words, message) => {
    const fake = createFakeSallyport({})
    const { exitCode, stderr } = await run(words, fake)
    expect([exitCode, fake.requests]).toEqual([2, []])
    expect(stderr).toContain(message)
  })

  it('rotate with an overlap says until when the old one counts, and the list what became of it', async () => {
    verifies('keys.overlap')
    const key = { expires: '2026-03-01T00:00:00.000Z', lastUsed: '2026-02-28T10:00:00.000Z', replacedBy: 'k2' }
    const fake = createFakeSallyport({ key })
    const { stderr } = await run(['rotate', 'k1', '--overlap', '24h', '--expires', '90d'], fake)
    expect(fake.requests).toEqual([
      { id: 'k1', overlapMilliseconds: 86_400_000, expires: { milliseconds: 90 * 86_400_000 } },
    ])
    expect(stderr).toContain('The key it replaces counts until 2026-03-01T00:00:00.000Z.')
    const told = 'id  group    created               name\nk1  default  2026-01-02T03:04:05Z  team'
    expect((await run(['list'], fake)).stdout).toBe(`${told}  (expires ${key.expires}, replaced by k2)\n`)
    const expired = createFakeSallyport({ key: { state: 'expired', expires: key.expires } })
    expect((await run(['list'], expired)).stdout).toBe(`${told}  (expired)\n`)
    expect((await run(['show', 'k1'], fake)).stdout).toContain(
      `expires  ${key.expires}\nused     ${key.lastUsed}\nreplaced by k2\n`,
    )
  })

  it('revoke ends one', async () => {
    verifies('keys.list-revoke')
    const fake = createFakeSallyport({})
    expect(await run(['revoke', 'k1'], fake)).toMatchObject({ exitCode: 0, stdout: 'Revoked k1.\n' })
    expect(fake.requests).toEqual([{ id: 'k1' }])
    expect(JSON.parse((await run(['revoke', 'k1', '--output', 'json'])).stdout)).toEqual({ id: 'k1', revoked: true })
  })
})
