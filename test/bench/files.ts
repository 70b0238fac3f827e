import { createReadStream } from 'node:fs'
import { createRandom } from '../support/random.ts'
import { fileOf, FilesSource } from '../support/databases/files-source.ts'
import { vettedPython } from '../support/vetted.ts'
import { createTestEngine } from '../support/sandbox/docker-sandbox.ts'
import { figure, report, timed } from './figures.ts'

const never = new AbortController().signal
const rows = 200_000
const limits = { maximumRows: 1_000, maximumBytes: 1_000_000, timeoutMilliseconds: 60_000 }
const grouped = (least: number) =>
  `SELECT city, count(*) AS n, avg(amount) AS mean FROM sales WHERE amount > ${least} GROUP BY city ORDER BY city`
const inPandas = `
import pandas as pd
sales = pd.read_csv('/mnt/data/sales.csv')
sales[sales.amount > 10].groupby('city').amount.agg(['count', 'mean'])`

function salesFile(): string {
  const random = createRandom(5)
  const lines = Array.from({ length: rows }, (_, index) => {
    const city = ['Oslo', 'Rome', 'Bern', 'Lyon'][Math.floor(random() * 4)] ?? ''
    return `${index},${city},${(random() * 1000).toFixed(2)},2024-0${1 + Math.floor(random() * 9)}-11`
  })
  return fileOf('sales.csv', `id,city,amount,sold_on\n${lines.join('\n')}\n`)
}

/** Questions to a CSV through DuckDB in its sandbox: opening it, the gate, the answer; against pandas in a sandbox. */
export async function benchFiles(): Promise<void> {
  const path = salesFile()
  const open = await timed(5, async () => {
    await using fresh = new FilesSource({ sales: path })
    await fresh.database.catalog(never)
  })
  await using source = new FilesSource({ sales: path })
  const gate = await source.gate({ sales: '*' })
  const check = async (index: number) => {
    const verdict = await gate.validate(grouped(index), never)
    if (verdict.kind === 'refused') throw new Error(JSON.stringify(verdict.findings))
    return verdict.value
  }
  await source.database.query(await check(0), limits, never)
  const checked = await timed(200, check)
  const vetted = await check(10)
  const answered = await timed(100, () => source.database.query(vetted, limits, never))

  await using engine = createTestEngine()
  await using sandbox = await engine.claim({ tenant: 'bench', language: 'python' }, never)
  await sandbox.files.put('sales.csv', createReadStream(path), never)
  const cell = await vettedPython(inPandas)
  const pandas = await timed(20, async () => {
    const { outcome, notice } = await sandbox.run(cell, { timeoutMilliseconds: 60_000 }, never)
    if (outcome !== 'ok') throw new Error(`${outcome}: ${notice}`)
  })
  report('files', {
    files_open: figure(open),
    files_gate: figure(checked),
    files_query: figure(answered, { reference: { name: 'pandas reads the file and answers', samples: pandas } }),
  })
}
