import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { createSigner, faultOf, parseCheckpoint, type Checkpoint } from '../../../../src/telemetry/audit/checkpoint.ts'
import {
  entryAfter,
  origin,
  parseEntry,
  type AuditFact,
  type AuditPlace,
} from '../../../../src/telemetry/audit/entry.ts'
import { AuditTrail } from '../../../../src/telemetry/audit/trail.ts'
import { verifyAuditTrail, type VerifyOptions } from '../../../../src/telemetry/audit/verify.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'
import { verifies } from '../../../support/verifies.ts'

const signer = createSigner(Buffer.alloc(32, 7))
const stranger = createSigner(Buffer.alloc(32, 8))
const keys = [signer.key]

let path: string
let kept: Checkpoint[]
beforeEach(() => {
  path = join(temporaryFolder('sallyport-audit-'), 'audit.jsonl')
  kept = []
})

async function write(count: number): Promise<void> {
  await using trail = await AuditTrail.open(path, { signer, onCheckpoint: (each) => kept.push(each) })
  for (let index = 0; index < count; index += 1) await trail.append({ event: 'test', requestId: `r${index}` })
}

const lines = () => readFileSync(path, 'utf8').split('\n').filter(Boolean)

/** The facts of a trail chained anew by somebody without the key. */
function forge(facts: readonly (readonly [time: string, fact: AuditFact])[]): void {
  let place: AuditPlace = { sequence: 0, hash: origin }
  const made = facts.map(([time, fact]) => {
    const entry = entryAfter(place, time, fact)
    place = entry.place
    return entry.line
  })
  writeFileSync(path, made.join(''))
}

const facts = () =>
  lines().map((line) => {
    const entry = parseEntry(Buffer.from(line))
    if (entry === null) throw new Error('no entry')
    return [entry.time, entry.fact] as const
  })

async function breaks(options: VerifyOptions): Promise<readonly string[]> {
  const verdict = await verifyAuditTrail(path, options)
  return verdict.kind === 'intact' ? [] : verdict.breaks.map(({ line, reason }) => `${line}: ${reason}`)
}

describe('checkpoints', () => {
  it('are signed as RFC 8032 says: its first test vector of the public key', () => {
    const seed = Buffer.from('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'hex')
    expect(createSigner(seed).key).toBe('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a')
  })

  it('stand behind the last line of a process, and after every thousand', async () => {
    verifies('audit.signed')
    await write(2_500)
    expect(kept.map(({ sequence }) => sequence)).toEqual([1_000, 2_001, 2_502])
    expect(await verifyAuditTrail(path, { keys, kept })).toMatchObject({
      kind: 'intact',
      entries: 2_503,
      signatures: { count: 3, upTo: 2_502 },
    })
    await write(0)
    expect(kept).toHaveLength(3)
  })

  it('come by themselves some time after a line, and none where nothing was written', async () => {
    await using trail = await AuditTrail.open(path, {
      signer,
      signAfterMilliseconds: 5,
      onCheckpoint: (each) => kept.push(each),
    })
    await trail.append({ event: 'test', requestId: 'r' })
    await expect.poll(() => kept.length).toBe(1)
    expect(kept[0]).toMatchObject({ sequence: 1, key: signer.key })
    expect(lines()).toHaveLength(2)
  })

  it('show a trail that was made anew without the key, wherever it differs', async () => {
    verifies('audit.signed')
    await write(3)
    forge(facts().map(([time, fact], index) => [time, index === 1 ? { ...fact, requestId: 'other' } : fact]))
    expect(await breaks({})).toEqual(['4: the checkpoint is not of the line before it'])
    const [last] = facts().slice(-1)
    const place = parseEntry(Buffer.from(lines()[2] ?? ''))
    const signed = stranger.sign({ sequence: 3, hash: place?.hash ?? '' }, last?.[0] ?? '')
    const { time, ...members } = signed
    forge([...facts().slice(0, 3), [time, { event: 'checkpoint', requestId: '', ...members }]])
    expect(await breaks({})).toEqual([])
    expect(await breaks({ keys })).toEqual([`4: the checkpoint is signed with another key, ${stranger.key}`])
    const claimed = { ...members, key: signer.key }
    forge([...facts().slice(0, 3), [time, { event: 'checkpoint', requestId: '', ...claimed }]])
    expect(await breaks({ keys })).toEqual(['4: the signature of the checkpoint does not hold'])
    forge([...facts().slice(0, 3), ['2020-01-01T00:00:00.000Z', facts()[3]?.[1] ?? { event: '', requestId: '' }]])
    expect(await breaks({ keys: [stranger.key, signer.key] })).toHaveLength(1)
  })

  it('that were kept elsewhere show an end that was cut off, and lines that were made anew before it', async () => {
    verifies('audit.kept-checkpoints')
    await write(3)
    await write(2)
    expect(await breaks({ keys, kept })).toEqual([])
    writeFileSync(path, lines().slice(0, 4).join('\n') + '\n')
    expect(await breaks({ keys })).toEqual([])
    expect(await breaks({ keys, kept })).toEqual(['5: the trail ends at number 4; it had come to 6, by a checkpoint'])
    forge(facts().slice(0, 2))
    expect(await breaks({ keys, kept: kept.slice(0, 1) })).toEqual([
      '3: the trail ends at number 2; it had come to 3, by a checkpoint',
    ])
    forge([...facts(), ['2026-01-01T00:00:00.000Z', { event: 'made up', requestId: 'x' }]])
    expect(await breaks({ keys, kept: kept.slice(0, 1) })).toEqual([
      '3: a checkpoint that was kept elsewhere has another hash for number 3',
    ])
  })

  it('that were kept elsewhere count only with a signature of their own', async () => {
    await write(1)
    const forged = kept.map((each) => ({ ...each, sequence: each.sequence + 5 }))
    expect(await breaks({ keys, kept: forged })).toEqual([
      '3: of number 6, kept elsewhere, the signature of the checkpoint does not hold',
      '3: the trail ends at number 2; it had come to 6, by a checkpoint',
    ])
    expect(kept.map((each) => faultOf(each, [stranger.key]))).toEqual([
      `the checkpoint is signed with another key, ${signer.key}`,
    ])
  })

  it.each([
    ['no JSON', '{'],
    ['null', 'null'],
    ['a number that is none', { sequence: '1' }],
    ['a fraction', { sequence: 1.5 }],
    ['a short hash', { hash: 'ab' }],
    ['a key in capitals', { key: 'A'.repeat(64) }],
    ['a signature with a letter too many', { signature: 'a'.repeat(129) }],
    ['no time', { time: 5 }],
  ])('are not made of %s', (_what, change) => {
    const whole = signer.sign({ sequence: 1, hash: 'a'.repeat(64) }, '2026-01-01T00:00:00.000Z')
    expect(parseCheckpoint(JSON.stringify(whole))).toEqual(whole)
    expect(parseCheckpoint(typeof change === 'string' ? change : JSON.stringify({ ...whole, ...change }))).toBeNull()
  })
})
