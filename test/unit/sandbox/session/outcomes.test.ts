import { describe, expect, it } from 'vitest'
import type { DoneMessage } from '../../../../src/sandbox/protocol/messages.ts'
import { decideOutcome, evidenceSince, type RunEvidence } from '../../../../src/sandbox/session/outcomes.ts'
import { plainDone } from '../../../support/sandbox/fake-supervisor.ts'

const done: DoneMessage = {
  ...plainDone,
  id: 1,
}
const quiet: RunEvidence = {
  hostAction: null,
  done,
  oomKills: 0,
  taskLimitHits: 0,
  exit: null,
  loss: null,
  partLost: false,
  wallMilliseconds: 1000,
}
const ended = { exitCode: 137, oomKilled: false }
const died = { ...done, reason: 'worker-died', worker_alive: false } as const
const raised = { ...done, reason: 'raised' } as const

const table: readonly [string, Partial<RunEvidence>, string, boolean][] = [
  ['a run that completed', {}, 'ok', true],
  ['an exception', { done: raised }, 'user-error', true],
  ['a failed allocation', { done: { ...raised, evidence: 'memory' } }, 'out-of-memory', true],
  ['a failed fork', { done: { ...raised, evidence: 'processes' } }, 'too-many-processes', true],
  ['a full disk', { done: { ...raised, evidence: 'disk' } }, 'disk-full', true],
  ['a file at its limit', { done: { ...raised, evidence: 'file-size' } }, 'disk-full', true],
  ['a failure the code caught', { done: { ...done, evidence: 'memory' } }, 'ok', true],
  [
    'an interrupt at the deadline',
    { hostAction: 'deadline', done: { ...done, reason: 'interrupted' } },
    'timeout',
    true,
  ],
  ['a kill at the deadline', { hostAction: 'deadline', done: died }, 'timeout', false],
  ['a destruction at the deadline', { hostAction: 'deadline', done: null }, 'timeout', false],
  ['a cancellation', { hostAction: 'cancelled', done: { ...done, reason: 'interrupted' } }, 'cancelled', true],
  ['too much memory, seen from inside', { hostAction: 'memory', done: died }, 'out-of-memory', false],
  ['too much output', { hostAction: 'output', done: { ...done, reason: 'interrupted' } }, 'output-limit', true],
  ['a kill by the kernel', { done: null, oomKills: 1, exit: ended }, 'out-of-memory', false],
  ['a kill the runtime reports', { done: null, exit: { exitCode: 137, oomKilled: true } }, 'out-of-memory', false],
  ['a kill by the kernel of the worker alone', { done: died, oomKills: 1 }, 'out-of-memory', false],
  ['a kill by the kernel after the deadline', { hostAction: 'deadline', done: null, oomKills: 1 }, 'timeout', false],
  ['no host threads left', { done: null, taskLimitHits: 3, exit: ended }, 'too-many-processes', false],
  ['a sandbox that ended for no known reason', { done: null, exit: ended }, 'sandbox-lost', false],
  ['a worker ended by a signal', { done: { ...died, status: { signaled: 11 } } }, 'user-error', false],
  ['a worker that exited', { done: { ...died, status: { exited: 0 } } }, 'user-error', false],
  ['a worker ended by SIGXFSZ', { done: { ...died, status: { signaled: 25 } } }, 'disk-full', false],
  ['a process that could not be ended', { done: { ...done, processes_left: 1 } }, 'user-error', false],
  ['a worker that lies about its end', { done: { ...done, still_running: true } }, 'user-error', false],
  ['a run whose keeper, or another worker, was lost', { partLost: true }, 'ok', false],
  ['processes left behind and ended', { done: { ...done, processes_found: 2 } }, 'ok', true],
]

const gone = 'The session and its variables are gone.'
const kept = 'The variables of the session are still there.'
const interrupted = { ...done, reason: 'interrupted' } as const
const notices: readonly [string, Partial<RunEvidence>, string | null][] = [
  ['a run that completed', {}, null],
  ['an exception', { done: raised }, null],
  [
    'a failed allocation',
    { done: { ...raised, evidence: 'memory' } },
    'An allocation failed: the program is at its memory limit.',
  ],
  [
    'a failed fork',
    { done: { ...raised, evidence: 'processes' } },
    'A process or thread could not be started: the limit is reached.',
  ],
  ['a full disk', { done: { ...raised, evidence: 'disk' } }, 'A write failed: the disk of the sandbox is full.'],
  [
    'a file at its limit',
    { done: { ...raised, evidence: 'file-size' } },
    'A write failed: the file is at the size limit.',
  ],
  ['a deadline', { hostAction: 'deadline', done: interrupted }, `The run was stopped at its limit of 1000 ms. ${kept}`],
  [
    'a kill at the deadline',
    { hostAction: 'deadline', done: died },
    `The run was stopped at its limit of 1000 ms. ${gone}`,
  ],
  ['a cancellation', { hostAction: 'cancelled', done: null }, `The run was cancelled. ${gone}`],
  [
    'a kill by the kernel',
    { done: null, oomKills: 1 },
    `The sandbox used more memory than it may, and the kernel ended it. ${gone}`,
  ],
  ['too much memory', { hostAction: 'memory', done: died }, `The run used more memory than the sandbox may. ${gone}`],
  [
    'too much output',
    { hostAction: 'output', done: interrupted },
    `The run wrote far more output than is kept. ${kept}`,
  ],
  ['no host threads left', { done: null, taskLimitHits: 1 }, `The sandbox ran out of threads on the host. ${gone}`],
  ['a loss', { done: null, loss: 'it broke' }, `The sandbox was lost before the run ended (it broke). ${gone}`],
  [
    'the end that an operator made',
    { done: null, loss: 'it closed', isEndedByOperator: true },
    `An operator ended the sandbox before the run ended. ${gone}`,
  ],
  ['a loss without a reason', { done: null }, `The sandbox was lost before the run ended (no reason known). ${gone}`],
  [
    'a worker that exited',
    { done: { ...died, status: { exited: 3 } } },
    `The code ended the interpreter with status 3. ${gone}`,
  ],
  [
    'a worker ended by a signal',
    { done: { ...died, status: { signaled: 24 } } },
    `The interpreter was ended by signal 24. ${gone}`,
  ],
  ['a worker that is gone', { done: died }, `The code ended the interpreter. ${gone}`],
  [
    'what goes on',
    { done: { ...done, still_running: true } },
    `The code said it was done but left something running that could not be ended. ${gone}`,
  ],
  [
    'what is left',
    { done: { ...raised, processes_left: 1 } },
    `The code said it was done but left something running that could not be ended. ${gone}`,
  ],
  ['one process ended', { done: { ...raised, processes_found: 1 } }, '1 processes the code left behind were ended.'],
  ['one thread', { done: { ...done, threads_left: 1 } }, '1 threads of the code are still running.'],
  [
    'a limit on the way and what was left',
    { done: { ...done, evidence: 'disk', processes_found: 2, threads_left: 3 } },
    'A write failed on the way: the disk of the sandbox was full. 2 processes the code left behind were ended. 3 threads of the code are still running.',
  ],
]

describe('the outcome', () => {
  it.each(notices)('of %s says exactly that', (_, evidence, notice) => {
    expect(decideOutcome({ ...quiet, ...evidence }).notice).toBe(notice)
  })

  it.each(table)('of %s', (_, evidence, outcome, sessionAlive) => {
    const decision = decideOutcome({ ...quiet, ...evidence })
    expect(decision).toMatchObject({ outcome, sessionAlive })
    if (outcome !== 'ok') expect(decision.notice === null).toBe(outcome === 'user-error' && sessionAlive)
    if (!sessionAlive) expect(decision.notice).toContain('variables are gone')
  })

  it.each([
    ['memory', /allocation failed/],
    ['processes', /limit of processes and threads/],
    ['disk', /disk of the sandbox was full/],
    ['file-size', /size limit/],
  ] as const)('of a run that completed in spite of a limit (%s) is ok and names the limit', (evidence, notice) => {
    const decision = decideOutcome({ ...quiet, done: { ...done, evidence } })
    expect(decision.outcome).toBe('ok')
    expect(decision.notice).toMatch(notice)
  })

  it('tells of processes and threads that were left', () => {
    const decision = decideOutcome({ ...quiet, done: { ...done, processes_found: 2, threads_left: 1 } })
    expect(decision.notice).toMatch(/2 processes.*1 threads/)
  })

  it('T2: never says of the session what its notice or its flag denies, whatever the evidence', () => {
    const actions = [null, 'deadline', 'cancelled', 'output', 'memory'] as const
    const reasons = ['completed', 'raised', 'interrupted', 'worker-died'] as const
    const flags = [true, false]
    const accounts: DoneMessage[] = []
    for (const reason of reasons)
      for (const worker_alive of flags)
        for (const still_running of flags)
          for (const processes_left of [0, 2])
            accounts.push({ ...done, reason, worker_alive, still_running, processes_left })
    const evidence: RunEvidence[] = []
    for (const hostAction of actions)
      for (const account of [null, ...accounts])
        for (const partLost of flags)
          for (const exit of [null, ended]) evidence.push({ ...quiet, hostAction, done: account, partLost, exit })
    expect(evidence).toHaveLength(5 * 33 * 4)
    for (const each of evidence) {
      const { outcome, notice, sessionAlive } = decideOutcome(each)
      expect(notice?.includes('are gone') ?? false).toBe(!sessionAlive)
      expect(notice?.includes('still there') ?? false).toBe(sessionAlive && each.hostAction !== null)
      if (each.hostAction === 'deadline') expect(outcome).toBe('timeout')
      if (outcome === 'sandbox-lost') expect(sessionAlive).toBe(false)
    }
  })

  it('T2: of a run that never began tells why, and whether the session is there for the next', () => {
    const epitaph = 'The sandbox has ended; claim a new one.'
    expect(decideOutcome({ unbegun: 'cancelled', sessionAlive: true, epitaph })).toEqual({
      outcome: 'cancelled',
      notice: 'The run was cancelled before it began.',
      sessionAlive: true,
    })
    expect(decideOutcome({ unbegun: 'cancelled', sessionAlive: false, epitaph })).toMatchObject({
      outcome: 'cancelled',
      notice: expect.stringContaining('has ended') as string,
      sessionAlive: false,
    })
    expect(decideOutcome({ unbegun: 'ended', sessionAlive: false, epitaph })).toEqual({
      outcome: 'sandbox-lost',
      notice: epitaph,
      sessionAlive: false,
    })
  })
})

it('evidence is what happened between two readings, and never less than nothing', () => {
  const before = { oomKills: 2, taskLimitHits: 5, peakMemoryBytes: null }
  const after = { oomKills: 3, taskLimitHits: 9, peakMemoryBytes: 1 }
  expect(evidenceSince(before, after)).toEqual({ oomKills: 1, taskLimitHits: 4 })
  expect(evidenceSince(before, before)).toEqual({ oomKills: 0, taskLimitHits: 0 })
  expect(evidenceSince(after, before)).toEqual({ oomKills: 0, taskLimitHits: 0 })
})
