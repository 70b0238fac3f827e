import { createReadStream } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { unvetted } from '../contract/sandbox-contract.ts'
import { corpus } from '../support/corpora/corpora.ts'
import { sampleOf } from '../support/corpora/sample-of.ts'
import { corpusTables } from '../support/corpora/table-corpus.ts'
import { FilesSource, type TestTables } from '../support/databases/files-source.ts'
import { openDetectingEngine, tracingMissing, type DetectingEngine } from '../support/detection/detecting-sandbox.ts'
import { ordinaryPrograms } from '../support/detection/ordinary-programs.ts'
import { verifies } from '../support/verifies.ts'

const never = new AbortController().signal
const missing = await tracingMissing()
if (missing !== null) process.stderr.write(`detection is left out: ${missing}\n`)

/** All of the lane `detection`; in `npm test` it is one driver and each sixth. */
const drivers = process.env['SALLYPORT_DETECTION'] === '1' ? (['runsc', 'docker'] as const) : (['runsc'] as const)

/** Nothing is news, nothing was missed, and the kernels told something. */
async function expectSilence(detecting: DetectingEngine): Promise<void> {
  // What was told last is on its way.
  await sleep(1500)
  expect(detecting.alerts.map(({ rule, output }) => `${rule}: ${output}`)).toEqual([])
  expect(detecting.events.filter(({ type }) => type === 'sandbox-events-lost')).toEqual([])
  await detecting.engine[Symbol.asyncDispose]()
  const messages = detecting.reports.flatMap((report) => (report.kind === 'ended' ? [report.figures.messages] : []))
  expect(Math.max(...messages)).toBeGreaterThan(100)
}

describe.skipIf(missing !== null).each(drivers)('ordinary work under %s is no news', (name) => {
  it('of public programs, galleries of charts and questions about tables', async () => {
    verifies('detection.ordinary-work')
    await using detecting = await openDetectingEngine(name)
    await using sandbox = await detecting.engine.claim({ tenant: 'detected', language: 'python' }, never)
    const folder = corpus('workloads/dabench/tables')
    const programs = ordinaryPrograms()
    const ended: Record<string, number> = {}
    for (const { code, table } of programs) {
      if (table !== null) await sandbox.files.put(table, createReadStream(`${folder}/${table}`), never)
      const { outcome } = await sandbox.run(unvetted(code), { timeoutMilliseconds: 120_000 }, never)
      ended[outcome] = (ended[outcome] ?? 0) + 1
    }
    // What fails is ordinary, too; that most of it works says that it was done at all.
    expect(ended['ok'] ?? 0).toBeGreaterThan(programs.length * 0.9)
    await expectSilence(detecting)
  })

  it('of the reader of files, whatever is in them', async () => {
    verifies('detection.ordinary-work')
    await using detecting = await openDetectingEngine(name)
    const tables = corpusTables()
    const readable = tables.filter(({ error }) => error === undefined)
    const given = readable.map(({ path, settings }, index) => [`t${index}`, { path, ...settings }])
    await using source = new FilesSource(Object.fromEntries(given) as TestTables, detecting.engine)
    const { relations } = await source.database.catalog(never)
    expect(relations).toHaveLength(readable.length)
    for (const { path, settings, error } of sampleOf(tables.filter((table) => table.error !== undefined))) {
      await using one = new FilesSource({ one: { path, ...settings } }, detecting.engine)
      await expect(one.database.catalog(never)).rejects.toThrow(error)
    }
    await source[Symbol.asyncDispose]()
    await expectSilence(detecting)
  })
})
