import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { createAuditKeeper } from '../../../src/service/audit-keeper.ts'
import { AuditTrail } from '../../../src/telemetry/audit/trail.ts'
import { telemetryOptions } from '../../../src/telemetry/options.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { verifies } from '../../support/verifies.ts'

const anything = { event: null, request: null, principal: null, since: null, until: null }

let folder = ''
let trail = ''
beforeEach(async () => {
  folder = temporaryFolder('sallyport-audit-keeper-')
  trail = join(folder, 'audit.jsonl')
  await using written = await AuditTrail.open(trail)
  for (const requestId of ['r1', 'r2', 'r3']) await written.append({ event: 'test', requestId })
})

const keeper = () =>
  createAuditKeeper({ telemetry: telemetryOptions.parse({}), state_directory: folder, secrets_directory: folder })

describe('a copy of the audit trail', () => {
  it('is of its lines byte for byte, without those that do not match their hash, which it counts', async () => {
    verifies('audit.search-told')
    const text = readFileSync(trail, 'utf8')
    writeFileSync(trail, text.replace('"r2"', '"rX"'))
    const to = join(folder, 'copy.jsonl')
    expect(await keeper().export(anything, to)).toEqual({ entries: 2, passedOver: 1 })
    const [one, , three] = text.split('\n')
    expect(readFileSync(to, 'utf8')).toBe(`${one}\n${three}\n`)
    await expect(keeper().export(anything, to)).rejects.toThrow('is there already')
    expect(readFileSync(to, 'utf8')).toBe(`${one}\n${three}\n`)
  })

  it('is no file at all where it could not be made', async () => {
    verifies('audit.search-told')
    rmSync(trail)
    const to = join(folder, 'copy.jsonl')
    await expect(keeper().export(anything, to)).rejects.toMatchObject({ code: 'invalid-file' })
    expect(existsSync(to)).toBe(false)
  })
})
