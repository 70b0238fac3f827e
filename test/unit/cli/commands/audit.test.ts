import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AuditReport } from '../../../../src/service/audit-keeper.ts'
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
  const intact = {
    kind: 'intact',
    path: '/state/audit.jsonl',
    entries: 2,
    first: 1,
    lastHash: 'a'.repeat(64),
    signatures: { count: 1, upTo: 2 },
  } as const
  const broken = {
    kind: 'broken',
    path: '/state/audit.jsonl',
    breaks: [
      { file: '/state/audit.000000000001.jsonl', line: 3, reason: 'the line does not match its hash' },
      { file: '/state/audit.jsonl', line: 7, reason: 'number 9 is missing before it' },
    ],
  } as const

  it('ends with 0 and the last hash of a whole chain, with 1 and the line of a broken one', async () => {
    verifies('audit.command')
    expect(await verify(intact)).toMatchObject({
      exitCode: 0,
      stdout: `/state/audit.jsonl is intact: 2 entries, last hash ${intact.lastHash}\n1 signed checkpoint, up to number 2\n`,
    })
    expect(await verify(broken)).toMatchObject({
      exitCode: 1,
      stdout:
        '/state/audit.jsonl is broken at line 3 of /state/audit.000000000001.jsonl: the line does not match its hash.\n' +
        '/state/audit.jsonl is broken at line 7: number 9 is missing before it.\n',
    })
  })

  it('is one JSON document with --output json', async () => {
    expect(JSON.parse((await verify(intact, ['--output', 'json'])).stdout)).toEqual({
      verdict: 'intact',
      path: intact.path,
      entries: 2,
      first: 1,
      last_hash: intact.lastHash,
      signatures: { checkpoints: 1, up_to: 2 },
    })
    expect(JSON.parse((await verify(broken, ['--output', 'json'])).stdout)).toMatchObject({
      verdict: 'broken',
      line: 3,
      breaks: broken.breaks,
    })
  })

  it('says what of it is signed, where it begins, and that no key is here to check with', async () => {
    const told = async (facts: object) => (await verify({ ...intact, ...facts })).stdout.split('\n').slice(0, 2)
    const head = `last hash ${intact.lastHash}`
    expect(await told({ first: 5, signatures: null })).toEqual([
      `/state/audit.jsonl is intact: 2 entries from number 5 on, ${head}`,
      'no key is here to check signatures with',
    ])
    expect(await told({ entries: 1_000, signatures: { count: 2, upTo: 999 } })).toEqual([
      `/state/audit.jsonl is intact: 1,000 entries, ${head}`,
      '2 signed checkpoints, up to number 999',
    ])
    expect((await told({ entries: 1, signatures: { count: 0, upTo: 0 } }))[1]).toBe('no checkpoint of it is signed')
  })

  it('takes keys and checkpoints that were kept elsewhere', async () => {
    const fake = createFakeSallyport({ audit: intact })
    const keys = ['b'.repeat(64), 'c'.repeat(64)]
    const words = ['audit', 'verify', '--checkpoints', 'kept.jsonl', ...keys.flatMap((key) => ['--public-key', key])]
    await runCommand(words, { openers: fake.openers, workingDirectory: folder })
    expect(fake.requests).toEqual([{ path: null, expected: null, keys, checkpoints: 'kept.jsonl' }])
    expect(await verify(intact, ['--public-key', 'short'])).toMatchObject({ exitCode: 2, stdout: '' })
  })

  it('asks for the trail and the hash it was given, and for nothing that is no hash', async () => {
    const fake = createFakeSallyport({ audit: intact })
    const words = ['audit', 'verify', 'copy.jsonl', '--expect', intact.lastHash]
    await runCommand(words, { sallyport: fake.sallyport, openers: fake.openers, workingDirectory: folder })
    expect(fake.requests).toEqual([{ path: 'copy.jsonl', expected: intact.lastHash, keys: [], checkpoints: null }])
    expect(await verify(intact, ['--expect', 'none'])).toMatchObject({ exitCode: 2, stdout: '' })
  })
})

describe('audit search, export and key', () => {
  const entry = (sequence: number, fact: object) => ({
    entry: {
      sequence,
      time: '2026-01-02T03:04:05.000Z',
      fact: { event: 'admitted', requestId: 'r1', ...fact },
      previous: 'a'.repeat(64),
      hash: 'b'.repeat(64),
    },
    line: Buffer.from('{}\n'),
  })
  const fake = () =>
    createFakeSallyport({ entries: [entry(1, { principal: 'p1' }), entry(2, { event: 'end', requestId: '' })] })
  const run = (made: ReturnType<typeof fake>, words: readonly string[]) =>
    runCommand(['audit', ...words], { openers: made.openers, workingDirectory: folder })

  it('list a line each, with every member of what happened', async () => {
    expect(await run(fake(), ['search'])).toMatchObject({
      exitCode: 0,
      stdout: '1 2026-01-02T03:04:05.000Z admitted r1 principal="p1"\n2 2026-01-02T03:04:05.000Z end -\n',
      stderr: '',
    })
    const json = JSON.parse((await run(fake(), ['search', '--output', 'json'])).stdout) as { entries: unknown[] }
    expect(json).toEqual({
      entries: [entry(1, { principal: 'p1' }).entry, entry(2, { event: 'end', requestId: '' }).entry],
      more: false,
    })
  })

  it('list no more than the limit, and say that there are more', async () => {
    const one = await run(fake(), ['search', '--limit', '1'])
    expect(one.stdout.split('\n')).toHaveLength(2)
    expect(one.stderr).toBe('There are more than 1; --limit shows more.\n')
    expect((await run(fake(), ['search', '--limit', '2'])).stderr).toBe('')
  })

  it('say how many lines were left out since they do not match their hash', async () => {
    verifies('audit.search-told')
    const changed = (passedOver: number) => ({ ...createFakeSallyport({ entries: [entry(1, {})], passedOver }) })
    expect((await run(changed(1), ['search'])).stderr).toMatch(
      /^A line does not match its hash and is left out; .*verify/,
    )
    expect((await run(changed(3), ['export', 'out.jsonl'])).stderr).toMatch(/^3 lines do not match their hashes/)
    const { stdout } = await run(changed(3), ['export', 'out.jsonl', '--output', 'json'])
    expect(JSON.parse(stdout)).toEqual({ file: 'out.jsonl', entries: 1, passed_over: 3 })
  })

  it('ask for what they were given', async () => {
    const made = fake()
    const words = [
      '--event',
      'call',
      '--request',
      'r',
      '--principal',
      'p',
      '--since',
      '2026-01-02',
      '--until',
      '2026-01-03T00:00Z',
    ]
    const query = {
      event: 'call',
      request: 'r',
      principal: 'p',
      since: '2026-01-02T00:00:00.000Z',
      until: '2026-01-03T00:00:00.000Z',
    }
    await run(made, ['search', 'copy.jsonl', ...words])
    expect(await run(made, ['export', 'out.jsonl', ...words])).toMatchObject({ stdout: 'out.jsonl: 2 entries\n' })
    expect(made.requests).toEqual([
      { path: 'copy.jsonl', ...query },
      { to: 'out.jsonl', ...query },
    ])
    expect(await run(made, ['search', '--since', 'yesterday'])).toMatchObject({ exitCode: 2, stdout: '' })
  })

  it('print the public key, and end with 1 where there is none yet', async () => {
    const key = async (auditKey: string | null) => run(createFakeSallyport({ auditKey }), ['key'])
    expect(await key('d'.repeat(64))).toMatchObject({ exitCode: 0, stdout: `${'d'.repeat(64)}\n` })
    expect(await key(null)).toMatchObject({ exitCode: 1, stdout: '' })
  })
})
