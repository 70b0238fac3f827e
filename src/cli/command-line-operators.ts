import { Argument, type Command } from 'commander'
import { textOrJson, type Act } from './command-line.ts'

export function addOpenApi(program: Command, act: Act): void {
  program
    .command('openapi')
    .description('print the OpenAPI 3.1 document of a surface of the service')
    .addArgument(new Argument('[surface]', 'which one').choices(['admin']).default('admin'))
    .addOption(textOrJson())
    .action(async (_surface: string, options) => {
      const { openApi } = await import('./commands/openapi.ts')
      return act((context) => openApi(context, options))
    })
}
