import type { Outcome } from '../../core/result.ts'
import type { HostEvidence, SandboxExit } from '../driver.ts'
import type { DoneMessage } from '../protocol/messages.ts'

/** How a run ended according to the inside: the supervisor of a sandbox, or the process around an isolate. */
export type Account = Pick<
  DoneMessage,
  | 'reason'
  | 'evidence'
  | 'status'
  | 'worker_alive'
  | 'still_running'
  | 'processes_found'
  | 'processes_left'
  | 'threads_left'
>

/** Everything known about how a run ended. Nothing in it is a message's text. */
export interface RunEvidence {
  /** What the host did first, before the run was over; null where it let the run end. */
  readonly hostAction: 'deadline' | 'cancelled' | 'output' | 'memory' | null
  /** The account from inside; null where none came. */
  readonly done: Account | null
  /** Kills by the kernel for want of memory during this run. */
  readonly oomKills: number
  /** Host tasks the kernel refused during this run. */
  readonly taskLimitHits: number
  /** Set when the sandbox as a whole ended. */
  readonly exit: SandboxExit | null
  /** A worker, or the process that interrupts and ends the others, is gone: what comes next could not be run or stopped. */
  readonly partLost: boolean
  /** What is known of the loss of the connection: shown to people, never decided upon. */
  readonly loss: string | null
  /** Has an operator ended the sandbox? Absent where none has. */
  readonly isEndedByOperator?: boolean
  /** Milliseconds of wall time the run was allowed. */
  readonly wallMilliseconds: number
}

/** Evidence about a run that never began, because it was not handed over. */
export interface UnbegunEvidence {
  readonly unbegun: 'cancelled' | 'ended'
  /** Is the session there for another run? */
  readonly sessionAlive: boolean
  /** Why the session ended; used only where it did. */
  readonly epitaph: string
}

export interface Decision {
  readonly outcome: Outcome
  readonly notice: string | null
  /** Do the variables still exist? */
  readonly sessionAlive: boolean
}

const lostVariables = 'The session and its variables are gone.'
const keptVariables = 'The variables of the session are still there.'

/**
 * How a run ended, from evidence alone, under every driver: outcome, notice and what is left of the session are made
 * here and nowhere else, so that none can contradict another.
 */
export function decideOutcome(evidence: RunEvidence | UnbegunEvidence): Decision {
  if ('unbegun' in evidence) return decideUnbegun(evidence)
  const sessionAlive = livesOn(evidence)
  const [outcome, reason] = causeOf(evidence)
  const fate = sessionAlive ? (evidence.hostAction === null ? null : keptVariables) : lostVariables
  const notice = [reason, fate].filter((line) => line !== null)
  return { outcome, notice: notice.length === 0 ? null : notice.join(' '), sessionAlive }
}

function decideUnbegun({ unbegun, sessionAlive, epitaph }: UnbegunEvidence): Decision {
  if (unbegun === 'ended') return { outcome: 'sandbox-lost', notice: epitaph, sessionAlive: false }
  const notice = ['The run was cancelled before it began.', sessionAlive ? null : epitaph]
  return { outcome: 'cancelled', notice: notice.filter((line) => line !== null).join(' '), sessionAlive }
}

function livesOn({ done, partLost, exit }: RunEvidence): boolean {
  if (done === null || partLost || exit !== null) return false
  return done.worker_alive && !done.still_running && done.processes_left === 0
}

type Cause = readonly [Outcome, string | null]

function causeOf(evidence: RunEvidence): Cause {
  // The host's own clock and signal come first: whatever happened afterwards happened to a run that was being ended.
  if (evidence.hostAction === 'cancelled') return ['cancelled', 'The run was cancelled.']
  if (evidence.hostAction === 'deadline') {
    return ['timeout', `The run was stopped at its limit of ${evidence.wallMilliseconds} ms.`]
  }
  if (evidence.oomKills > 0 || evidence.exit?.oomKilled === true) {
    return ['out-of-memory', 'The sandbox used more memory than it may, and the kernel ended it.']
  }
  if (evidence.hostAction === 'memory') return ['out-of-memory', 'The run used more memory than the sandbox may.']
  if (evidence.hostAction === 'output') return ['output-limit', 'The run wrote far more output than is kept.']
  if (evidence.done !== null) return causeInside(evidence.done)
  // gVisor itself ends when the host refuses it a thread.
  if (evidence.taskLimitHits > 0) return ['too-many-processes', 'The sandbox ran out of threads on the host.']
  if (evidence.isEndedByOperator === true)
    return ['sandbox-lost', 'An operator ended the sandbox before the run ended.']
  return ['sandbox-lost', `The sandbox was lost before the run ended (${evidence.loss ?? 'no reason known'}).`]
}

const resourceCauses = {
  memory: ['out-of-memory', 'An allocation failed: the program is at its memory limit.'],
  processes: ['too-many-processes', 'A process or thread could not be started: the limit is reached.'],
  disk: ['disk-full', 'A write failed: the disk of the sandbox is full.'],
  'file-size': ['disk-full', 'A write failed: the file is at the size limit.'],
} as const satisfies Record<string, Cause>

/** Notices for a run that completed although it reached a limit: its code handled that, so the run did not fail. */
const limitsReached = {
  memory: 'An allocation failed on the way.',
  processes: 'The limit of processes and threads was reached on the way.',
  disk: 'A write failed on the way: the disk of the sandbox was full.',
  'file-size': 'A write failed on the way: a file was at the size limit.',
} as const satisfies Record<keyof typeof resourceCauses, string>

const fileSizeSignal = 25

/** The supervisor's account of a run that the host did not have to end. */
function causeInside(done: Account): Cause {
  if (done.still_running || done.processes_left > 0) {
    return ['user-error', 'The code said it was done but left something running that could not be ended.']
  }
  if (done.reason === 'completed') return ['ok', leftovers(done)]
  if (done.evidence !== null) return resourceCauses[done.evidence]
  if (done.reason === 'worker-died') return deathOf(done)
  return ['user-error', leftovers(done)]
}

function deathOf(done: Account): Cause {
  const status = done.status
  if (status !== null && 'signaled' in status && status.signaled === fileSizeSignal) return resourceCauses['file-size']
  if (status === null) return ['user-error', 'The code ended the interpreter.']
  return [
    'user-error',
    'exited' in status
      ? `The code ended the interpreter with status ${status.exited}.`
      : `The interpreter was ended by signal ${status.signaled}.`,
  ]
}

function leftovers(done: Account): string | null {
  const parts = [
    done.reason === 'completed' && done.evidence !== null ? limitsReached[done.evidence] : null,
    done.processes_found > 0 ? `${done.processes_found} processes the code left behind were ended.` : null,
    done.threads_left > 0 ? `${done.threads_left} threads of the code are still running.` : null,
  ].filter((part) => part !== null)
  return parts.length === 0 ? null : parts.join(' ')
}

/** What happened between two readings of the host's counters. */
export function evidenceSince(
  before: HostEvidence,
  after: HostEvidence,
): Pick<RunEvidence, 'oomKills' | 'taskLimitHits'> {
  return {
    oomKills: Math.max(0, after.oomKills - before.oomKills),
    taskLimitHits: Math.max(0, after.taskLimitHits - before.taskLimitHits),
  }
}
