import { Option, type Command } from 'commander'
import { textOrJson, type Act } from './command-line.ts'
import { keyFileOption, serverOption } from './server-options.ts'

const groupOption = () => new Option('--group <name>', 'group of gateway.groups that asks').default('default')

export function addModels(program: Command, act: Act): void {
  const models = program
    .command('models')
    .description('models of upstreams and routes, as the configuration has them, or as a service does that runs')
  models
    .command('list')
    .description('list what a group may ask at upstreams')
    .addOption(groupOption())
    .addOption(textOrJson())
    .action(async (options) => {
      const { modelsList } = await import('./commands/models.ts')
      return act((context) => modelsList(context, options))
    })
  models
    .command('explain [file]')
    .description('say where a request would go and why, and send nothing; "-" or none is standard input')
    .option('--group <name>', 'group of gateway.groups that asks; a key has its own')
    .option('--caller <id>', 'who asks, by the id of a key or token-…; with --server')
    .option('--person <name>', 'one person for whom an application asks by that key, as it signs them')
    .addOption(
      new Option('--api <name>', 'the API of the request, where its body does not tell').choices([
        'chat-completions',
        'responses',
        'messages',
        'embeddings',
      ]),
    )
    .addOption(textOrJson())
    .addOption(serverOption())
    .addOption(keyFileOption())
    .action(async (file: string | undefined, options) => {
      const { modelsExplain } = await import('./commands/models.ts')
      return act((context) => modelsExplain(context, file, options))
    })
}

export function addActions(program: Command, act: Act): void {
  program
    .command('actions')
    .description(
      'calls of tools that models of callers want to make, as the configuration or a running service has them',
    )
    .command('explain [file]')
    .description('say whether a call may run and why, and call nothing; "-" or none is standard input')
    .addOption(new Option('--url, --server <address>', 'a running service, in place of the configuration here'))
    .addOption(keyFileOption())
    .addOption(textOrJson())
    .action(async (file: string | undefined, options) => {
      const { actionsExplain } = await import('./commands/actions.ts')
      return act((context) => actionsExplain(context, file, options))
    })
}
