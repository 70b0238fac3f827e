// Written by `npm run clients` from the OpenAPI document of the service; changes are made there.
import type { Transport } from '../transport.ts'
import { Actions } from './actions.ts'
import { Appeals } from './appeals.ts'
import { Approvals } from './approvals.ts'
import { Chat } from './chat.ts'
import { Conversations } from './conversations.ts'
import { Feedback } from './feedback.ts'
import { Files } from './files.ts'
import { Models } from './models.ts'
import { Programs } from './programs.ts'
import { Runs } from './runs.ts'
import { Sessions } from './sessions.ts'
import { Shares } from './shares.ts'
import { Sql } from './sql.ts'

export type * from './shared.ts'
export type * from './actions.ts'
export type * from './appeals.ts'
export type * from './approvals.ts'
export type * from './chat.ts'
export type * from './conversations.ts'
export type * from './feedback.ts'
export type * from './files.ts'
export type * from './models.ts'
export type * from './programs.ts'
export type * from './runs.ts'
export type * from './sessions.ts'
export type * from './shares.ts'
export type * from './sql.ts'

/** What the service offers, by the names of its OpenAPI document. */
export class Operations {
  readonly models: Models
  readonly chat: Chat
  readonly programs: Programs
  readonly sql: Sql
  readonly sessions: Sessions
  readonly files: Files
  readonly conversations: Conversations
  readonly runs: Runs
  readonly shares: Shares
  readonly approvals: Approvals
  readonly feedback: Feedback
  readonly appeals: Appeals
  readonly actions: Actions

  constructor(transport: Transport) {
    this.models = new Models(transport)
    this.chat = new Chat(transport)
    this.programs = new Programs(transport)
    this.sql = new Sql(transport)
    this.sessions = new Sessions(transport)
    this.files = new Files(transport)
    this.conversations = new Conversations(transport)
    this.runs = new Runs(transport)
    this.shares = new Shares(transport)
    this.approvals = new Approvals(transport)
    this.feedback = new Feedback(transport)
    this.appeals = new Appeals(transport)
    this.actions = new Actions(transport)
  }
}
