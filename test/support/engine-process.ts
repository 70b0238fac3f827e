import { unvetted } from '../contract/sandbox-contract.ts'
import { createTestEngine } from './docker-sandbox.ts'
import { createTestRunscEngine } from './runsc-sandbox.ts'

// A service to be killed at any moment: starts, claims, fills, runs and destroys sandboxes for ever, and says what it is
// about to do, one word a line. The first argument names the driver; with a second one it holds one busy sandbox instead
// and says its id.
const never = new AbortController().signal
const start = process.argv[2] === 'runsc' ? createTestRunscEngine : createTestEngine
const say = (word: string) => process.stdout.write(`${word}\n`)
const engine = start({
  warm: true,
  settings: { pool: { minimum_ready: 0, maximum_ready: 1 } },
  onEvent: (event) => {
    if (event.type === 'sandbox-start') say('claim')
  },
})

async function hold(): Promise<void> {
  const sandbox = await engine.claim({ tenant: 'doomed', language: 'python' }, never)
  void sandbox.run(unvetted('while True: pass'), { timeoutMilliseconds: 300_000 }, never)
  say(sandbox.id)
}

async function* content(): AsyncGenerator<Uint8Array> {
  for (let piece = 0; piece < 50; piece += 1) yield new Uint8Array(200_000)
}

async function churn(): Promise<never> {
  for (;;) {
    say('create')
    const sandbox = await engine.claim({ tenant: 'doomed', language: 'python' }, never)
    say('upload')
    await sandbox.files.put('data.bin', content(), never)
    say('run')
    await sandbox.run(unvetted('import os, time\nos.path.getsize("/mnt/data/data.bin")\ntime.sleep(0.2)'), {}, never)
    say('destroy')
    await sandbox[Symbol.asyncDispose]()
  }
}

if (process.argv[3] === undefined) await Promise.all([churn(), churn()])
else await hold()
