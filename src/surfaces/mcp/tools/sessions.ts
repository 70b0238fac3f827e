import { z } from 'zod'
import { ownModel } from '../../../core/own-model.ts'
import { hasScope } from '../../../gateway/authorize/scopes.ts'
import { mayRunPrograms } from '../../../gateway/executions.ts'
import type { JsonObject } from '../json-object.ts'
import type { McpCaller, McpTool } from '../tool.ts'
import { textView } from '../text-view.ts'
import type { McpUseCases } from '../use-cases.ts'

const opened = z.object({
  session: z.string().describe('The handle: give it to other tools as session.'),
  expires_at: z.string().nullable().describe('When it ends if nobody uses it, ISO 8601.'),
})

type Opened = z.infer<typeof opened> & JsonObject

const nothing = z.strictObject({})

function mayHaveSessions({ principal, grant }: McpCaller): boolean {
  return hasScope(principal, 'sessions') && (grant.models.includes(ownModel) || mayRunPrograms(grant))
}

export function createOpenSession({
  sessions,
}: Pick<McpUseCases, 'sessions'>): McpTool<z.infer<typeof nothing>, Opened> {
  return {
    name: 'open_session',
    title: 'Open a session',
    description:
      'Opens a session whose variables and files are kept from call to call, and returns its handle. Close it with close_session; unused ones end by themselves.',
    input: nothing,
    output: opened,
    hints: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
    isFor: mayHaveSessions,
    async execute(_input, { caller }) {
      const { id, expiresAt } = await sessions.open(caller.principal, {})
      const structured = { session: id, expires_at: expiresAt?.toISOString() ?? null }
      return textView({ text: `The session is ${id}.`, structured, name: 'session.txt' })
    },
  }
}

const named = z.strictObject({ session: z.string().min(1).max(100).describe('The handle that open_session returned.') })
const closed = z.object({ closed: z.literal(true) })

type Closed = z.infer<typeof closed> & JsonObject

export function createCloseSession({
  sessions,
}: Pick<McpUseCases, 'sessions'>): McpTool<z.infer<typeof named>, Closed> {
  return {
    name: 'close_session',
    title: 'Close a session',
    description: 'Closes a session: what runs in it is cancelled, its variables and files are gone.',
    input: named,
    output: closed,
    hints: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: false },
    isFor: mayHaveSessions,
    async execute({ session }, { caller }) {
      await sessions.close(caller.principal, session)
      return textView({ text: 'The session is closed.', structured: { closed: true as const }, name: 'session.txt' })
    },
  }
}
