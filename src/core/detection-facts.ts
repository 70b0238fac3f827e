/** How grave an alert is, from the gravest to the least, as Falco has them. */
export const priorities = [
  'emergency',
  'alert',
  'critical',
  'error',
  'warning',
  'notice',
  'informational',
  'debug',
] as const

export type Priority = (typeof priorities)[number]

/** Code in a sandbox did what a rule of detection names. */
export interface SandboxAlert {
  readonly type: 'sandbox-alert'
  readonly id: string
  /** null where nobody has the sandbox. */
  readonly tenant: string | null
  /** Which run in this sandbox it was, from 1 on: the one that went on or was the last; null where none has begun. */
  readonly cell: number | null
  readonly rule: string
  readonly priority: Priority
  readonly tags: readonly string[]
  /** Epoch milliseconds, by the sandbox's clock. */
  readonly at: number
  /** A sentence with what the sandbox did in it: untrusted text. */
  readonly output: string
  /** The values in it, by the names of their fields. */
  readonly fields: Readonly<Record<string, string>>
  /** How many alerts of this rule were counted and not told since the last one. */
  readonly suppressed: number
  /** Was the sandbox ended because of it? */
  readonly ended: boolean
}

/** Counters of one sandbox's trace since its start. */
export interface TraceFigures {
  /** Messages of the sandbox's kernel, and their bytes. */
  readonly messages: number
  readonly bytes: number
  /** Bytes of what the relay told of it, alerts for the most part. */
  readonly told: number
  readonly alerts: number
  /** Alerts that were held back since there were too many of one rule. */
  readonly suppressed: number
  /** Messages that the kernel could not send, and those that could not be read. */
  readonly lost: number
  readonly malformed: number
}

/** What the trace of one sandbox has told by now. */
export interface SandboxTrace {
  readonly isOver: boolean
  /** Has it ended because nobody heard it any more? */
  readonly isUnheard: boolean
  /** At most a second old; null where none came yet. */
  readonly figures: TraceFigures | null
  /** The last ones, the newest last. */
  readonly alerts: readonly SandboxAlert[]
}

/** Nobody hears a sandbox any more, which ends because of it. */
export interface SandboxUnheard {
  readonly type: 'sandbox-unheard'
  readonly id: string
  readonly tenant: string | null
  readonly cell: number | null
  readonly why: string
}

/** The kernel of a sandbox told more than could be heard: what was in it, nobody knows. */
export interface SandboxEventsLost {
  readonly type: 'sandbox-events-lost'
  readonly id: string
  readonly tenant: string | null
  readonly cell: number | null
  readonly count: number
}
