/**
 * `npm run lane -- NAME`: runs tests that `npm test` runs small as large as a release wants them, or of another size
 * (`--size`), and adds the run to docs/verification.md where that is asked for (`--record`).
 */
import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { laneArguments } from './lane-arguments.ts'
import { appendRecord, commitOf, countsIn, thisMachine } from './lane-record.ts'
import { lanes, type Lane } from './lanes.ts'

const root = resolve(import.meta.dirname, '../..')
const given = laneArguments(process.argv.slice(2))
if (typeof given === 'string') {
  process.stderr.write(`✖ ${given}\n`)
  process.exitCode = 2
} else {
  const { name, size, record } = given
  const lane: Lane = lanes[name]
  const commit = record ? commitOf(root) : ''
  const began = performance.now()
  const child = spawn(process.execPath, [resolve(root, 'test/run.ts'), ...lane.files], {
    cwd: root,
    env: { ...process.env, ...lane.variables(size ?? 0) },
    stdio: ['inherit', 'pipe', 'inherit'],
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal))
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => {
    process.stdout.write(chunk)
    output = `${output}${chunk.toString()}`.slice(-1_000)
  })
  const code = await new Promise<number | null>((done) => child.on('close', done))
  process.exitCode = code ?? 1
  const counts = countsIn(output)
  if (record && counts !== null) {
    const seconds = Math.round((performance.now() - began) / 1_000)
    const of = size === null ? 'all' : `${size.toLocaleString('en')} ${lane.unit ?? ''}`.trim()
    const date = new Date().toISOString().slice(0, 10)
    const machine = thisMachine()
    appendRecord(resolve(root, 'docs/verification.md'), {
      lane: name,
      size: of,
      commit,
      date,
      machine,
      ...counts,
      seconds,
    })
    process.stderr.write('docs/verification.md has the run.\n')
  } else if (record) process.stderr.write('✖ The run did not come to its end, so it is not recorded.\n')
}
