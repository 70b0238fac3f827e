import { siblingModule } from '../../../src/processes/sibling-module.ts'
import { databaseProcessFaults } from '../../../src/databases/process-faults.ts'
import { KillableProcess } from '../../../src/processes/killable-process.ts'

// Starts a child that never stops by itself, prints its process id and waits to be killed.

const child = new KillableProcess({
  script: siblingModule(import.meta.url, './process-under-test-process'),
  name: 'the test process',
  open: async () => null,
  openMilliseconds: 60_000,
  faults: databaseProcessFaults,
  maximumMegabytes: 1000,
})
await child.warm(AbortSignal.timeout(60_000))
process.stdout.write(`${child.pid}\n`)
await child.call('spin', null, { signal: new AbortController().signal, timeoutMilliseconds: 600_000 })
