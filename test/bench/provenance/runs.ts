import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { openSallyport } from '../../../src/compose.ts'
import type { loadConfig } from '../../../src/config/load.ts'
import type { serviceDefaults } from '../../../src/config/service-defaults.ts'
import type { AgentEvent } from '../../../src/core/events.ts'
import type { Sallyport } from '../../../src/service/sallyport.ts'
import { cleanEnvironment } from '../../support/cli/sallyport-process.ts'
import { fakeSandbox } from '../../support/executions/executions-desk.ts'
import { cellResult } from '../../support/sandbox/cell-result.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { scriptedSandboxes } from '../../support/surfaces/scripted-sandboxes.ts'

/** The question of every run, and what the model of the bench does about it: calls, one a turn. */
export const question =
  'Which products and categories sold best, and how do reviews and refunds of the orders go with that?'
export const calls = [
  ['describe_data', {}],
  ['run_sql', { sql: 'SELECT id, name, category FROM products ORDER BY id LIMIT 200' }],
  ['run_sql', { sql: 'SELECT rating, title, body FROM reviews ORDER BY id LIMIT 50' }],
  [
    'run_sql',
    {
      sql: 'SELECT p.category, count(*) AS sold, sum(l.line_total) AS revenue FROM order_lines AS l JOIN products AS p ON p.id = l.product_id GROUP BY p.category ORDER BY revenue DESC',
    },
  ],
  ['run_sql', { sql: 'SELECT reason, count(*) AS refunds FROM refunds GROUP BY reason' }],
  [
    'run_python',
    { code: 'import pandas as pd\nframe = pd.read_parquet("/mnt/data/result_3.parquet")\nprint(frame.head())' },
  ],
] as const

interface Product {
  readonly openSallyport: typeof openSallyport
  readonly loadConfig: typeof loadConfig
  readonly serviceDefaults: typeof serviceDefaults
}

/** The product of a checkout, over the sample shop, a model elsewhere and sandboxes that say nothing. */
export async function openProduct(checkout: string, modelUrl: string): Promise<Sallyport> {
  const load = async (path: string): Promise<object> => (await import(join(checkout, 'src', path))) as object
  const modules = await Promise.all(['compose.ts', 'config/load.ts', 'config/service-defaults.ts'].map(load))
  const product = Object.assign({}, ...modules) as Product
  const file = join(temporaryFolder('sallyport-bench-'), 'sallyport.yaml')
  const configuration = {
    model: { base_url: modelUrl, name: 'scripted-1' },
    gateway: { groups: { operator: { concurrent_requests: 100 } } },
    telemetry: { log_level: 'error' },
  }
  // JSON is YAML.
  writeFileSync(file, JSON.stringify(configuration))
  const variables = cleanEnvironment({ SALLYPORT_CONFIG: file })
  const { config } = product.loadConfig({
    variables,
    workingDirectory: '/',
    flags: {},
    defaults: product.serviceDefaults,
  })
  const sandboxes = scriptedSandboxes(() => fakeSandbox(async () => cellResult({})))
  return await product.openSallyport(config, { sandboxes: { sandboxes, tell: () => {} } })
}

let runs = 0

/** A run as the command line has it. */
export function answer(sallyport: Sallyport, signal: AbortSignal): AsyncIterable<AgentEvent> {
  const request = { channel: 'cli', credential: null, model: 'analyst', dataSource: null, sessionId: null } as const
  const messages = [{ role: 'user', content: question }] as const
  return sallyport.answer({ ...request, requestId: `run-${(runs += 1)}`, messages }, { files: [] }, signal)
}
