import type { SandboxAlert, SandboxEventsLost, SandboxUnheard } from './detection-facts.ts'
import type { ErrorCode } from './error-codes.ts'
import type { JsonValue } from './json.ts'
import type { Principal } from './principal.ts'
import type { Received } from './request.ts'
import type { Suspension } from './suspensions.ts'
import type { Amounts, QuotaLimit } from './quotas.ts'
import type { CellResult } from './result.ts'

// What parts tell an operator about themselves. Whoever composes them hands it to telemetry.

/** A sandbox was started, handed out, used or given up, or none could be started. */
export type SandboxEvent =
  | {
      readonly type: 'sandbox-start'
      readonly id: string
      readonly driver: string
      readonly origin: 'cold' | 'snapshot'
      readonly milliseconds: number
    }
  | {
      readonly type: 'sandbox-claim'
      readonly id: string
      readonly tenant: string
      readonly milliseconds: number
      /** Made for this claim, because of its limits. */
      readonly made: boolean
    }
  | { readonly type: 'sandbox-run'; readonly id: string; readonly tenant: string; readonly result: CellResult }
  | { readonly type: 'sandbox-expiry'; readonly id: string; readonly tenant: string }
  | { readonly type: 'sandbox-sweep'; readonly report: SweepReport }
  | { readonly type: 'sandbox-fault'; readonly fault: unknown }
  | SandboxAlert
  | SandboxEventsLost
  | SandboxUnheard

/** What a look for leftover sandboxes found. */
export interface SweepReport {
  readonly removed: readonly string[]
  /** Still there: removal failed; the next sweep tries again. */
  readonly failed: readonly { readonly id: string; readonly fault: unknown }[]
  /** Sandboxes of living owners, and of owners this process cannot judge. */
  readonly kept: number
}

/** What an operator should know of a SQL gate: a second reading, a crash, a hang. */
export interface SqlGateEvent {
  readonly kind:
    | 'second-opinion-disagrees'
    | 'second-opinion-cannot-parse'
    | 'gate-crashed'
    | 'gate-hung'
    | 'shadow-failed'
  readonly source: string
  readonly statement: string
}

/** A detector marked `open` did not answer: said, never silent. */
export interface FilterFailure {
  readonly filter: string
  /** What the detector's failure means for the text. */
  readonly onFailure: 'closed' | 'open'
  readonly cause: unknown
}

/** What content filters decided about one call in one direction: never a text of it. */
export interface ContentNotice {
  /** Its id, which its caller is told, too. */
  readonly decision: string
  readonly requestId: string
  readonly principal: string
  readonly group: string
  readonly api: string
  readonly direction: 'inbound' | 'outbound'
  /** What happened. */
  readonly action: string
  readonly profile: { readonly name: string; readonly version: number }
  /** Of the thresholds in force where any is tuned, with the rollout whose canary decided; absent where none is. */
  readonly tuning?: { readonly revision: number; readonly canary: string | null }
  /** Ids of the rules of policy that had a say, and their revision. */
  readonly rules: readonly string[]
  readonly revision: string | null
  /** Versions of the detectors that were asked, by name. */
  readonly detectors: Readonly<Record<string, string>>
  readonly findings: readonly {
    readonly category: string
    readonly detector: string
    /** What the profile says; `effective` is what happened of it, `allow` in shadow mode. */
    readonly decided: string
    readonly effective: string
    /** The highest of them, 0 to 1. */
    readonly score: number
    readonly count: number
  }[]
  /** Detectors that did not answer. */
  readonly failures: readonly {
    readonly detector: string
    readonly categories: string[]
    readonly onFailure: 'closed' | 'open'
    readonly why: string
  }[]
}

/** What was decided about a call of a tool that a caller's own model makes: ids and origins, never a value or a text. */
export interface ActionNotice {
  /** Its id, which its caller is told, too. */
  readonly decision: string
  readonly requestId: string
  readonly principal: string
  readonly group: string
  /** The API that it came in; `check` where somebody only asked. */
  readonly api: string
  /** As the operator has declared it; null for one that is not declared. */
  readonly tool: string | null
  readonly decided: 'allow' | 'ask' | 'refuse'
  readonly rule: string
  /** What happened: `allow` in shadow mode, and where a person has allowed it. */
  readonly effective: 'allow' | 'ask' | 'refuse'
  /** What had been read by then, of which the values that nothing stands for have come. */
  readonly reads: readonly {
    readonly id: string
    readonly tool: string
    readonly origin: string
    readonly trusted: boolean
    readonly gave: boolean
  }[]
  /** How many values stood for nothing of a person's. */
  readonly unproven: number
}

/** One decision of policy, by what it was about and the rules that had a say: never with a value of a request. */
export interface PolicyNotice {
  readonly decision: string
  /** null where it was not about one request. */
  readonly requestId: string | null
  readonly principal: string
  readonly group: string
  readonly allowed: boolean
  /** Of the rules; null where none could be asked. */
  readonly revision: string | null
  readonly rules: readonly string[]
  readonly milliseconds: number
  /** Why there is no decision, and what was thrown; null where there is one. */
  readonly fault: { readonly what: string; readonly cause: unknown } | null
}

/** What was decided of one call by where its arguments may come from: ids and origins, never a value of a request. */
export interface ProvenanceNotice {
  readonly requestId: string
  readonly principal: string
  readonly group: string
  readonly tool: string
  /** What the call would need; in `shadow` it runs all the same. */
  readonly outcome: 'allowed' | 'asked' | 'refused'
  readonly mode: 'enforce' | 'shadow'
  readonly rules: readonly string[]
  /** What the call may come of. */
  readonly reads: readonly { readonly id: string; readonly callId: string | null; readonly origin: string }[]
  readonly milliseconds: number
}

/** What became of one question by these rules. */
export interface ShadowSide {
  readonly outcome: 'allowed' | 'refused' | 'fault'
  readonly revision: string | null
  readonly rules: readonly string[]
}

/** What rules that decide nothing would have decided: never with a value of a request. */
export interface ShadowNotice extends Pick<PolicyNotice, 'decision' | 'requestId' | 'principal' | 'group' | 'fault'> {
  /** A fault is one of the shadow rules; what is skipped came while too many questions waited for them. */
  readonly result: 'same' | 'different' | 'fault' | 'skipped'
  readonly inForce: ShadowSide
  readonly shadow: ShadowSide | null
}

/** A change that somebody asks for, or how one ended, for the audit trail. */
export interface OperatorChange {
  readonly event: 'admin-change' | 'admin-change-end'
  readonly requestId: string
  readonly principal: string
  readonly group: string
  /** The id of the contract. */
  readonly action: string
  /** What its address names; null for nothing. */
  readonly target: string | null
  /** Of the beginning: what of the body is told. Of the end: the id of what was made. */
  readonly told: Readonly<Record<string, JsonValue>>
  /** null at the beginning. */
  readonly done: boolean | null
}

/** A start makes the first key of a storage. */
export interface FirstKeyNotice {
  /** Ties what is told of it together. */
  readonly requestId: string
  readonly group: string
}

/** Somebody was kept out by what was counted of them. */
export interface AbuseNotice {
  readonly suspension: Suspension
  readonly group: string
  /** What was counted when it happened. */
  readonly counted: number
}

/** How one call of a tool over MCP ended: never with a value of its input or its result. */
export interface McpCallEnd extends Pick<Received, 'requestId' | 'channel'> {
  readonly principal: string
  readonly group: string
  readonly tool: string
  /** `failed` is a program that ran and failed, `refused` what was not run, `fault` all else. */
  readonly outcome: 'result' | 'failed' | 'refused' | 'fault'
  /** Of a fault or a refusal of its arguments; null for none. */
  readonly code: ErrorCode | null
  readonly milliseconds: number
}

/** Something that is held here for a caller, and what the caller does with it. */
export type HeldAct =
  | { readonly of: 'file'; readonly action: 'keep' | 'read' | 'link' | 'read-by-link' | 'delete' }
  | {
      readonly of: 'conversation'
      readonly action: 'make' | 'change' | 'add' | 'delete' | 'delete-item' | 'export' | 'take-table' | 'replay'
    }
  | { readonly of: 'share'; readonly action: 'make' | 'read' | 'read-by-link' | 'revoke' }
  | { readonly of: 'session'; readonly action: 'open' | 'use' | 'close' }
  | { readonly of: 'container'; readonly action: 'make' | 'use' | 'delete' | 'add-file' | 'read-file' | 'delete-file' }

export type HeldSeen = Pick<Received, 'requestId' | 'channel'> & {
  readonly principal: Principal['id']
  /** Null for whoever reads by a link, whom nobody knows: `principal` is the owner then. */
  readonly group: string | null
  /** As the address names it, which may be any text; null for what is not there yet. */
  readonly id: string | null
} & HeldAct

/** Something that is there from now on. */
export interface HeldMade extends Pick<Received, 'requestId'> {
  readonly of: HeldAct['of']
  readonly id: string
  /** What else is known of it, without a name or a content. */
  readonly [fact: string]: JsonValue
}

/** Keeps the facts of what callers do with what is held for them. */
export interface ObserveHeld {
  /** Rejects as the work does, and where the trail cannot be written. */
  act<T>(seen: HeldSeen, work: () => Promise<T>): Promise<T>
  /** Resolves when the trail has it; its caller is told of it afterwards. */
  made(what: HeldMade): Promise<void>
}

/** What telemetry is told of quotas. */
export interface QuotaWatch {
  /** A request did not fit this limit. */
  onRefused(limit: QuotaLimit): void
  /** A request of this group has used so much, and it counts. */
  onSettled(group: string, uses: Amounts, principal: Principal): void
  /** So many requests have ended, and what they used does not count yet. */
  onUnsettled(count: number): void
  /** So many requests of processes that are gone were settled in their place. */
  onRecovered(count: number): void
}

/** An HTTP request whose head has come in. */
export interface BegunRequest {
  readonly requestId: string
  readonly method: string
  readonly scheme: 'http' | 'https'
  /** As W3C Trace Context has it, where a trusted proxy sent it; null where nobody did who is believed. */
  readonly traceparent: string | null
}

/** One answered HTTP request. */
export interface ResponseRecord {
  readonly requestId: string
  readonly method: string
  /** The path as it was requested, without the query: any text a caller likes. */
  readonly path: string
  /** `/v1/sessions/:id`; null where nothing is at the path. */
  readonly route: string | null
  readonly status: number
  /** Of the body, as its sender says; null where it does not say. */
  readonly requestBytes: number | null
  readonly milliseconds: number
  /** False when the caller went away before the end. */
  readonly complete: boolean
}
