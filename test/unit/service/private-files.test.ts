import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { exposedFiles, privateFilesProbe } from '../../../src/service/private-files.ts'
import { createConfigSchema } from '../../../src/config/schema.ts'
import { verifies } from '../../support/verifies.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-private-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const configOf = () => createConfigSchema(folder, folder).parse({})

describe('S15: files that are for their owner only', () => {
  it('are fine where they are, or not there yet', async () => {
    writeFileSync(join(folder, 'sallyport.db'), '{}', { mode: 0o600 })
    expect(await exposedFiles(configOf())).toEqual([])
    expect((await privateFilesProbe(configOf()).run(AbortSignal.timeout(60_000))).passed).toBe(true)
  })

  it.each([
    ['sallyport.db', 0o644, '0644'],
    ['sallyport.db', 0o620, '0620'],
    ['digest.key', 0o640, '0640'],
    ['privacy.key', 0o644, '0644'],
    ['audit.jsonl', 0o604, '0604'],
  ])('are named with what mends them: %s of mode %o', async (name, mode, shown) => {
    verifies('security.readable-files-named')
    const path = join(folder, name)
    writeFileSync(path, '{}')
    chmodSync(path, mode)
    expect(await exposedFiles(configOf())).toEqual([`${path} (mode ${shown})`])
    const probe = await privateFilesProbe(configOf()).run(AbortSignal.timeout(60_000))
    expect(probe).toMatchObject({ passed: false, fix: `chmod 600 ${path}` })
  })
})
