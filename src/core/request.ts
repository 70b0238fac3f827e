import type { AskedApprovals } from './approvals.ts'
import type { KeptTurn } from './conversations.ts'
import type { Grant } from './grant.ts'
import type { PlannedTables, Taint } from './provenance.ts'
import type { Principal } from './principal.ts'
import type { ReplayedCall } from './replayed-call.ts'
import type { Amounts } from './quotas.ts'
import type { RequestedLimits } from './requested-limits.ts'
import type { Secret } from './secret.ts'

/** One earlier or current message of a conversation, as the caller sent it. */
export interface ConversationMessage {
  readonly role: 'system' | 'user' | 'assistant'
  readonly content: string
}

/** What a caller allows one run beside the budget of its group; what is absent is not bounded. */
export interface RunCaps {
  /** Output tokens of all turns of the model together. */
  readonly outputTokens?: number
  /** Calls of tools; 0 gives the model none. */
  readonly toolCalls?: number
}

/** What the caller asks for, before anything of it is checked. */
export interface Received {
  readonly requestId: string
  /** Where it came in: decides which credentials count. */
  readonly channel: 'http' | 'cli'
  readonly credential: Secret | null
  readonly model: string
  readonly messages: readonly ConversationMessage[]
  /** Where the answers among the messages came from that are kept here; absent where a client says what was said, which nobody can follow. */
  readonly saidBefore?: readonly Taint[]
  /** Tables that the conversation was about until now, as it is kept here; absent where nothing of that is known. */
  readonly plannedBefore?: readonly PlannedTables[]
  /** Name of the data source asked for, null for the group's first. */
  readonly dataSource: string | null
  /** Session to continue, null for a new one that ends with the request. */
  readonly sessionId: string | null
  /** Where what is said is kept; absent where it is not. */
  readonly keep?: KeptTurn
  /** The conversation in which it is kept, once its run has begun; null before. */
  readonly keptIn?: () => string | null
  /** The conversation whose programs are run again, in the place of a question to a model; absent for a question. */
  readonly replays?: string
  /** What is run again, once it is known. */
  readonly replay?: readonly ReplayedCall[]
  /** The most that the answer may cost, millionths of the currency of prices; absent where only the group's budget holds it. */
  readonly maximumCost?: number
  /** Ids of stored files of the caller's that the session is to have. */
  readonly files?: readonly string[]
  readonly caps?: RunCaps
  /** What somebody has to allow; absent where that is what rules say. */
  readonly approvals?: AskedApprovals
  /** What it asks of the sandbox of a session that ends with it. */
  readonly sandboxLimits?: RequestedLimits
}

// Each stage takes a request and returns a richer one, so data only moves right and a stage out of place does not compile.
export interface Authenticated extends Received {
  readonly principal: Principal
}

export interface Authorized extends Authenticated {
  readonly grant: Grant
}

export interface Admitted extends Authorized {
  readonly reservation: Reservation
}

/** Quota held for a request. Leaving scope settles what was used and gives back the rest; calling it twice is safe. */
export interface Reservation extends AsyncDisposable {
  /** What the request may use; what attempts that are over have used is held beside it. */
  readonly held: Amounts
  /** Headers of its answer that say how its limits stand, as name, value, name, value. */
  readonly headers: readonly string[]
  /**
   * Says what the request has used so far, all of it together, unit by unit; less than was said before changes nothing.
   */
  use(uses: Amounts): void
}
