import { Option, type Command } from 'commander'
import { chatOptions, textOrJson, type Act } from './command-line.ts'
import { keyScopes } from '../core/key-scopes.ts'
import { duration, lifetime, scopeList } from './key-options.ts'
import { keyFileOption, serverOption } from './server-options.ts'
import { hash, moment, positiveInteger, publicKey } from './option-values.ts'

export function addSessions(program: Command, act: Act): void {
  const sessions = program
    .command('sessions')
    .description('conversations that are kept, here or by a running service, and the open sessions of one')
  const addressed = (command: Command) =>
    command
      .addOption(new Option('--url, --server <address>', 'a running service, in place of what is kept here'))
      .addOption(keyFileOption())
      .addOption(textOrJson())
  addressed(sessions.command('list').description('list the conversations that are kept, newest first'))
    .option('--open', 'the open sessions of a running service instead, oldest first')
    .addOption(new Option('--limit <count>', 'at most so many').argParser(positiveInteger).default(50))
    .action(async (options) => {
      const { sessionsList } = await import('./commands/sessions.ts')
      return act((context) => sessionsList(context, options))
    })
  addressed(
    sessions.command('show <id>').description('print what was said in one; of an open session, what the list has'),
  ).action(async (id: string, options) => {
    const { sessionsShow } = await import('./commands/sessions.ts')
    return act((context) => sessionsShow(context, id, options))
  })
  chatOptions(sessions.command('resume <id>').description('go on with one, like "chat --resume"')).action(
    async (id: string, options) => {
      const { chat } = await import('./commands/chat.ts')
      return act((context) => chat(context, { ...options, resume: id }))
    },
  )
  chatOptions(sessions.command('replay <id>').description('run again what ran in one, and say what comes to the same'))
    .addOption(textOrJson())
    .action(async (id: string, options) => {
      const { sessionsReplay } = await import('./commands/sessions-replay.ts')
      return act((context) => sessionsReplay(context, id, options))
    })
  addressed(sessions.command('delete <id>').description('delete one with its files, for good')).action(
    async (id: string, options) => {
      const { sessionsDelete } = await import('./commands/sessions.ts')
      return act((context) => sessionsDelete(context, id, options))
    },
  )
  addressed(sessions.command('export <id>').description('write one as a file that does nothing by being opened'))
    .addOption(
      new Option('--ipynb', 'a notebook that Jupyter runs again, as without an option').conflicts(['md', 'html']),
    )
    .addOption(new Option('--md', 'Markdown').conflicts('html'))
    .option('--html', 'a page that needs nothing else and does nothing')
    .option('--file <path>', 'where; - for standard output (default: its date, in the working directory)')
    .action(async (id: string, options) => {
      const { sessionsExport } = await import('./commands/sessions.ts')
      return act((context) => sessionsExport(context, id, options))
    })
  addressed(sessions.command('close <id>').description('close an open session; what runs in it is cancelled')).action(
    async (id: string, options) => {
      const { sessionsClose } = await import('./commands/sessions.ts')
      return act((context) => sessionsClose(context, id, options))
    },
  )
}

export function addRuns(program: Command, act: Act): void {
  program
    .command('runs')
    .description('runs of questions, here or by a running service')
    .command('explain <id>')
    .description('say of each call that was asked about or refused why, and what everything in the run was made of')
    .addOption(new Option('--url, --server <address>', 'a running service, in place of what is kept here'))
    .addOption(keyFileOption())
    .addOption(textOrJson())
    .action(async (id: string, options) => {
      const { runsExplain } = await import('./commands/runs.ts')
      return act((context) => runsExplain(context, id, options))
    })
}

export function addAudit(program: Command, act: Act): void {
  const audit = program.command('audit').description('the trail of what was asked, ran and was refused')
  audit
    .command('verify [file]')
    .description("say whether the trail's chain is whole; without a file, the configured trail")
    .addOption(new Option('--expect <hash>', 'a last hash noted earlier, which must be there still').argParser(hash))
    .addOption(
      new Option('--public-key <key>', 'a key whose signatures count (repeatable; default: the one of this machine)')
        .argParser(publicKey)
        .default([], 'none'),
    )
    .option('--checkpoints <file>', 'checkpoints kept elsewhere, to each of which the trail must come')
    .addOption(serverOption())
    .addOption(keyFileOption())
    .addOption(textOrJson())
    .action(async (file: string | undefined, options) => {
      const { auditVerify } = await import('./commands/audit.ts')
      return act((context) => auditVerify(context, file, options))
    })
  queried(audit.command('search [file]').description('list lines of the trail, oldest first'))
    .addOption(serverOption())
    .addOption(keyFileOption())
    .addOption(new Option('--limit <count>', 'at most so many lines').argParser(positiveInteger).default(1_000))
    .action(async (file: string | undefined, options) => {
      const { auditSearch } = await import('./commands/audit.ts')
      return act((context) => auditSearch(context, file, options))
    })
  queried(audit.command('export <file>').description('copy lines of the trail into a new file, as they stand')).action(
    async (file: string, options) => {
      const { auditExport } = await import('./commands/audit.ts')
      return act((context) => auditExport(context, file, options))
    },
  )
  audit
    .command('key')
    .description('print the public key that checks the signatures of checkpoints')
    .addOption(textOrJson())
    .action(async (options) => {
      const { auditKey } = await import('./commands/audit.ts')
      return act((context) => auditKey(context, options))
    })
}

function queried(command: Command) {
  const time = (flag: string, text: string) => new Option(flag, text).argParser(moment)
  return command
    .option('--event <name>', 'lines of this event only, like admitted or call')
    .option('--request <id>', 'lines of this request only')
    .option('--principal <id>', 'lines that name this caller only')
    .addOption(time('--since <time>', 'from then on: a date, a time in UTC, or how long ago, like 24h'))
    .addOption(time('--until <time>', 'before then'))
    .addOption(textOrJson())
}

const expiresOption = () =>
  new Option('--expires <time>', 'how long it counts, like 30d, or until when, like 2027-01-31').argParser(lifetime)

export function addKeys(program: Command, act: Act): void {
  const keys = program.command('keys').description('the API keys of the service, each of one group')
  keys
    .command('create <name>')
    .description('make a key and print it, this once')
    .option('--group <name>', 'the group whose policy counts for it', 'default')
    .addOption(
      new Option(
        '--scopes <list>',
        `what it may be used for: ${keyScopes.join(',')} (default: all but approve and admin)`,
      ).argParser(scopeList),
    )
    .addOption(expiresOption())
    .addOption(textOrJson())
    .addOption(serverOption())
    .addOption(keyFileOption())
    .action(async (name: string, options) => {
      const { keysCreate } = await import('./commands/keys.ts')
      return act((context) => keysCreate(context, name, options))
    })
  keys
    .command('list')
    .description('list the keys by their ids; none is shown')
    .addOption(textOrJson())
    .addOption(serverOption())
    .addOption(keyFileOption())
    .action(async (options) => {
      const { keysList } = await import('./commands/keys.ts')
      return act((context) => keysList(context, options))
    })
  keys
    .command('show <id>')
    .description('show what is kept of one: its name, its group, when it was made')
    .addOption(textOrJson())
    .addOption(serverOption())
    .addOption(keyFileOption())
    .action(async (id: string, options) => {
      const { keysShow } = await import('./commands/keys.ts')
      return act((context) => keysShow(context, id, options))
    })
  keys
    .command('rotate <id>')
    .description('make a new key of the same name, group and scopes, print it, this once, and revoke this one')
    .addOption(
      new Option('--overlap <time>', 'how long this one goes on beside it, like 24h or 7d').argParser(duration),
    )
    .addOption(expiresOption())
    .addOption(textOrJson())
    .addOption(serverOption())
    .addOption(keyFileOption())
    .action(async (id: string, options) => {
      const { keysRotate } = await import('./commands/keys.ts')
      return act((context) => keysRotate(context, id, options))
    })
  keys
    .command('revoke <id>')
    .description('end a key; the next request with it is refused')
    .addOption(textOrJson())
    .addOption(serverOption())
    .addOption(keyFileOption())
    .action(async (id: string, options) => {
      const { keysRevoke } = await import('./commands/keys.ts')
      return act((context) => keysRevoke(context, id, options))
    })
}

export function addStorage(program: Command, act: Act): void {
  const storage = program.command('storage').description('what the service has to remember: keys, and who made what')
  storage
    .command('check')
    .description('look through it, and through the ledger and the audit trail beside it; changes nothing')
    .addOption(textOrJson())
    .action(async (options) => {
      const { storageCheck } = await import('./commands/storage.ts')
      return act((context) => storageCheck(context, options))
    })
  storage
    .command('backup <file>')
    .description('copy it as it is at one moment; services go on')
    .option('--overwrite', 'replace a backup that is there; no other file is ever replaced')
    .addOption(textOrJson())
    .action(async (file: string, options) => {
      const { storageBackup } = await import('./commands/storage.ts')
      return act((context) => storageBackup(context, file, options))
    })
  storage
    .command('restore <file>')
    .description('put a backup back, and hold what may be of another time; services go on')
    .addOption(textOrJson())
    .action(async (file: string, options) => {
      const { storageRestore } = await import('./commands/storage.ts')
      return act((context) => storageRestore(context, file, options))
    })
  addAccept(storage, act)
}

function addAccept(storage: Command, act: Act): void {
  const accept = storage.command('accept').description('say what counts of that which a restore holds')
  accept
    .command('keys [ids...]')
    .description('put held keys in force')
    .option('--all', 'every key that is held; one that was revoked since is accepted by its id only')
    .addOption(textOrJson())
    .action(async (ids: readonly string[], options) => {
      const { acceptKeys } = await import('./commands/storage.ts')
      return act((context) => acceptKeys(context, ids, options))
    })
  accept
    .command('quota [ids...]')
    .description("count the day's tokens of keys again, from nothing")
    .option('--all', 'every key')
    .addOption(textOrJson())
    .action(async (ids: readonly string[], options) => {
      const { acceptQuota } = await import('./commands/storage.ts')
      return act((context) => acceptQuota(context, ids, options))
    })
  accept
    .command('ledger')
    .description('take the differencing ledger of this machine for all that was answered')
    .addOption(textOrJson())
    .action(async (options) => {
      const { acceptLedger } = await import('./commands/storage.ts')
      return act((context) => acceptLedger(context, options))
    })
}
