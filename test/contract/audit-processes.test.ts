import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, cpSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { createSigner, checkpointIn, type Checkpoint } from '../../src/telemetry/audit/checkpoint.ts'
import { searchAuditTrail } from '../../src/telemetry/audit/search.ts'
import { verifyAuditTrail } from '../../src/telemetry/audit/verify.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { verifies } from '../support/verifies.ts'

const processes = 3
const each = 33_334
const seed = Buffer.alloc(32, 9)
const keys = [createSigner(seed).key]
const anything = { event: null, request: null, principal: null, since: null, until: null }

let whole: string
const kept: Checkpoint[] = []

async function write(folder: string): Promise<void> {
  const program = join(import.meta.dirname, '../support/audit/writing-process.ts')
  const words = (name: string) => [join(folder, 'audit.jsonl'), name, `${each}`, '4000000', seed.toString('hex')]
  const ends = Array.from({ length: processes }, async (_, index) => {
    const child = spawn(process.execPath, [program, ...words(`p${index}`)], { stdio: ['ignore', 'ignore', 'inherit'] })
    const [code] = await once(child, 'exit')
    expect(code).toBe(0)
  })
  await Promise.all(ends)
}

beforeAll(async () => {
  whole = temporaryFolder('sallyport-audit-')
  await write(whole)
  for await (const { entry } of searchAuditTrail(join(whole, 'audit.jsonl'), anything)) {
    const checkpoint = checkpointIn(entry)
    if (checkpoint !== null) kept.push(checkpoint)
  }
})

/** A copy of the trail, in which a file was changed line by line. */
function changed(name: string, change: (lines: string[]) => readonly string[]): string {
  const folder = temporaryFolder('sallyport-audit-')
  cpSync(whole, folder, { recursive: true })
  const file = join(folder, name)
  writeFileSync(
    file,
    change(readFileSync(file, 'utf8').split('\n').slice(0, -1))
      .map((line) => `${line}\n`)
      .join(''),
  )
  return folder
}

async function breaks(folder: string, withKept = false): Promise<readonly string[]> {
  const verdict = await verifyAuditTrail(join(folder, 'audit.jsonl'), { keys, ...(withKept && { kept }) })
  if (verdict.kind === 'intact') return []
  return verdict.breaks.map(({ file, line, reason }) => `${file.slice(folder.length + 1)}:${line}: ${reason}`)
}

const former = () => readdirSync(whole).toSorted()[1] ?? ''
const numberAt = (line: number) => Number(/\.(\d{12})\./.exec(former())?.[1]) + line - 1

describe('a trail of three processes with a hundred thousand lines', () => {
  it('is one chain over all its files, signed to its end, with every line of each process in its order', async () => {
    verifies('audit.processes')
    const path = join(whole, 'audit.jsonl')
    const verdict = await verifyAuditTrail(path, { keys, kept })
    const files = readdirSync(whole)
    expect(files.length).toBeGreaterThan(3)
    const entries = processes * each + kept.length + files.length - 1
    expect(verdict).toMatchObject({ kind: 'intact', entries, signatures: { count: kept.length } })
    const next = new Map<string, number>()
    for await (const { entry } of searchAuditTrail(path, { ...anything, event: 'test' })) {
      const [name = '', number = ''] = entry.fact.requestId.split('-')
      expect(Number(number)).toBe(next.get(name) ?? 0)
      next.set(name, Number(number) + 1)
    }
    expect([...next.values()]).toEqual(Array.from({ length: processes }, () => each))
  })

  it('shows and locates a line that was changed, taken out, moved, put in from elsewhere, and an end that was cut', async () => {
    verifies('audit.processes')
    const name = former()
    const at = 101
    const edited = changed(name, (lines) =>
      lines.map((line, index) => (index === at - 1 ? line.replace('"test"', '"tent"') : line)),
    )
    expect(await breaks(edited)).toEqual([`${name}:${at}: the line does not match its hash`])
    const deleted = changed(name, (lines) => lines.toSpliced(at - 1, 3))
    const numbers = `numbers ${numberAt(at)} to ${numberAt(at + 2)} are missing before it`
    expect(await breaks(deleted)).toEqual([`${name}:${at}: ${numbers}`])
    const moved = changed(name, (lines) => {
      const [line = ''] = lines.splice(at - 1, 1)
      return lines.toSpliced(at + 9, 0, line)
    })
    expect((await breaks(moved))[0]).toBe(`${name}:${at}: number ${numberAt(at)} is missing before it`)
    expect(await breaks(moved)).toHaveLength(3)
    const cut = changed('audit.jsonl', (lines) => lines.slice(0, -5))
    expect(await breaks(cut)).toEqual([])
    expect((await breaks(cut, true)).at(-1)).toMatch(
      /^audit\.jsonl:\d+: the trail ends at number \d+; it had come to \d+/,
    )
    const other = temporaryFolder('sallyport-audit-')
    await write(other)
    const foreign = readFileSync(join(other, readdirSync(other).toSorted()[1] ?? ''), 'utf8').split('\n')
    const spliced = changed(name, (lines) =>
      lines.toSpliced(
        at - 1,
        2,
        ...foreign.filter((line) => [at, at + 1].some((n) => line.startsWith(`{"sequence":${numberAt(n)},`))),
      ),
    )
    expect((await breaks(spliced))[0]).toBe(`${name}:${at}: the line does not follow the one before it`)
    const swapped = temporaryFolder('sallyport-audit-')
    cpSync(whole, swapped, { recursive: true })
    const [, second = '', third = ''] = readdirSync(swapped).toSorted()
    copyFileSync(join(whole, third), join(swapped, second))
    rmSync(join(swapped, third))
    expect(await breaks(swapped)).not.toEqual([])
  })
})
