/**
 * Makes `marked-answer.svg`: an answer of a model that lies in ten ways, as the terminal shows it.
 * `node docs/images/marked-answer.ts` after a change to what is marked, or how.
 */
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { liedQuestion } from '../../test/support/grounding/lies.ts'
import { startLyingModel } from '../../test/support/grounding/lying-model.ts'
import { drawTerminal, recordTerminal } from './terminal-picture.ts'

const command = `sallyport ask "${liedQuestion}"`
const folder = mkdtempSync(join(tmpdir(), 'sallyport-picture-'))
const configuration = join(folder, 'sallyport.yaml')
writeFileSync(configuration, JSON.stringify({ sources: { shop: { database: { kind: 'sample' } } } }))
await using model = await startLyingModel()
const recorded = await recordTerminal(command, {
  SALLYPORT_CONFIG: configuration,
  SALLYPORT_STORAGE_PATH: join(folder, 'sallyport.db'),
  SALLYPORT_TELEMETRY_AUDIT_FILE: join(folder, 'audit.jsonl'),
  SALLYPORT_MODEL_BASE_URL: model.endpoint.baseUrl,
  SALLYPORT_MODEL_NAME: 'scripted-1',
})
writeFileSync(join(import.meta.dirname, 'marked-answer.svg'), drawTerminal(command, recorded))
