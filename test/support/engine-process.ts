import { unvetted } from '../contract/sandbox-contract.ts'
import { createTestEngine } from './docker-sandbox.ts'
import { createTestRunscEngine } from './runsc-sandbox.ts'

// A service to be killed at any moment: starts, claims, fills, runs and destroys sandboxes for ever. The first argument
// names the driver; with a second one it holds one busy sandbox instead and says its id.
const never = new AbortController().signal
const start = process.argv[2] === 'runsc' ? createTestRunscEngine : createTestEngine
const engine = start({ warm: true, settings: { pool: { minimum_ready: 1, maximum_ready: 1 } } })

async function hold(): Promise<void> {
  const sandbox = await engine.claim({ tenant: 'doomed', language: 'python' }, never)
  void sandbox.run(unvetted('while True: pass'), { timeoutMilliseconds: 300_000 }, never)
  process.stdout.write(`${sandbox.id}\n`)
}

async function* content(): AsyncGenerator<Uint8Array> {
  for (let piece = 0; piece < 50; piece += 1) yield new Uint8Array(200_000)
}

async function churn(): Promise<never> {
  for (;;) {
    await using sandbox = await engine.claim({ tenant: 'doomed', language: 'python' }, never)
    await sandbox.files.put('data.bin', content(), never)
    await sandbox.run(unvetted('import os\nos.path.getsize("/mnt/data/data.bin")'), {}, never)
  }
}

if (process.argv[3] === undefined) {
  process.stdout.write('churning\n')
  await Promise.all([churn(), churn()])
} else await hold()
