import { describe, expect, it } from 'vitest'
import { parseRules } from '../../../../src/sandbox/detection/rules/parse-rules.ts'
import { namesByNumber, traceSession } from '../../../../src/sandbox/detection/trace-session.ts'

const rules = (types: string) =>
  parseRules(`- rule: A\n  desc: d\n  condition: evt.type in (${types})\n  output: o\n  priority: error\n`)

const pointsOf = (types: string) =>
  (traceSession(rules(types), '/run/x') as { points: { name: string }[] }).points.map(({ name }) => name)

describe('a trace session', () => {
  it('asks for the points of its rules and those by which processes are known, and for nothing else', () => {
    expect(pointsOf('connect, mount')).toEqual([
      'sentry/execve',
      'sentry/clone',
      'sentry/exit_notify_parent',
      'syscall/connect/enter',
      'syscall/sysno/165/enter',
    ])
  })

  it('never ignores what the runtime does not know, and never starts a sandbox that cannot be heard', () => {
    const session = traceSession(rules('openat'), '/run/x')
    expect(session).toMatchObject({ sinks: [{ name: 'remote', config: { endpoint: '/run/x' } }] })
    expect(JSON.stringify(session)).not.toMatch(/ignore/)
  })

  it('asks for the folders from which relative paths are read', () => {
    const { points } = traceSession(rules('openat'), '/run/x') as { points: object[] }
    expect(points).toContainEqual(
      expect.objectContaining({
        name: 'syscall/openat/enter',
        optional_fields: ['fd_path'],
        context_fields: expect.arrayContaining(['cwd', 'group_id', 'credentials']),
      }),
    )
  })

  it('names each number once', () => {
    expect(namesByNumber()).toMatchObject({ 2: 'open', 59: 'execve_attempt', 165: 'mount', 437: 'openat2' })
  })
})
