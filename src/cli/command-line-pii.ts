import { Option, type Command } from 'commander'
import { textOrJson, type Act } from './command-line.ts'

const profileOption = () => new Option('--profile <name>', 'privacy profile of the configuration').default('default')
const apiOption = () =>
  new Option('--api <name>', 'the text is the body of a request to this API').choices([
    'chat-completions',
    'responses',
    'messages',
    'embeddings',
  ])

export function addPii(program: Command, act: Act): void {
  const pii = program.command('pii').description('personal data of a text, as the gateway hides it from models; local')
  pii
    .command('mask [file]')
    .description('print a text with tokens in the place of what the profile hides; "-" or none is standard input')
    .option('--map <file>', 'keep what each token stands for, for its owner only; added to where it is there')
    .addOption(profileOption())
    .addOption(apiOption())
    .addOption(textOrJson())
    .action(async (file: string | undefined, options) => {
      const { piiMask } = await import('./commands/pii.ts')
      return act((context) => piiMask(context, file, options))
    })
  pii
    .command('restore [file]')
    .description('print a text with the values of a map in the place of their tokens')
    .requiredOption('--map <file>', 'what "pii mask --map" wrote')
    .option('--everywhere', 'in addresses and tags, too: for a text that no model wrote')
    .addOption(textOrJson())
    .action(async (file: string | undefined, options) => {
      const { piiRestore } = await import('./commands/pii.ts')
      return act((context) => piiRestore(context, file, options))
    })
  pii
    .command('explain [file]')
    .description('list what is found in a text, where, by what, and what the profile makes of it')
    .option('--show-values', 'print the values, too')
    .addOption(profileOption())
    .addOption(apiOption())
    .addOption(textOrJson())
    .action(async (file: string | undefined, options) => {
      const { piiExplain } = await import('./commands/pii.ts')
      return act((context) => piiExplain(context, file, options))
    })
  addReports(pii, act)
  addKept(pii, act)
}

function addReports(pii: Command, act: Act): void {
  const reports = pii.command('reports').description('what callers report as missed or wrongly hidden')
  reports
    .command('list')
    .description('list those that wait, oldest first; what was written in them stays sealed')
    .addOption(textOrJson())
    .action(async (options) => {
      const { reportsList } = await import('./commands/pii-reports.ts')
      return act((context) => reportsList(context, options))
    })
  reports
    .command('show <id>')
    .description('open one with the key of the service')
    .option('--show-values', 'print what was written in it, too')
    .addOption(textOrJson())
    .action(async (id: string, options) => {
      const { reportsShow } = await import('./commands/pii-reports.ts')
      return act((context) => reportsShow(context, id, options))
    })
  reports
    .command('close <ids...>')
    .description('take reports away with their keys, for good')
    .addOption(textOrJson())
    .action(async (ids: readonly string[], options) => {
      const { reportsClose } = await import('./commands/pii-reports.ts')
      return act((context) => reportsClose(context, ids, options))
    })
}

function addKept(pii: Command, act: Act): void {
  const addressed = (command: Command) =>
    command
      .option('--url <address>', 'where the service is (default: http.base_url, else http.host and http.port)')
      .option('--key-file <file>', 'file with the key (default: the variable SALLYPORT_KEY)')
      .addOption(textOrJson())
  addressed(
    pii
      .command('find [file]')
      .description('ask a running service which kept conversations hold a value; "-" or none is standard input'),
  ).action(async (file: string | undefined, options) => {
    const { piiFind } = await import('./commands/pii-kept.ts')
    return act((context) => piiFind(context, file, options))
  })
  addressed(
    pii.command('forget <ids...>').description('have a running service forget kept conversations, for good'),
  ).action(async (ids: readonly string[], options) => {
    const { piiForget } = await import('./commands/pii-kept.ts')
    return act((context) => piiForget(context, ids, options))
  })
}
