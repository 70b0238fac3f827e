import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { createReadableTrail } from '../../../src/compose/readable-trail.ts'
import { AuditTrail } from '../../../src/telemetry/audit/trail.ts'
import { telemetryOptions } from '../../../src/telemetry/options.ts'
import { runCommand } from '../../support/cli/fake-sallyport.ts'
import { startAdmin, type AdminService } from '../../support/http/admin-service.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { verifies } from '../../support/verifies.ts'

const never = new AbortController().signal

let folder: string
beforeEach(async () => {
  folder = temporaryFolder('readable-trail-')
  await using trail = await AuditTrail.open(join(folder, 'audit.jsonl'), { rotateBytes: 1_000 })
  for (let index = 0; index < 9; index += 1) await trail.append({ event: 'test', requestId: `r${index}` })
})

const trailWith = (settings: object = {}) =>
  createReadableTrail({
    telemetry: telemetryOptions.parse(settings),
    state_directory: folder,
    secrets_directory: folder,
  })

/** `sallyport audit verify` at the command line of another machine. */
const verify = ({ url, key }: AdminService, words: readonly string[] = []) =>
  runCommand(['audit', 'verify', '--server', url, ...words], {
    workingDirectory: folder,
    variables: { SALLYPORT_KEY: key },
  })

function spoil(name: string, line: number): void {
  const lines = readFileSync(join(folder, name), 'utf8').split('\n')
  lines[line - 1] = lines[line - 1]?.replace('"test"', '"tested"') ?? ''
  writeFileSync(join(folder, name), lines.join('\n'))
}

describe('the trail of a service, for an operator elsewhere', () => {
  it('is checked as on its machine, and a hash that was noted is looked for', async () => {
    verifies('admin.remote', 'admin.trail')
    await using service = await startAdmin({ trail: trailWith() })
    const whole = await verify(service, ['--output', 'json'])
    const lastHash = (JSON.parse(whole.stdout) as { last_hash: string }).last_hash
    expect(readFileSync(join(folder, 'audit.jsonl'), 'utf8')).toContain(lastHash)
    expect(JSON.parse(whole.stdout)).toEqual({
      verdict: 'intact',
      path: service.url,
      entries: 11,
      first: 1,
      last_hash: lastHash,
      signatures: null,
    })
    expect(await verify(service, ['--expect', lastHash])).toMatchObject({
      exitCode: 0,
      stdout: `${service.url} is intact: 11 entries, last hash ${lastHash}\nno key is here to check signatures with\n`,
    })
    expect(await verify(service, ['--expect', 'f'.repeat(64)])).toMatchObject({
      exitCode: 1,
      stdout: expect.stringContaining('the expected hash is of no line') as string,
    })
  })

  it('is broken at a line of one of its files, which is named without its folder', async () => {
    verifies('admin.remote', 'admin.trail')
    spoil('audit.000000000001.jsonl', 2)
    await using service = await startAdmin({ trail: trailWith() })
    const told = await verify(service)
    expect(told.exitCode).toBe(1)
    expect(told.stdout.split('\n')[0]).toBe(
      `${service.url} is broken at line 2 of audit.000000000001.jsonl: the line does not match its hash.`,
    )
    expect(told.stdout).not.toContain(folder)
  })

  it('that cannot be read is a fault of the service, which its log has and the answer has not', async () => {
    verifies('admin.faults')
    for (const name of readdirSync(folder)) if (name.startsWith('audit')) rmSync(join(folder, name))
    await using service = await startAdmin({ trail: trailWith() })
    for (const path of ['audit', 'audit/verification', 'decisions']) {
      const answer = await service.ask('GET', `/admin/v1/${path}`)
      const text = await answer.text()
      expect([answer.status, text.includes(folder)]).toEqual([500, false])
    }
    expect(service.faults.map(({ error }) => error.message)).toEqual(
      Array.from({ length: 3 }, () => expect.stringContaining(folder) as string),
    )
    const told = await verify(service)
    expect(told.exitCode).toBe(1)
    expect(told.stderr).toContain(`Request ${service.faults.at(-1)?.requestId}.`)
    expect(told.stderr).not.toContain(folder)
  })

  it('is read no further when whoever asked has gone', async () => {
    const gone = new Error('gone')
    await expect(trailWith().verify(null, AbortSignal.abort(gone))).rejects.toBe(gone)
    const leaving = new AbortController()
    const checked = trailWith().verify(null, leaving.signal)
    setImmediate(() => leaving.abort(gone))
    await expect(checked).rejects.toBe(gone)
  })

  it('is not there where none is kept', async () => {
    const trail = trailWith({ audit: false })
    await expect(trail.verify(null, never)).rejects.toMatchObject({ code: 'not-found' })
  })

  it('is checked with the key of the service alone, and a file is of this machine', async () => {
    verifies('admin.trail')
    await using service = await startAdmin({ trail: trailWith() })
    for (const words of [['--public-key', 'a'.repeat(64)], ['--checkpoints', 'kept.jsonl'], ['copy.jsonl']]) {
      const told = await verify(service, words)
      expect([told.exitCode, told.stdout]).toEqual([2, ''])
    }
  })
})
