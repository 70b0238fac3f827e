import { createInterface } from 'node:readline'
import type { Sandbox } from '../../../src/sandbox/sandbox.ts'
import { unvetted } from '../../contract/sandbox-contract.ts'
import { createTestEngine } from './docker-sandbox.ts'
import { createTestClusterEngine } from './kubernetes-sandbox.ts'
import { createTestRunscEngine } from './runsc-sandbox.ts'

// A service to be killed at any moment: starts, claims, fills, runs and destroys sandboxes for ever, and says what it is
// about to do, one word a line. The first argument names the driver; with a second one it holds that many sandboxes
// instead, one in ten of them busy, the first among them, and says the id of each. Then each line of its standard input
// makes it ask those at rest for the variable they keep, and say what they answered; `claim` has it claim another one
// and say how a run in that ended.
const never = new AbortController().signal
const starts = { docker: createTestEngine, runsc: createTestRunscEngine, kubernetes: createTestClusterEngine }
const start = starts[process.argv[2] as keyof typeof starts]
const say = (word: string) => process.stdout.write(`${word}\n`)
const held = Number(process.argv[3] ?? 0)
const isBusy = (index: number) => index % 10 === 0
const engine = start({
  warm: true,
  settings: {
    // Patient: what counts is what is left, not how long a busy machine takes to start so many.
    pool: { minimum_ready: 0, maximum_ready: 1, maximum: held + 16, queue: held + 64, queue_ms: 600_000 },
  },
  onEvent: (event) => {
    if (event.type === 'sandbox-start') say('claim')
  },
})

async function hold(index: number): Promise<Sandbox> {
  const sandbox = await engine.claim({ tenant: `tenant-${index % 10}`, language: 'python' }, never)
  await sandbox.files.put('kept.bin', content(1), never)
  await sandbox.run(unvetted(`kept = ${index}`), {}, never)
  return sandbox
}

async function holdAll(): Promise<never> {
  const sandboxes = await Promise.all(Array.from({ length: held }, (_, index) => hold(index)))
  for (const sandbox of sandboxes.filter((_, index) => isBusy(index))) {
    void sandbox.run(unvetted('while True: pass'), { timeoutMilliseconds: 300_000 }, never)
  }
  for (const { id } of sandboxes) say(id)
  for await (const line of createInterface({ input: process.stdin })) {
    if (line === 'claim') {
      say(`claimed ${await outcomeOfAnother()}`)
      continue
    }
    for (const sandbox of sandboxes.filter((_, index) => !isBusy(index))) {
      const { outcome, stdout } = await sandbox.run(unvetted('print(kept)'), {}, never)
      say(`answer ${sandbox.id} ${outcome} ${stdout.text.trim()}`)
    }
  }
  throw new Error('whoever held this process let go of it')
}

async function outcomeOfAnother(): Promise<string> {
  try {
    await using sandbox = await engine.claim({ tenant: 'another', language: 'python' }, never)
    return (await sandbox.run(unvetted('print(1)'), {}, never)).outcome
  } catch (thrown) {
    return (thrown as Error).message
  }
}

async function* content(pieces: number): AsyncGenerator<Uint8Array> {
  for (let piece = 0; piece < pieces; piece += 1) yield new Uint8Array(200_000)
}

async function churn(): Promise<never> {
  for (;;) {
    say('create')
    const sandbox = await engine.claim({ tenant: 'doomed', language: 'python' }, never)
    say('upload')
    await sandbox.files.put('data.bin', content(50), never)
    say('run')
    await sandbox.run(unvetted('import os, time\nos.path.getsize("/mnt/data/data.bin")\ntime.sleep(0.2)'), {}, never)
    say('destroy')
    await sandbox[Symbol.asyncDispose]()
  }
}

if (held === 0) await Promise.all([churn(), churn()])
else await holdAll()
