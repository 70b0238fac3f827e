import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { serve, type Served } from '../../cli/sallyport-process.ts'
import { temporaryFolder } from '../../temporary-folder.ts'
import { documentFile } from '../document.ts'
import { fuzzDocument } from './fuzz-document.ts'
import type { Spy } from './spy.ts'

/** `sallyport serve` with the endpoint `fuzz`, which is the spy, and room for as many calls as a test sends. */
export async function serveFuzzed(spy: Spy): Promise<Served> {
  const file = join(temporaryFolder('sallyport-fuzz-'), 'sallyport.yaml')
  const endpoint = {
    document: documentFile(fuzzDocument),
    base_url: spy.url,
    api_key: { env: 'KEY_OF_THE_SERVICE' },
    api_key_header: 'x-api-key',
    concurrency: 32,
    waiting: 1_000,
    waiting_per_caller: 1_000,
  }
  const limits = { concurrent_requests: 1_000, endpoints: ['fuzz'] }
  // JSON is YAML.
  writeFileSync(file, JSON.stringify({ endpoints: { fuzz: endpoint }, gateway: { groups: { default: limits } } }))
  return serve({
    SALLYPORT_CONFIG: file,
    SALLYPORT_TELEMETRY_LOG_LEVEL: 'fatal',
    KEY_OF_THE_SERVICE: 'of-the-service',
  })
}
