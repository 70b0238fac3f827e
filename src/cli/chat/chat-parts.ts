import type { Config } from '../../config/schema.ts'
import { ServiceError } from '../../core/errors.ts'
import type { ConversationKeeper } from '../../service/conversation-keeper.ts'
import type { Sallyport } from '../../service/sallyport.ts'
import type { Answering } from '../commands/answering.ts'
import type { CommandContext } from '../context.ts'
import type { DataFile } from '../data-files.ts'
import type { ServerAddress } from '../remote/admin-client.ts'
import { plainLine } from '../output/plain-text.ts'
import { waitFor } from '../wait-for.ts'

/** What a conversation needs of whatever answers it, here or elsewhere. */
export type ChatSallyport = Pick<Sallyport, 'model' | 'answer' | 'runSql' | 'describeSource'> &
  Partial<Pick<Sallyport, 'explainSql'>> &
  Pick<Answering, 'saysDoubts'> &
  AsyncDisposable

export interface ChatParts extends AsyncDisposable {
  readonly context: CommandContext
  /** The configuration in force, which another model changes. */
  readonly config: Config
  readonly sallyport: ChatSallyport
  readonly conversations: ConversationKeeper
  /** Does a service answer that runs elsewhere? */
  readonly isElsewhere: boolean
  /** Sends files to where programs of a session run; a service elsewhere is the only one that has to be given them before a question. */
  bring(files: readonly DataFile[], sessionId: string): Promise<void>
  /** Goes on with another model, in a sandbox that knows nothing of what ran. Rejects where there is no such choice. */
  changeModel(name: string): Promise<void>
}

/** Opens what answers: the service at `--server`, or the parts of this machine, whose sandbox starts while the person types. */
export async function openChatParts(context: CommandContext, { server, keyFile }: ServerAddress): Promise<ChatParts> {
  if (server === undefined) return openHere(context)
  const { config } = context.config()
  const [running, { createRemoteConversations }, { createRemoteSallyport }, { requirePlainReading }] =
    await Promise.all([
      import('../running-service.ts'),
      import('../remote/conversations.ts'),
      import('../remote/sallyport.ts'),
      import('../remote/container.ts'),
    ])
  const address = { url: server, ...(keyFile === undefined ? {} : { keyFile }) }
  const service = running.createRunningService(address, { config, variables: context.variables })
  const sallyport = createRemoteSallyport(service)
  return {
    context,
    config,
    sallyport,
    isElsewhere: true,
    conversations: createRemoteConversations(service, (work) => waitFor(context, 'asking the service', work)),
    async bring(files, sessionId) {
      requirePlainReading(files)
      const names = files.map(({ name }) => plainLine(name, 100)).join(', ')
      if (files.length > 0)
        await waitFor(context, `sending ${names}`, (signal) => sallyport.bring(files, sessionId, signal))
    },
    changeModel: (name) => waitFor(context, 'asking the service', (signal) => sallyport.changeModel(name, signal)),
    [Symbol.asyncDispose]: () => sallyport[Symbol.asyncDispose](),
  }
}

async function openHere(context: CommandContext): Promise<ChatParts> {
  const expected = { driver: null }
  let { config } = context.config()
  let sallyport: Sallyport = await context.open(config, expected)
  const conversations = await context.openConversationKeeper(config)
  return {
    context,
    conversations,
    isElsewhere: false,
    bring: async () => undefined,
    get config() {
      return config
    },
    get sallyport() {
      return sallyport
    },
    async changeModel(name) {
      if (sallyport.model().scripted) {
        throw new ServiceError('invalid-request', 'The scripted model of the demo is the only one that is configured', {
          advice: 'Set SALLYPORT_MODEL_BASE_URL and SALLYPORT_MODEL_NAME, or model.base_url and model.name.',
        })
      }
      const changed = context.config({ 'model.name': name }).config
      await sallyport[Symbol.asyncDispose]()
      sallyport = await context.open(changed, expected)
      config = changed
    },
    [Symbol.asyncDispose]: () => sallyport[Symbol.asyncDispose](),
  }
}
