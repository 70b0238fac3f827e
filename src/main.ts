import { openSallyport } from './compose.ts'
import { processVariables } from './config/process-variables.mjs'
import { loadConfig } from './config/load.ts'
import { serviceDefaults } from './config/service-defaults.ts'
import { errorTable } from './core/error-table.ts'
import { ServiceError, toServiceError } from './core/errors.ts'

const stopping = new AbortController()
const stopped = new Promise<void>((resolve) => stopping.signal.addEventListener('abort', () => resolve()))
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stopping.abort())
const say = (value: object): boolean => process.stderr.write(`${JSON.stringify(value)}\n`)

/** The service by itself, for supervisors: configuration from the environment, logs on standard error, SIGTERM drains. */
async function serve(): Promise<number> {
  try {
    if (process.argv.length > 2)
      throw new ServiceError('invalid-request', `${process.argv[2]}: it takes no arguments`, {
        advice: 'Set SALLYPORT_* variables, or run src/cli/main.ts, which is the command line.',
      })
    const { config } = loadConfig({
      variables: processVariables(),
      workingDirectory: process.cwd(),
      flags: {},
      defaults: serviceDefaults,
    })
    await using sallyport = await openSallyport(config)
    await using server = await sallyport.listen(stopping.signal)
    const { url, newKey, keysPlace, adminUrl, envoy } = server
    say({ url, newKey, keysPlace, adminUrl, envoy: envoy?.listen ?? null })
    await stopped
    return 0
  } catch (thrown) {
    const { code, message, advice } = toServiceError(thrown)
    say({ code, message, advice })
    return errorTable[code].exitCode
  }
}

process.exit(await serve())
