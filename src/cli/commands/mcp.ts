import type { CommandContext, ExitCode } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { packageVersion } from '../../files/package-version.ts'
import { baseOf, keyOf } from '../running-service.ts'

export interface McpOptions {
  /** A service that runs elsewhere, by the address of its API; absent for the parts of this machine. */
  readonly server?: string
  readonly keyFile?: string
}

/** `sallyport mcp`: tools for a host that starts it, over MCP on its standard streams, until the host closes them. */
export async function mcp(context: CommandContext, { server, keyFile }: McpOptions): Promise<ExitCode> {
  const { terminal, interrupts, variables } = context
  const streams = { input: terminal.input, output: terminal.out.stream }
  if (server !== undefined) {
    const key = keyOf(keyFile === undefined ? {} : { keyFile }, variables)
    const { bridgeMcp } = await import('../../surfaces/mcp/bridge.ts')
    const service = { url: baseOf(server), key, version: packageVersion() }
    await interrupts.during((signal) => bridgeMcp(service, streams, signal), 'Stopping.')
    return exitCodes.ok
  }
  const { config } = context.config()
  await using sallyport = await context.open(config)
  await interrupts.during((signal) => sallyport.serveTools(streams, signal), 'Stopping.')
  return exitCodes.ok
}
