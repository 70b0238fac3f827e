import { createHash } from 'node:crypto'
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AuditTrail } from '../../../../src/telemetry/audit/trail.ts'
import { verifyAuditTrail } from '../../../../src/telemetry/audit/verify.ts'
import { verifies } from '../../../support/verifies.ts'

let folder: string
let path: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-audit-'))
  path = join(folder, 'state', 'audit.jsonl')
})
afterEach(() => rmSync(folder, { recursive: true }))

const now = () => new Date('2026-01-02T03:04:05Z')

async function write(count: number): Promise<void> {
  await using trail = await AuditTrail.open(path, { now })
  await Promise.all(
    Array.from({ length: count }, (_, index) => trail.append({ event: 'test', requestId: `r${index}` })),
  )
}

const breaks = async () => {
  const verdict = await verifyAuditTrail(path)
  return verdict.kind === 'broken' ? verdict.breaks.map(({ line, reason }) => `${line}: ${reason}`) : []
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
    verifies('audit.two-writers')
    await using first = await AuditTrail.open(path)
    await using second = await AuditTrail.open(path)
    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        (index % 2 === 0 ? first : second).append({ event: 'test', requestId: `r${index}` }),
      ),
    )
    expect(await verifyAuditTrail(path)).toMatchObject({ kind: 'intact', entries: 20 })
  })

  it('keeps what comes the moment a write ends, and what nothing waits for', async () => {
    {
      await using trail = await AuditTrail.open(path)
      for (let turn = 0; turn < 50; turn += 1) {
        await trail.append({ event: 'test', requestId: `r${turn}` })
        trail.note({ event: 'note', requestId: `r${turn}` }, (error) => expect.fail(String(error)))
        await Promise.resolve()
      }
    }
    const events = lines().map((line) => (JSON.parse(line) as { fact: { event: string } }).fact.event)
    expect(events).toEqual(Array.from({ length: 100 }, (_, index) => (index % 2 === 0 ? 'test' : 'note')))
    expect(await verifyAuditTrail(path)).toMatchObject({ kind: 'intact', entries: 100 })
  })

  it('is given up between writes to whoever wants it, and gone on with after', async () => {
    await using trail = await AuditTrail.open(path)
    await trail.append({ event: 'test', requestId: 'r1' })
    expect(await verifyAuditTrail(path)).toMatchObject({ kind: 'intact', entries: 1 })
    await using other = await AuditTrail.open(path)
    await other.append({ event: 'test', requestId: 'r2' })
    await trail.append({ event: 'test', requestId: 'r3' })
    expect(await verifyAuditTrail(path)).toMatchObject({ kind: 'intact', entries: 3 })
  })

  it('shows a changed line', async () => {
    verifies('security.trail-shows-tampering')
    await write(3)
    rewrite(lines().map((line, index) => (index === 1 ? line.replace('r1', 'rX') : line)))
    expect(await breaks()).toEqual(['2: the line does not match its hash'])
  })

  it('shows a removed line', async () => {
    verifies('security.trail-shows-tampering')
    await write(3)
    rewrite(lines().filter((_, index) => index !== 1))
    expect(await breaks()).toEqual(['2: number 2 is missing before it'])
  })

  it('S3: reads no further in a file whose line is longer than any of a trail', async () => {
    await write(1)
    appendFileSync(path, Buffer.alloc(2_000_000))
    expect(await breaks()).toEqual(['2: the line is longer than any that was written'])
  })

  it('shows lines that changed places', async () => {
    verifies('security.trail-shows-tampering')
    await write(3)
    rewrite([lines()[0], lines()[2], lines()[1]].map((line) => line ?? ''))
    expect(await breaks()).toEqual([
      '2: number 2 is missing before it',
      '3: the line is number 2, and stands where 4 should',
    ])
  })

  it('cuts off a line that a crash left unfinished', async () => {
    await write(2)
    appendFileSync(path, '{"sequence":3,"ti')
    await write(1)
    expect(await verifyAuditTrail(path)).toMatchObject({ kind: 'intact', entries: 3 })
  })

  it('refuses to append to a file that is not a trail', async () => {
    await write(1)
    appendFileSync(path, 'something else\n')
    await expect(AuditTrail.open(path)).rejects.toThrow('its last line is not one of an audit trail')
  })

  it.each<[string, (text: string) => string | Buffer]>([
    ['a member beside what the hash covers', (text) => text.replace(',"hash"', ',"note":"approved","hash"')],
    [
      'a second member of the same name',
      (text) => text.replace('"time":', '"time":"2020-01-01T00:00:00.000Z","time":'),
    ],
    ['another spelling of the same value', (text) => text.replace('"event":"test"', '"event":"\\u0074est"')],
    ['a space', (text) => text.replace('"fact":', '"fact": ')],
    ['another end of line', (text) => text.replace('\n', '\r\n')],
    ['an empty line', (text) => text.replace('\n', '\n\n')],
    ['an empty line at the end', (text) => `${text}\n`],
    ['a byte order mark', (text) => `\uFEFF${text}`],
    [
      'a byte that is no UTF-8',
      (text) => Buffer.concat([Buffer.from(text.slice(0, -3)), Buffer.from([0xff, 0x7d, 0x0a])]),
    ],
    ['the first entry gone', (text) => text.slice(text.indexOf('\n') + 1)],
    ['the last bytes gone', (text) => text.slice(0, -5)],
    ['the last line feed gone', (text) => text.slice(0, -1)],
    ['a copy of the last entry behind it', (text) => text + text.split('\n').at(-2) + '\n'],
    ['a line of something else behind it', (text) => `${text}{"sequence":4}\n`],
    ['an entry of another trail in place of one', (text) => text.replace(/.*\n$/, '') + lineOf(3)],
  ])('shows %s', async (_change, change) => {
    await write(3)
    writeFileSync(path, change(readFileSync(path, 'utf8')))
    expect((await verifyAuditTrail(path)).kind).toBe('broken')
  })

  it('shows that its end is gone to whoever noted a hash of it, and only then', async () => {
    verifies('audit.expect')
    await write(3)
    const hashes = lines().map((line) => (JSON.parse(line) as { hash: string }).hash)
    const [first = '', , third = ''] = hashes
    expect(await verifyAuditTrail(path, { expected: third })).toMatchObject({ kind: 'intact', lastHash: third })
    rewrite(lines().slice(0, 2))
    expect(await verifyAuditTrail(path)).toMatchObject({ kind: 'intact', entries: 2 })
    expect(await verifyAuditTrail(path, { expected: first })).toMatchObject({ kind: 'intact', entries: 2 })
    expect(await verifyAuditTrail(path, { expected: third })).toMatchObject({ kind: 'broken', breaks: [{ line: 3 }] })
  })

  it('is intact whatever characters its facts hold', async () => {
    {
      await using trail = await AuditTrail.open(path, { now })
      await trail.append({ event: 'test', requestId: 'r', model: 'a\u2028b\u2029c\r\n\u0000\ud800\uFEFF😀', 1: 'x' })
      await trail.append({ event: 'test', requestId: 'r', model: '__proto__' })
    }
    expect(await verifyAuditTrail(path)).toMatchObject({ kind: 'intact', entries: 2 })
  })

  it('cuts off an unfinished line in the middle of a character, and no byte more', async () => {
    await write(2)
    appendFileSync(path, Buffer.from([0x7b, 0x22, 0xf0, 0x9f]))
    await write(1)
    expect(await verifyAuditTrail(path)).toMatchObject({ kind: 'intact', entries: 3 })
  })

  it.each(['a note without an end of line', 'one\ntwo\nthree', 'x'.repeat(1_100_000)])(
    'leaves a file that is no trail as it was (%#)',
    async (text) => {
      await write(1)
      writeFileSync(path, text)
      await expect(AuditTrail.open(path)).rejects.toThrow('its last line is not one of an audit trail')
      expect(readFileSync(path, 'utf8')).toBe(text)
    },
  )

  it('begins again where a crash left only the beginning of its first line', async () => {
    await write(1)
    writeFileSync(path, '{"sequence":1,"time":"2026')
    await write(1)
    expect(await verifyAuditTrail(path)).toMatchObject({ kind: 'intact', entries: 1 })
  })
})

/** A whole line with a right hash of its own that follows nothing. */
function lineOf(sequence: number): string {
  const body = {
    sequence,
    time: now().toISOString(),
    fact: { event: 'test', requestId: 'x' },
    previous: '0'.repeat(64),
  }
  return `${JSON.stringify({ ...body, hash: sha256(JSON.stringify(body)) })}\n`
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
