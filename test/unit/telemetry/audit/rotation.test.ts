import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { createSigner } from '../../../../src/telemetry/audit/checkpoint.ts'
import { searchAuditTrail, type SearchOptions } from '../../../../src/telemetry/audit/search.ts'
import { AuditTrail, type TrailOptions } from '../../../../src/telemetry/audit/trail.ts'
import { verifyAuditTrail, type VerifyOptions } from '../../../../src/telemetry/audit/verify.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'
import { verifies } from '../../../support/verifies.ts'

const signer = createSigner(Buffer.alloc(32, 7))

let folder: string
let path: string
beforeEach(() => {
  folder = temporaryFolder('sallyport-audit-')
  path = join(folder, 'audit.jsonl')
})

async function write(count: number, options: TrailOptions = {}): Promise<void> {
  await using trail = await AuditTrail.open(path, { rotateBytes: 1_000, ...options })
  for (let index = 0; index < count; index += 1) await trail.append({ event: 'test', requestId: `r${index}` })
}

async function breaks(options: VerifyOptions = {}): Promise<readonly string[]> {
  const verdict = await verifyAuditTrail(path, options)
  if (verdict.kind === 'intact') return []
  return verdict.breaks.map(({ file, line, reason }) => `${file.slice(folder.length + 1)}:${line}: ${reason}`)
}

const files = () => readdirSync(folder).toSorted()
const events = async () => {
  const told: string[] = []
  const anything = { event: null, request: null, principal: null, since: null, until: null }
  for await (const { entry } of searchAuditTrail(path, anything)) told.push(entry.fact.event)
  return told
}

describe('a full file of a trail', () => {
  it('gets a name by its first line, and the chain goes on in the next', async () => {
    verifies('audit.rotation')
    await write(9)
    expect(files()).toEqual(['audit.000000000001.jsonl', 'audit.000000000006.jsonl', 'audit.jsonl'])
    expect(await verifyAuditTrail(path)).toMatchObject({ kind: 'intact', entries: 11, first: 1 })
    const [first = ''] = readFileSync(path, 'utf8').split('\n')
    expect(JSON.parse(first)).toMatchObject({ fact: { event: 'trail-continued', file: 'audit.000000000006.jsonl' } })
    expect((await events()).filter((event) => event === 'test')).toHaveLength(9)
  })

  it('is left by another process too, which goes on in the new one', async () => {
    await using first = await AuditTrail.open(path, { rotateBytes: 1_000 })
    await using second = await AuditTrail.open(path, { rotateBytes: 1_000 })
    for (let turn = 0; turn < 10; turn += 1) {
      await first.append({ event: 'first', requestId: `r${turn}` })
      await second.append({ event: 'second', requestId: `r${turn}` })
    }
    expect(files().length).toBeGreaterThan(2)
    expect(await breaks()).toEqual([])
    const told = await events()
    expect(told.filter((event) => event === 'first')).toHaveLength(10)
    expect(told.filter((event) => event === 'second')).toHaveLength(10)
  })

  it('shows a former file that is gone, one that was changed, and lines cut from its end', async () => {
    verifies('audit.rotation')
    await write(9)
    const former = join(folder, 'audit.000000000006.jsonl')
    const text = readFileSync(former, 'utf8')
    writeFileSync(former, text.replace('r6', 'rX'))
    expect(await breaks()).toEqual(['audit.000000000006.jsonl:3: the line does not match its hash'])
    writeFileSync(former, text.slice(0, text.lastIndexOf('\n', text.length - 2) + 1))
    expect(await breaks()).toEqual(['audit.jsonl:1: number 9 is missing before it'])
    rmSync(former)
    expect(await breaks()).toEqual(['audit.jsonl:1: numbers 6 to 9 are missing before it'])
    rmSync(join(folder, 'audit.000000000001.jsonl'))
    expect(await breaks()).toEqual([
      'audit.jsonl:1: numbers 1 to 9 are missing before it, and no line says that they were let go',
    ])
  })

  it.each([
    ['before the full file was renamed', false],
    ['after it', true],
  ])('is completed where a crash cut the change short %s', async (_when, isRenamed) => {
    await write(9)
    const next = readFileSync(path, 'utf8')
    const former = join(folder, 'audit.000000000006.jsonl')
    // As it was in the middle of the last change of files: only the first line of the new one is there.
    writeFileSync(`${path}.next`, next.slice(0, next.indexOf('\n') + 1))
    if (isRenamed) rmSync(path)
    else renameSync(former, path)
    await write(1)
    expect(await breaks()).toEqual([])
    expect(existsSync(former)).toBe(true)
  })

  it('is not replaced by a new trail where the file behind it is gone or empty', async () => {
    await write(9)
    writeFileSync(path, '')
    await expect(AuditTrail.open(path)).rejects.toThrow(
      /audit\.jsonl is gone, and .*audit\.000000000006\.jsonl goes on/,
    )
    rmSync(path)
    await expect(AuditTrail.open(path)).rejects.toMatchObject({ code: 'invalid-config' })
    expect(existsSync(path)).toBe(false)
  })
})

describe('files of a trail that are old', () => {
  const options = { signer, keepDays: 30 }
  const age = (name: string) => utimesSync(join(folder, name), new Date('2020-01-01'), new Date('2020-01-01'))
  const retired = async () => {
    await write(9, { signer })
    age('audit.000000000001.jsonl')
    await write(4, options)
  }

  it('are let go, and the trail says so under a signature', async () => {
    verifies('audit.retention')
    await retired()
    expect(files()).not.toContain('audit.000000000001.jsonl')
    expect(files()).toContain('audit.000000000006.jsonl')
    expect(await events()).toContain('trail-retired')
    expect(await verifyAuditTrail(path, { keys: [signer.key] })).toMatchObject({ kind: 'intact', first: 6 })
    expect(await breaks({ keys: [createSigner(Buffer.alloc(32, 1)).key] })).not.toEqual([])
  })

  it('stay where a younger one stands before them, and without a limit', async () => {
    await write(20, { signer })
    age('audit.000000000006.jsonl')
    await write(4, options)
    expect(files()).toContain('audit.000000000006.jsonl')
    age('audit.000000000001.jsonl')
    await write(8, { signer })
    expect(files()).toContain('audit.000000000001.jsonl')
  })

  it('are missed where more is gone than the trail says', async () => {
    await retired()
    rmSync(join(folder, 'audit.000000000006.jsonl'))
    expect((await breaks({ keys: [signer.key] }))[0]).toMatch(/numbers 1 to \d+ are missing .* no line says/)
  })
})

describe('reading a trail while it changes', () => {
  const anything = { event: null, request: null, principal: null, since: null, until: null }

  it('reads it as it was at its beginning, whatever is let go or full meanwhile', async () => {
    verifies('audit.read-at-once')
    await write(9)
    const told: string[] = []
    for await (const { entry } of searchAuditTrail(path, anything)) {
      if (told.length === 0) {
        rmSync(join(folder, 'audit.000000000006.jsonl'))
        await write(9, { rotateBytes: 300 })
      }
      told.push(entry.fact.requestId)
    }
    const asked = told.filter((id) => id !== '')
    expect(asked).toEqual(Array.from({ length: 9 }, (_, index) => `r${index}`))
  })

  it('says which file it cannot read', async () => {
    await write(9)
    rmSync(join(folder, 'audit.000000000006.jsonl'))
    mkdirSync(join(folder, 'audit.000000000006.jsonl'))
    const told = { code: 'invalid-file', message: expect.stringContaining('audit.000000000006.jsonl') }
    await expect(verifyAuditTrail(path)).rejects.toMatchObject(told)
  })
})

describe('looking in a trail', () => {
  const query = { event: null, request: null, principal: null, since: null, until: null }
  const found = async (asked: object, options: SearchOptions = {}) => {
    const told: number[] = []
    for await (const { entry } of searchAuditTrail(path, { ...query, ...asked }, options)) told.push(entry.sequence)
    return told
  }

  it('finds lines by event, request, caller and time, through all files, and passes over what was changed', async () => {
    verifies('audit.search')
    let minute = 0
    const now = () => new Date(Date.UTC(2026, 0, 1, 0, (minute += 1)))
    await using trail = await AuditTrail.open(path, { now })
    await trail.append({ event: 'a', requestId: 'r1', principal: 'p1' })
    await trail.append({ event: 'b', requestId: 'r1', principal: 'p2' })
    await trail.append({ event: 'a', requestId: 'r2' })
    expect(await found({ event: 'a' })).toEqual([1, 3])
    expect(await found({ request: 'r1' })).toEqual([1, 2])
    expect(await found({ principal: 'p2' })).toEqual([2])
    expect(await found({ since: '2026-01-01T00:02:00.000Z' })).toEqual([2, 3])
    expect(await found({ until: '2026-01-01T00:02:00.000Z' })).toEqual([1])
    writeFileSync(path, readFileSync(path, 'utf8').replace('"p2"', '"p3"'))
    let passedOver = 0
    expect(await found({}, { onPassedOver: () => (passedOver += 1) })).toEqual([1, 3])
    expect(passedOver).toBe(1)
  })

  it('goes on behind any line, in whichever file that is', async () => {
    verifies('audit.search')
    await write(12)
    expect(files().length).toBeGreaterThan(2)
    const all = await found({})
    for (let after = 0; after <= all.length + 1; after += 1) {
      expect(await found({}, { after })).toEqual(all.filter((sequence) => sequence > after))
    }
  })

  it('ends when it is told, also where nothing is found', async () => {
    await write(3)
    const signal = AbortSignal.abort(new Error('left'))
    await expect(found({ event: 'none' }, { signal })).rejects.toThrow('left')
  })
})
