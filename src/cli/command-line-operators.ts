import { Argument, Option, type Command } from 'commander'
import { textOrJson, type Act } from './command-line.ts'
import { lifetime } from './key-options.ts'
import { keyFileOption, serverOption } from './server-options.ts'

export function addOpenApi(program: Command, act: Act): void {
  program
    .command('openapi')
    .description('print the OpenAPI 3.1 document of a surface of the service')
    .addArgument(new Argument('[surface]', 'which one').choices(['admin', 'filters', 'service']).default('admin'))
    .addOption(textOrJson())
    .action(async (surface: 'admin' | 'filters' | 'service', options) => {
      const { openApi } = await import('./commands/openapi.ts')
      return act((context) => openApi(context, surface, options))
    })
}

export function addWaf(program: Command, act: Act): void {
  const waf = program.command('waf').description('a web application firewall in front of the service')
  waf
    .command('exclusions')
    .description('print what keeps it from taking conversations about code for attacks')
    .addOption(
      new Option('--format <name>', 'the firewall it is for')
        .choices(['coraza', 'aws', 'cloudflare'])
        .default('coraza'),
    )
    .option('--endpoints', 'with what the guarded endpoints of the configuration take (coraza)')
    .addOption(textOrJson())
    .action(async (options) => {
      const { wafExclusionsPrint } = await import('./commands/waf.ts')
      return act((context) => wafExclusionsPrint(context, options))
    })
}

export function addLimits(program: Command, act: Act): void {
  const limits = program.command('limits').description('what callers may use, and how much of it they have')
  limits
    .command('list')
    .description('list the limits that the configuration sets for each group')
    .addOption(textOrJson())
    .addOption(serverOption())
    .addOption(keyFileOption())
    .action(async (options) => {
      const { limitsList } = await import('./commands/limits.ts')
      return act((context) => limitsList(context, options))
    })
  limits
    .command('show <caller>')
    .description('show how each limit of whoever has this id stands, of a key or token-…')
    .option('--group <name>', 'the group of whoever has a token; a key has its own')
    .option('--person <name>', 'one person for whom an application asks by that key, as it signs them')
    .addOption(textOrJson())
    .addOption(serverOption())
    .addOption(keyFileOption())
    .action(async (caller: string, options) => {
      const { limitsShow } = await import('./commands/limits.ts')
      return act((context) => limitsShow(context, caller, options))
    })
}

export function addSuspensions(program: Command, act: Act): void {
  const suspensions = program.command('suspensions').description('who is kept out of the service, and until when')
  suspensions
    .command('list')
    .description('list those in force, newest first')
    .option('--all', 'those that are over, too')
    .addOption(textOrJson())
    .addOption(serverOption())
    .addOption(keyFileOption())
    .action(async (options) => {
      const { suspensionsList } = await import('./commands/suspensions.ts')
      return act((context) => suspensionsList(context, options))
    })
  suspensions
    .command('show <id>')
    .description('show one: who, why, by whom and until when')
    .addOption(textOrJson())
    .addOption(serverOption())
    .addOption(keyFileOption())
    .action(async (id: string, options) => {
      const { suspensionsShow } = await import('./commands/suspensions.ts')
      return act((context) => suspensionsShow(context, id, options))
    })
  suspensions
    .command('add <caller>')
    .description('suspend whoever has this id, of a key or token-…; the next request is refused')
    .option('--person <name>', 'one person for whom an application asks by that key, as it signs them')
    .addOption(
      new Option(
        '--lasts <time>',
        'how long, like 24h, or until when, like 2027-01-31 (default: until it is lifted)',
      ).argParser(lifetime),
    )
    .option('--note <text>', 'why, for operators')
    .addOption(textOrJson())
    .addOption(serverOption())
    .addOption(keyFileOption())
    .action(async (caller: string, options) => {
      const { suspensionsAdd } = await import('./commands/suspensions.ts')
      return act((context) => suspensionsAdd(context, caller, options))
    })
  suspensions
    .command('lift <id>')
    .description('end one; the next request is answered')
    .addOption(textOrJson())
    .addOption(serverOption())
    .addOption(keyFileOption())
    .action(async (id: string, options) => {
      const { suspensionsLift } = await import('./commands/suspensions.ts')
      return act((context) => suspensionsLift(context, id, options))
    })
}

export function addShares(program: Command, act: Act): void {
  const shares = program.command('shares').description('what callers gave to others, of everybody')
  shares
    .command('list')
    .description('list those that there are, newest first; what they show stays sealed')
    .addOption(new Option('--audience <kind>', 'for groups alone, or links').choices(['group', 'link'] as const))
    .option('--group <name>', 'under whose policy they were made')
    .option('--caller <id>', 'made by whoever has this id, of a key or token-…')
    .option('--after <id>', 'from behind this one on')
    .addOption(textOrJson())
    .addOption(serverOption())
    .addOption(keyFileOption())
    .action(async (options) => {
      const { sharesList } = await import('./commands/shares.ts')
      return act((context) => sharesList(context, options))
    })
  shares
    .command('show <id>')
    .description('show one with its title, which is on the audit trail, and nothing else that it shows')
    .addOption(textOrJson())
    .addOption(serverOption())
    .addOption(keyFileOption())
    .action(async (id: string, options) => {
      const { sharesShow } = await import('./commands/shares.ts')
      return act((context) => sharesShow(context, id, options))
    })
  shares
    .command('revoke <id>')
    .description('end one, whoever made it; nobody opens it any more')
    .addOption(textOrJson())
    .addOption(serverOption())
    .addOption(keyFileOption())
    .action(async (id: string, options) => {
      const { sharesRevoke } = await import('./commands/shares.ts')
      return act((context) => sharesRevoke(context, id, options))
    })
}

export function addWeb(program: Command, act: Act): void {
  const web = program.command('web').description('the app for browsers')
  web
    .command('link')
    .description('print a link that signs one browser in, once')
    .option('--operators', 'to the pages of operators, as one of them')
    .addOption(textOrJson())
    .addOption(serverOption())
    .addOption(keyFileOption())
    .action(async (options) => {
      const { webLink } = await import('./commands/web.ts')
      return act((context) => webLink(context, options))
    })
}

/** Shells that a completion is made for. */
const shells = ['bash', 'zsh', 'fish'] as const

export function addCompletion(program: Command, act: Act): void {
  program
    .command('completion')
    .description('print what makes a shell complete commands and options')
    .addArgument(new Argument('<shell>', 'the shell').choices(shells))
    .addOption(textOrJson())
    .action(async (shell: (typeof shells)[number], options) => {
      const { completion } = await import('./commands/completion.ts')
      return act((context) => completion(context, { ...options, shell, program }))
    })
}
