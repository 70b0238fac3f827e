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

const facts = { id: 'k1', name: 'team', group: 'default', created: '2026-01-02T03:04:05Z', state: 'active' }

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
    expect((await run(['list'])).stdout).toBe('k1  default  2026-01-02T03:04:05Z  team\n')
    expect(JSON.parse((await run(['list', '--output', 'json'])).stdout)).toEqual({ keys: [facts] })
    expect((await run(['show', 'k1'])).stdout).toBe(
      'id       k1\nname     team\ngroup    default\ncreated  2026-01-02T03:04:05Z\nstate    active\n',
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

  it('revoke ends one', async () => {
    verifies('keys.list-revoke')
    const fake = createFakeSallyport({})
    expect(await run(['revoke', 'k1'], fake)).toMatchObject({ exitCode: 0, stdout: 'Revoked k1.\n' })
    expect(fake.requests).toEqual([{ id: 'k1' }])
    expect(JSON.parse((await run(['revoke', 'k1', '--output', 'json'])).stdout)).toEqual({ id: 'k1', revoked: true })
  })
})
