import type { Config } from '../../config/schema.ts'
import { ServiceError } from '../../core/errors.ts'
import type { ConversationKeeper } from '../../service/conversation-keeper.ts'
import type { Sallyport } from '../../service/sallyport.ts'
import type { CommandContext } from '../context.ts'
import type { ServerAddress } from '../remote/admin-client.ts'
import { conversationsAt } from '../remote/open.ts'

/** What a conversation needs of whatever answers it, here or elsewhere. */
export type ChatSallyport = Pick<Sallyport, 'model' | 'answer' | 'runSql' | 'describeSource' | 'explainSql'> &
  AsyncDisposable

export interface ChatParts extends AsyncDisposable {
  readonly context: CommandContext
  /** The configuration in force, which another model changes. */
  readonly config: Config
  readonly sallyport: ChatSallyport
  readonly conversations: ConversationKeeper
  /** Goes on with another model, in a sandbox that knows nothing of what ran. Rejects with `invalid-request` where there is no choice. */
  changeModel(name: string): Promise<void>
}

/** Opens what answers here. The sandbox starts while the person types. */
export async function openChatParts(context: CommandContext, address: ServerAddress): Promise<ChatParts> {
  const expected = { driver: null }
  let { config } = context.config()
  let sallyport: Sallyport = await context.open(config, expected)
  const conversations = await conversationsAt(context, address)
  return {
    context,
    conversations,
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
