import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AuditReport } from '../../../../src/service/sallyport.ts'
import { createFakeSallyport, runCommand } from '../../../support/cli/fake-sallyport.ts'
import { verifies } from '../../../support/verifies.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-audit-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('audit verify', () => {
  const verify = (audit: AuditReport, words: readonly string[] = []) =>
    runCommand(['audit', 'verify', ...words], {
      openers: createFakeSallyport({ audit }).openers,
      workingDirectory: folder,
    })
  const intact = { kind: 'intact', path: '/state/audit.jsonl', entries: 2, lastHash: 'a'.repeat(64) } as const
  const broken = {
    kind: 'broken',
    path: '/state/audit.jsonl',
    line: 3,
    reason: 'the line does not match its hash',
  } as const

  it('ends with 0 and the last hash of a whole chain, with 1 and the line of a broken one', async () => {
    verifies('audit.command')
    expect(await verify(intact)).toMatchObject({
      exitCode: 0,
      stdout: `/state/audit.jsonl is intact: 2 entries, last hash ${intact.lastHash}\n`,
    })
    expect(await verify(broken)).toMatchObject({
      exitCode: 1,
      stdout: '/state/audit.jsonl is broken at line 3: the line does not match its hash.\n',
    })
  })

  it('is one JSON document with --output json', async () => {
    expect(JSON.parse((await verify(intact, ['--output', 'json'])).stdout)).toEqual({
      verdict: 'intact',
      path: intact.path,
      entries: 2,
      last_hash: intact.lastHash,
    })
    expect(JSON.parse((await verify(broken, ['--output', 'json'])).stdout)).toMatchObject({
      verdict: 'broken',
      line: 3,
    })
  })

  it('asks for the trail and the hash it was given, and for nothing that is no hash', async () => {
    const fake = createFakeSallyport({ audit: intact })
    const words = ['audit', 'verify', 'copy.jsonl', '--expect', intact.lastHash]
    await runCommand(words, { sallyport: fake.sallyport, openers: fake.openers, workingDirectory: folder })
    expect(fake.requests).toEqual([{ path: 'copy.jsonl', expected: intact.lastHash }])
    expect(await verify(intact, ['--expect', 'none'])).toMatchObject({ exitCode: 2, stdout: '' })
  })
})
