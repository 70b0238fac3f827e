import type { ServedRequest } from '../http/scripted-openai-server.ts'

/** Is a model asked for a plan of tables, and not for its next turn? */
export function isAskedForPlan({ body: { messages, tools = [] } }: Pick<ServedRequest, 'body'>): boolean {
  return tools.length === 0 && messages[0]?.content?.startsWith('You say which tables of a database') === true
}

/** The tables that it is told of. */
export function tablesToPlan({ body: { messages } }: Pick<ServedRequest, 'body'>): readonly string[] {
  const [, schema = ''] = messages[0]?.content?.split('\nThe tables:\n') ?? []
  return [...schema.matchAll(/^(\S+) \(/gm)].map(([, name = '']) => name)
}
