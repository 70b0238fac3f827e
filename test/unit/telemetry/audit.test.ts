import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AuditTrail, verifyAuditTrail } from '../../../src/telemetry/audit.ts'

let folder: string
let path: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-audit-'))
  path = join(folder, 'state', 'audit.jsonl')
})
afterEach(() => rmSync(folder, { recursive: true }))

const now = () => new Date('2026-01-02T03:04:05Z')

async function write(count: number): Promise<void> {
  await using trail = await AuditTrail.open(path, now)
  await Promise.all(
    Array.from({ length: count }, (_, index) => trail.append({ event: 'test', requestId: `r${index}` })),
  )
}

const lines = () => readFileSync(path, 'utf8').split('\n').filter(Boolean)
const rewrite = (changed: readonly string[]) => writeFileSync(path, changed.map((line) => `${line}\n`).join(''))

describe('the audit trail', () => {
  it('is intact as written, in the order of the calls', async () => {
    await write(5)
    expect(lines().map((line) => (JSON.parse(line) as { fact: { requestId: string } }).fact.requestId)).toEqual([
      'r0',
      'r1',
      'r2',
      'r3',
      'r4',
    ])
    expect(await verifyAuditTrail(path)).toMatchObject({ kind: 'intact', entries: 5 })
  })

  it('goes on where an earlier process ended', async () => {
    await write(2)
    await write(2)
    expect(await verifyAuditTrail(path)).toMatchObject({ kind: 'intact', entries: 4 })
  })

  it('stays one chain under two writers at the same time', async () => {
    await using first = await AuditTrail.open(path)
    await using second = await AuditTrail.open(path)
    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        (index % 2 === 0 ? first : second).append({ event: 'test', requestId: `r${index}` }),
      ),
    )
    expect(await verifyAuditTrail(path)).toMatchObject({ kind: 'intact', entries: 20 })
  })

  it('shows a changed line', async () => {
    await write(3)
    rewrite(lines().map((line, index) => (index === 1 ? line.replace('r1', 'rX') : line)))
    expect(await verifyAuditTrail(path)).toEqual({
      kind: 'broken',
      line: 2,
      reason: 'the line does not match its hash',
    })
  })

  it('shows a removed line', async () => {
    await write(3)
    rewrite(lines().filter((_, index) => index !== 1))
    expect(await verifyAuditTrail(path)).toMatchObject({ kind: 'broken', line: 2 })
  })

  it('shows lines that changed places', async () => {
    await write(3)
    rewrite(lines().toReversed())
    expect(await verifyAuditTrail(path)).toMatchObject({ kind: 'broken', line: 1 })
  })

  it('cuts off a line that a crash left unfinished', async () => {
    await write(2)
    appendFileSync(path, '{"sequence":3,"ti')
    await write(1)
    expect(await verifyAuditTrail(path)).toMatchObject({ kind: 'intact', entries: 3 })
  })

  it('refuses to go on behind a file that is no trail', async () => {
    await write(1)
    appendFileSync(path, 'something else\n')
    await expect(AuditTrail.open(path)).rejects.toThrow('its last line is not one of an audit trail')
  })
})
