import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const folder = join(import.meta.dirname, '../../corpora/tables')

const sidecar = z.strictObject({
  settings: z.record(z.string(), z.unknown()).default({}),
  error: z.string().optional(),
  columns: z.array(z.tuple([z.string(), z.string()])).default([]),
  rows: z.array(z.array(z.string().nullable())).default([]),
  notes: z.array(z.string()).default([]),
})

/** A file of `test/corpora/tables` with what reading it must give; `make.py` there says what the members are. */
export interface CorpusTable extends z.infer<typeof sidecar> {
  readonly name: string
  readonly path: string
}

export function corpusTables(): readonly CorpusTable[] {
  const names = readdirSync(folder)
  return names.filter((name) => name !== 'make.py' && names.includes(`${name}.json`)).map(readTable)
}

function readTable(name: string): CorpusTable {
  const expected = sidecar.parse(JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')))
  return { name, path: join(folder, name), ...expected }
}
