import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
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

describe('the newest lines of the trail', () => {
  const newest = async (options: { readonly after?: number; readonly before?: number; readonly most?: number }) => {
    const all = { after: 0, before: Number.MAX_SAFE_INTEGER, most: 10, signal: new AbortController().signal }
    return keeper().newest({ ...anything, event: 'test' }, { ...all, ...options })
  }

  it('come first, between two numbers, so many as are wanted, out of every file that holds some', async () => {
    // Files are full after some lines, so that the last lines are in more than one.
    await using written = await AuditTrail.open(trail, { rotateBytes: 400 })
    for (const requestId of ['r4', 'r5', 'r6']) await written.append({ event: 'test', requestId })
    const all = await newest({})
    expect(all.map(({ fact }) => fact.requestId)).toEqual(['r6', 'r5', 'r4', 'r3', 'r2', 'r1'])
    expect(await newest({ most: 4 })).toEqual(all.slice(0, 4))
    const [before = 0, after = 0] = [all[1]?.sequence, all[5]?.sequence]
    expect(await newest({ before, after })).toEqual(all.slice(2, 5))
    expect(await newest({ before, most: 1 })).toEqual(all.slice(2, 3))
    expect(readdirSync(folder).filter((name) => name.startsWith('audit')).length).toBeGreaterThan(1)
  })

  it('leave out what does not match its hash', async () => {
    writeFileSync(trail, readFileSync(trail, 'utf8').replace('"r2"', '"rX"'))
    expect((await newest({ most: 2 })).map(({ fact }) => fact.requestId)).toEqual(['r3', 'r1'])
  })
})

/** A service that was there for a while, in a process of its own; what it logged. */
async function logOfService(): Promise<string> {
  const program = `
    const { Telemetry } = await import(process.argv[1] + '/telemetry.ts')
    const { telemetryOptions } = await import(process.argv[1] + '/options.ts')
    const config = { telemetry: telemetryOptions.parse({}), state_directory: process.argv[2], secrets_directory: process.argv[2] }
    const telemetry = new Telemetry(config, [])
    await telemetry.beginService()
    telemetry.policy.onDecision({ principal: 'k1', group: 'g', revision: 'r', milliseconds: 1, decision: 'grant', requestId: 'r4', allowed: true, rules: [], fault: null })
    await telemetry[Symbol.asyncDispose]()`
  const words = ['--input-type=module', '-e', program, resolve(import.meta.dirname, '../../../src/telemetry'), folder]
  return (await promisify(execFile)(process.execPath, words)).stderr
}

describe('checkpoints that the log of a service kept', () => {
  it('show that the end of the trail was cut off', async () => {
    verifies('audit.logged-checkpoints')
    const log = await logOfService()
    const checkpoints = join(folder, 'kept.log')
    const lines = log.split('\n').filter((line) => line.includes('the audit trail has come to here'))
    expect(lines.length).toBeGreaterThan(0)
    writeFileSync(checkpoints, `${lines.join('\n')}\n`)
    const check = () =>
      keeper().check({ path: null, expected: null, keys: [], checkpoints }, AbortSignal.timeout(60_000))
    expect(await check()).toMatchObject({ kind: 'intact' })
    const text = readFileSync(trail, 'utf8')
    writeFileSync(trail, `${text.split('\n').slice(0, 2).join('\n')}\n`)
    expect(await check()).toMatchObject({ kind: 'broken' })
    // Another line of the log is none, and nothing is passed over.
    writeFileSync(checkpoints, log.replace('has come to here', 'went on').concat('{"level":30,"msg":"response"}\n'))
    await expect(check()).rejects.toMatchObject({ code: 'invalid-file' })
  })
})
