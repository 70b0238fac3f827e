import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { QueryLimits } from '../../src/databases/database.ts'
import { FilesSource, type TestTables } from '../support/files-source.ts'
import { corpusTables, type CorpusTable } from '../support/table-corpus.ts'

const never = new AbortController().signal
const limits: QueryLimits = { maximumRows: 10_000, maximumBytes: 10_000_000, timeoutMilliseconds: 60_000 }
const tables = corpusTables()
const readable = tables.filter(({ error }) => error === undefined)
const unreadable = tables.filter(({ error }) => error !== undefined)

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

function sourceOf(chosen: readonly CorpusTable[]): FilesSource {
  const given = chosen.map(({ path, settings }, index) => [`t${index}`, { path, ...settings }])
  return new FilesSource(Object.fromEntries(given) as TestTables)
}

describe('D1, D2, D3, D4, D16, G1, G2, W2, W13: the files of the corpus, asked in SQL', () => {
  let source: FilesSource

  beforeAll(async () => {
    source = sourceOf(readable)
    await source.database.catalog(never)
  })
  afterAll(() => source[Symbol.asyncDispose]())

  it('are more than a hundred and twenty', () => {
    expect(tables.length).toBeGreaterThan(120)
  })

  it('have the columns, types and cells that are written beside them', async () => {
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

  it.each(unreadable.map((table) => [table.name, table] as const))(
    '%s is refused with what is wrong',
    async (_, table) => {
      await using one = sourceOf([table])
      await expect(one.database.catalog(never)).rejects.toMatchObject({
        code: 'database-unavailable',
        message: expect.stringContaining(table.error ?? '') as string,
      })
    },
  )
})
