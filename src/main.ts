import { openSallyport } from './compose.ts'
import { processVariables } from './config/environment.ts'
import { loadConfig } from './config/load.ts'

/** The service by itself, for supervisors: configuration from the environment, logs on standard error, SIGTERM drains. */
const { config } = loadConfig({ variables: processVariables(), workingDirectory: process.cwd(), flags: {} })
const stopped = new Promise<void>((resolve) => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve())
})
{
  await using sallyport = await openSallyport(config)
  await using server = await sallyport.listen()
  process.stderr.write(`${JSON.stringify({ url: server.url, newKey: server.newKey, keysFile: server.keysFile })}\n`)
  await stopped
}
process.exit(0)
