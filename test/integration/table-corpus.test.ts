import { createReadStream } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { QueryLimits } from '../../src/databases/database.ts'
import { previewTables } from '../../src/service/table-previews.ts'
import type { JsonValue } from '../../src/core/json.ts'
import type { OperableSandboxEngine } from '../../src/sandbox/engine/engine.ts'
import type { Sandbox } from '../../src/sandbox/sandbox.ts'
import { createTestEngine } from '../support/sandbox/docker-sandbox.ts'
import { createTestRunscEngine } from '../support/sandbox/runsc-sandbox.ts'
import { FilesSource, type TestTables } from '../support/databases/files-source.ts'
import { vettedPython } from '../support/vetted.ts'
import { sampleOf } from '../support/corpora/sample-of.ts'
import { corpusTables, type CorpusTable } from '../support/corpora/table-corpus.ts'
import { verifies } from '../support/verifies.ts'

const never = new AbortController().signal
const limits: QueryLimits = { maximumRows: 10_000, maximumBytes: 10_000_000, timeoutMilliseconds: 60_000 }
const tables = corpusTables()
const readable = tables.filter(({ error }) => error === undefined)
const unreadable = tables.filter(({ error }) => error !== undefined)

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

function sourceOf(chosen: readonly CorpusTable[], engine?: OperableSandboxEngine): FilesSource {
  const given = chosen.map(({ path, settings }, index) => [`t${index}`, { path, ...settings }])
  return new FilesSource(Object.fromEntries(given) as TestTables, engine)
}

describe('D1, D2, D3, D4, D16, G1, G2, W2, W13: the files of the corpus, asked in SQL', () => {
  let source: FilesSource
  /** Starts from snapshots: what cannot be read takes a sandbox for each file. */
  let quick: OperableSandboxEngine

  beforeAll(async () => {
    quick = createTestRunscEngine({ warm: true, settings: { pool: { minimum_ready: 1, maximum_ready: 2 } } })
    source = sourceOf(readable)
    await source.database.catalog(never)
  })
  afterAll(async () => {
    await source[Symbol.asyncDispose]()
    await quick[Symbol.asyncDispose]()
  })

  it('are more than a hundred and twenty', () => {
    expect(tables.length).toBeGreaterThan(120)
  })

  it('have the columns, types and cells that are written beside them', async () => {
    verifies('files.nothing-guessed')
    const { relations } = await source.database.catalog(never)
    const gate = await source.gate(Object.fromEntries(relations.map(({ name }) => [name, '*'])))
    const wrong: unknown[] = []
    for (const [index, { name, columns, rows }] of readable.entries()) {
      const relation = relations.find((one) => one.name === `t${index}`)
      const described = relation?.columns.map((column) => [column.name, column.type])
      const cells = columns.map(([column]) => `CAST(${quoted(column)} AS VARCHAR)`)
      const verdict = await gate.validate(`SELECT ${cells.join(', ')} FROM t${index}`, never)
      if (verdict.kind === 'refused') throw new Error(`${name}: ${JSON.stringify(verdict.findings)}`)
      const found = (await source.database.query(verdict.value, limits, never)).rows
      if (JSON.stringify([described, found]) !== JSON.stringify([columns, rows])) {
        wrong.push({ name, described, columns, found: found.slice(0, 5), rows: rows.slice(0, 5) })
      }
    }
    expect(wrong).toEqual([])
  })

  it('say how they were read where another would read otherwise', async () => {
    verifies('files.said-otherwise')
    const { relations } = await source.database.catalog(never)
    const silent = readable.flatMap(({ name, notes }, index) => {
      const relation = relations.find((one) => one.name === `t${index}`)
      const said = [relation?.comment, ...(relation?.columns.map(({ comment }) => comment) ?? [])].join(' ')
      return notes
        .filter((note) => !said.toLowerCase().includes(note.toLowerCase()))
        .map((note) => ({ name, note, said }))
    })
    expect(silent).toEqual([])
  })

  it.concurrent.for(sampleOf(unreadable).map((table) => [table.name, table] as const))(
    '%s is refused with what is wrong',
    async ([, table], { expect }) => {
      verifies('files.unreadable')
      await using one = sourceOf([table], quick)
      await expect(one.database.catalog(never)).rejects.toMatchObject({
        code: 'database-unavailable',
        message: expect.stringContaining(table.error ?? '') as string,
      })
    },
  )
})

/** What a program reads with the call that a model is given, as the texts of the sidecars. */
const readAll = `
import datetime, decimal, json
import pandas
from sallyport import Unreadable, read_table

def short(text):
    return text.rstrip('0').rstrip('.') if '.' in text else text

def text(value, kind):
    if isinstance(value, (list, dict, bytes)) or hasattr(value, 'tolist') and hasattr(value, '__len__'):
        return 'nested'
    if value is None or value is pandas.NA or value is pandas.NaT or value != value:
        return None
    if kind == 'BOOLEAN':
        return str(bool(value)).lower()
    if isinstance(value, pandas.Timedelta):
        return str(value).split(' ')[-1] if value.days == 0 else '%02d:%02d:%02d' % (value.total_seconds() // 3600, value.seconds % 3600 // 60, value.seconds % 60)
    if isinstance(value, pandas.Timestamp):
        if kind == 'DATE':
            return value.strftime('%Y-%m-%d').zfill(10)
        zone = '+00' if value.tzinfo else ''
        return short(value.tz_localize(None).isoformat(' ')) + zone
    if isinstance(value, datetime.time):
        return short(value.isoformat())
    if isinstance(value, decimal.Decimal):
        return format(value, 'f')
    return str(value)

found = []
for table in json.load(open('/mnt/data/asked.json')):
    try:
        frame = read_table(table['name'], **table['settings'])
        kinds = [kind for _, kind in table['columns']]
        rows = [[text(value, kind) for value, kind in zip(row, kinds)] for row in zip(*[frame.iloc[:, place].tolist() if str(frame.iloc[:, place].dtype) != 'float32' else frame.iloc[:, place].to_numpy().astype(str).tolist() for place in range(frame.shape[1])])]
        found.append({'columns': list(frame.columns), 'rows': rows, 'notes': frame.attrs['notes']})
    except Unreadable as error:
        found.append({'unreadable': str(error)})
open('/mnt/data/found.json', 'w').write(json.dumps(found))
`

async function contentOf(sandbox: Sandbox, name: string): Promise<string> {
  const parts: Uint8Array[] = []
  for await (const part of sandbox.files.get(name, never)) parts.push(part)
  return Buffer.concat(parts).toString()
}

describe('D1, D2, D3, D4, D16, G1, G2, W2, W13: the files of the corpus, in the sandbox of a session', () => {
  const engine = createTestEngine()
  let sandbox: Sandbox

  beforeAll(async () => {
    sandbox = await engine.claim({ tenant: 'corpus', language: 'python' }, never)
    for (const { name, path } of tables) await sandbox.files.put(name, createReadStream(path), never)
  })
  afterAll(async () => {
    await sandbox[Symbol.asyncDispose]()
    await engine[Symbol.asyncDispose]()
  })

  it('hold what their description for a model says', async () => {
    verifies('files.one-reader')
    const requests = tables.map(({ name, settings }) => ({ name, settings: settings as Record<string, JsonValue> }))
    const previews = await previewTables(sandbox, requests, { timeoutMilliseconds: 60_000, signal: never })
    const wrong = tables.flatMap(({ name, error, columns, rows, notes }, index): unknown[] => {
      const preview = previews[index]
      if (preview === undefined) return [{ name, preview }]
      if ('unreadable' in preview)
        return error !== undefined && preview.unreadable.includes(error) ? [] : [{ name, preview }]
      const said = [...preview.notes, ...preview.columns.map(({ note }) => note)].join(' ')
      const told = [preview.rows, preview.columns.map((column) => [column.name, column.type]), preview.first]
      const expected = [rows.length, columns, rows.slice(0, 3).map((row) => row.map(shown))]
      const isSame = error === undefined && JSON.stringify(told) === JSON.stringify(expected)
      return isSame && notes.every((note) => said.includes(note)) ? [] : [{ name, told, expected, said, notes }]
    })
    expect(wrong).toEqual([])
  })

  it('are read by a program as SQL reads them', async () => {
    verifies('files.one-reader')
    const asked = JSON.stringify(tables.map(({ name, settings, columns }) => ({ name, settings, columns })))
    await sandbox.files.put('asked.json', ReadableStream.from([Buffer.from(asked)]), never)
    const cell = await sandbox.run(await vettedPython(readAll), { timeoutMilliseconds: 60_000 }, never)
    expect(cell).toMatchObject({ outcome: 'ok', error: null })
    const found = JSON.parse(await contentOf(sandbox, 'found.json')) as readonly Found[]
    const wrong = tables.flatMap(({ name, error, columns, rows, notes }, index): unknown[] => {
      const read = found[index]
      if (read === undefined || 'unreadable' in read) {
        return error !== undefined && read?.unreadable.includes(error) === true ? [] : [{ name, read }]
      }
      const expected = rows.map((row) => row.map((text, at) => inFrame(text, columns[at]?.[1] ?? '')))
      const isSame =
        JSON.stringify([read.columns, read.rows]) === JSON.stringify([columns.map(([own]) => own), expected])
      const said = read.notes.join(' ')
      const isRight = error === undefined && isSame && notes.every((note) => said.includes(note))
      return isRight ? [] : [{ name, read, expected }]
    })
    expect(wrong).toEqual([])
  })
})

type Found =
  | { readonly unreadable: string }
  | { readonly columns: readonly string[]; readonly rows: readonly unknown[]; readonly notes: readonly string[] }

/** What Python takes for spaces: the separators of ASCII too. */
const spaces = new RegExp(String.raw`[\s\x1c-\x1f]+`)

/** As previews show a cell: one line, cut. */
function shown(cell: string | null): string | null {
  if (cell === null) return null
  const flat = cell.split(spaces).join(' ').trim()
  return flat.length > 60 ? `${flat.slice(0, 60)}…` : flat
}

/** pandas has one mark for what is missing and for what is not a number, and holds lists and bytes as such. */
function inFrame(text: string | null, type: string): string | null {
  if (text === 'nan' && type === 'DOUBLE') return null
  return text !== null && /\[\]$|^STRUCT|^BLOB/.test(type) ? 'nested' : text
}
