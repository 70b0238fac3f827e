import { unvetted } from '../contract/sandbox-contract.ts'
import { createTestEngine } from './docker-sandbox.ts'

// A service to be killed: holds ready, claimed and busy sandboxes, says the ids of the claimed ones and goes on for ever.
const never = new AbortController().signal
const engine = createTestEngine({ warm: true, settings: { pool: { minimum_ready: 1, maximum_ready: 1 } } })
const sandbox = await engine.claim({ tenant: 'doomed', language: 'python' }, never)
void sandbox.run(unvetted('while True: pass'), { timeoutMilliseconds: 300_000 }, never)
process.stdout.write(`${sandbox.id}\n`)
