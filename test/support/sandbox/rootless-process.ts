import { join } from 'node:path'
import { createRunscDriver } from '../../../src/sandbox/containers/runsc/runsc-driver.ts'
import { createSandboxEngine } from '../../../src/sandbox/engine/engine.ts'
import { createLimits } from '../../../src/sandbox/limits.ts'
import { sandboxOptions } from '../../../src/sandbox/options.ts'
import { unvetted } from '../../contract/sandbox-contract.ts'

// Runs as an ordinary user: the arguments are runsc, a folder of its own, and the image's environment as JSON. The
// image is unpacked in the folder already. Prints one JSON object.
const [binary = '', folder = '', environment = '[]'] = process.argv.slice(2)
const never = new AbortController().signal
const settings = sandboxOptions.parse({})
const driver = createRunscDriver({
  binary,
  image: {
    identify: async () => ({ id: 'image', environment: JSON.parse(environment) as string[] }),
    unpack: () => Promise.reject(new Error('the image should have been there')),
  },
  stateFolder: join(folder, 'state'),
  runFolder: join(folder, 'run'),
  limits: createLimits(settings.limits),
  snapshots: true,
  sharesMemory: false,
  startsInThread: false,
  sharing: 'read-only',
  rootless: true,
  onSnapshotFault: (fault) => {
    throw fault
  },
})
await using engine = createSandboxEngine({ driver, settings, warm: false })
await using sandbox = await engine.claim({ tenant: 'ordinary', language: 'python' }, never)
const run = (text: string, wall: number) => sandbox.run(unvetted(text), { timeoutMilliseconds: wall }, never)
const good = await run('import os\nprint(os.getuid())', 20_000)
const memory = await run('x = bytearray(1 << 40)', 20_000)
const deaf = await run('while True:\n  try:\n    while True: pass\n  except BaseException: pass', 500)
const answer = {
  uid: process.getuid?.(),
  missingWalls: sandbox.missingWalls,
  stdout: good.stdout.text,
  outcomes: [good.outcome, memory.outcome, deaf.outcome],
}
process.stdout.write(`${JSON.stringify(answer)}\n`)
