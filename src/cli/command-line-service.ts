import { Option, type Command } from 'commander'
import { textOrJson, type Act } from './command-line.ts'
import { hash } from './option-values.ts'

export function addSessions(program: Command, act: Act): void {
  const sessions = program.command('sessions').description("a running service's sessions, those of the key's owner")
  const addressed = (command: Command) =>
    command
      .option('--url <address>', 'where the service is (default: http.base_url, else http.host and http.port)')
      .option('--key-file <file>', 'file with the key (default: the variable SALLYPORT_KEY)')
      .addOption(textOrJson())
  addressed(sessions.command('list').description('list the open sessions, oldest first')).action(async (options) => {
    const { sessionsList } = await import('./commands/sessions.ts')
    return act((context) => sessionsList(context, options))
  })
  addressed(sessions.command('show <id>').description('show one, as the list has it')).action(
    async (id: string, options) => {
      const { sessionsShow } = await import('./commands/sessions.ts')
      return act((context) => sessionsShow(context, id, options))
    },
  )
  addressed(sessions.command('close <id>').description('close one; what runs in it is cancelled')).action(
    async (id: string, options) => {
      const { sessionsClose } = await import('./commands/sessions.ts')
      return act((context) => sessionsClose(context, id, options))
    },
  )
}

export function addAudit(program: Command, act: Act): void {
  const audit = program.command('audit').description('the trail of what was asked, ran and was refused')
  audit
    .command('verify [file]')
    .description("say whether the trail's chain is whole; without a file, the configured trail")
    .addOption(new Option('--expect <hash>', 'a last hash noted earlier, which must be there still').argParser(hash))
    .addOption(textOrJson())
    .action(async (file: string | undefined, options) => {
      const { auditVerify } = await import('./commands/audit.ts')
      return act((context) => auditVerify(context, file, options))
    })
}

export function addKeys(program: Command, act: Act): void {
  const keys = program.command('keys').description('the API keys of the service, each of one group')
  keys
    .command('create <name>')
    .description('make a key and print it, this once')
    .option('--group <name>', 'the group whose policy counts for it', 'default')
    .addOption(textOrJson())
    .action(async (name: string, options) => {
      const { keysCreate } = await import('./commands/keys.ts')
      return act((context) => keysCreate(context, name, options))
    })
  keys
    .command('list')
    .description('list the keys by their ids; none is shown')
    .addOption(textOrJson())
    .action(async (options) => {
      const { keysList } = await import('./commands/keys.ts')
      return act((context) => keysList(context, options))
    })
  keys
    .command('show <id>')
    .description('show what is kept of one: its name, its group, when it was made')
    .addOption(textOrJson())
    .action(async (id: string, options) => {
      const { keysShow } = await import('./commands/keys.ts')
      return act((context) => keysShow(context, id, options))
    })
  keys
    .command('rotate <id>')
    .description('make a new key of the same name and group, print it, this once, and revoke this one')
    .addOption(textOrJson())
    .action(async (id: string, options) => {
      const { keysRotate } = await import('./commands/keys.ts')
      return act((context) => keysRotate(context, id, options))
    })
  keys
    .command('revoke <id>')
    .description('end a key; the next request with it is refused')
    .addOption(textOrJson())
    .action(async (id: string, options) => {
      const { keysRevoke } = await import('./commands/keys.ts')
      return act((context) => keysRevoke(context, id, options))
    })
}
