import { getSignature } from 'e2b'
import { describe, expect, it } from 'vitest'
import type { ExecutionAnswer } from '../../../../src/core/execution.ts'
import type { CellResult } from '../../../../src/core/result.ts'
import { outcomes } from '../../../../src/core/result.ts'
import { linesOf, lineText } from '../../../../src/surfaces/e2b/cell-lines.ts'
import { toChart } from '../../../../src/surfaces/e2b/charts.ts'
import { shellOf } from '../../../../src/surfaces/e2b/commands.ts'
import { KnownSandboxes, signatureOf } from '../../../../src/surfaces/e2b/known-sandboxes.ts'
import { entriesBelow, entryAt } from '../../../../src/surfaces/e2b/sandbox-entries.ts'
import { toSandboxPath } from '../../../../src/surfaces/sandbox-path.ts'

const nothing = { text: '', truncated: false }
const cellOf = (changes: Partial<CellResult>): Extract<ExecutionAnswer, { kind: 'result' }> => ({
  kind: 'result',
  cell: {
    outcome: 'ok',
    stdout: nothing,
    stderr: nothing,
    results: [],
    error: null,
    artifacts: [],
    timings: { queueMs: 0, runMs: 0 },
    peakMemoryBytes: null,
    truncated: [],
    sessionAlive: true,
    notice: null,
    ...changes,
  },
  files: [],
  missing: [],
  ranIn: '',
  renewed: null,
})

describe('the lines of a program', () => {
  it.each(outcomes.filter((outcome) => outcome !== 'ok'))('%s is never a run that had nothing to say', (outcome) => {
    const [line] = linesOf(cellOf({ outcome }))
    expect(line).toMatchObject({ type: 'error', value: expect.stringMatching(/./) })
  })

  it('are none where a program has nothing to say', () => {
    expect(linesOf(cellOf({}))).toEqual([])
  })

  it('say which rules refused it', () => {
    const finding = { rule: 'python.eval', message: 'eval is not allowed', span: null } as never
    expect(linesOf({ kind: 'refused', findings: [finding] })).toMatchObject([
      { type: 'error', name: 'Refused', value: expect.stringContaining('eval is not allowed') },
    ])
  })

  it('keep the error of a program beside what ended it', () => {
    const error = { name: 'MemoryError', value: 'too much', traceback: 'T' }
    expect(linesOf(cellOf({ outcome: 'out-of-memory', error, notice: 'The limit is 1 MiB.' }))).toEqual([
      { type: 'error', name: 'MemoryError', value: 'too much The limit is 1 MiB.', traceback: 'T' },
    ])
  })

  it('are one line of ASCII each, whatever they hold', () => {
    const text = lineText({ type: 'stdout', text: 'é 🙂\n\u2028\u007f' })
    expect(text).toMatch(/^[ -~]+\n$/)
    expect(JSON.parse(text)).toEqual({ type: 'stdout', text: 'é 🙂\n\u2028\u007f' })
  })

  it('have a table by its columns, those of one name apart', () => {
    const columns = ['a', 'a', '__proto__'].map((name) => ({ name, type: 'int' }))
    const [line] = linesOf(cellOf({ results: [{ isMain: true, data: { columns, rows: [[1, 2, 3]], totalRows: 1 } }] }))
    expect(JSON.stringify(line?.['data'])).toBe('{"a":[1],"a.1":[2],"__proto__":[3]}')
  })
})

describe('a figure for E2B', () => {
  it.each(['line', 'scatter'])('of the type %s has every member that the Python client takes', (type) => {
    const members = 'x_label y_label x_unit y_unit x_ticks x_tick_labels x_scale y_ticks y_tick_labels y_scale title'
    expect(Object.keys(toChart({ type, elements: [] }) as object)).toEqual(expect.arrayContaining(members.split(' ')))
  })

  it('names the ends of a box as the clients do', () => {
    const elements = [{ label: 'a', minimum: 1, median: 2, maximum: 3 }]
    expect(toChart({ type: 'box', elements })).toMatchObject({
      type: 'box_and_whisker',
      elements: [{ label: 'a', min: 1, median: 2, max: 3 }],
    })
  })

  it.each([
    ['in space', { type: 'scatter', elements: [{ label: 'a', points: [[1, 2, 3]] }] }],
    ['of a type to come', { type: 'sankey', elements: [{}] }],
  ])('is unknown where they know none: %s', (_what, chart) => {
    expect(toChart(chart)).toMatchObject({ type: 'unknown', elements: [], title: null })
  })

  it('holds others', () => {
    expect(toChart({ type: 'superchart', elements: [{ type: 'box', elements: [] }] })).toMatchObject({
      elements: [{ type: 'box_and_whisker' }],
    })
  })
})

describe('paths', () => {
  it.each([
    ['a/b.txt', 'a/b.txt'],
    ['./a', 'a'],
    ['/mnt/data/a/', 'a'],
    ['/mnt/data', ''],
    ['.', ''],
  ])('%s is below /mnt/data', (path, below) => {
    expect(toSandboxPath(path)).toBe(below)
  })

  it.each(['', '/', '/etc/passwd', '/mnt/database', '/mnt/data2/x', '/home/user'])('%s is not', (path) => {
    expect(() => toSandboxPath(path)).toThrow('is not below /mnt/data')
  })

  it('are folders by the files in them', () => {
    const files = [{ path: 'a/b/c', bytes: 1 }]
    expect(entriesBelow('', 1, { files, made: new Set(['z/y']) }).map(({ path }) => path)).toEqual([
      '/mnt/data/a',
      '/mnt/data/z',
    ])
    expect(entriesBelow('', 9, { files, made: new Set() }).length).toBe(3)
    expect(entryAt('a/b', files, new Set())?.type).toBe('FILE_TYPE_DIRECTORY')
    expect(entryAt('a/b/c/d', files, new Set())).toBeNull()
  })
})

describe('a command', () => {
  it('is one word of the shell for each of its own, whatever stands in them', () => {
    const command = {
      cmd: '/bin/bash',
      args: ['-l', '-c', `echo 'a'; $(reboot)`],
      envs: { A: "it's" },
      cwd: "x'; id #",
    }
    expect(shellOf(command)).toBe(
      `cd '/mnt/data/x'\\''; id #' && exec env 'A=it'\\''s' '/bin/bash' '-l' '-c' 'echo '\\''a'\\''; $(reboot)'`,
    )
  })
})

describe('sandboxes that are known', () => {
  const facts = {
    credential: null,
    template: 'base',
    metadata: {},
    startedAt: new Date(),
    longestRunMilliseconds: 1,
  }
  const principal = (id: string) => ({ id, kind: 'api-key', group: 'default' }) as never
  const known = new KnownSandboxes()
  const one = known.add({ ...facts, id: 's1', principal: principal('ann') })
  const two = known.add({ ...facts, id: 's2', principal: principal('bob') })

  it('are found by their own token alone', () => {
    expect(known.byToken('s1', one.token)).toBe(one)
    for (const wrong of [two.token, '', one.token.slice(1), `${one.token}0`, '0'.repeat(64)]) {
      expect(known.byToken('s1', wrong)).toBeNull()
    }
    expect(known.byToken('s3', '0'.repeat(64))).toBeNull()
  })

  it('are found by their caller alone', () => {
    expect([known.ofCaller(principal('ann'), 's1'), known.ofCaller(principal('bob'), 's1')]).toEqual([one, null])
  })

  it.each([
    [undefined, 60],
    ['user', 60],
    [undefined, undefined],
  ] as const)('are found by the signature that the client makes: user %s, %s s', async (user, expirationInSeconds) => {
    const options = { path: 'a b.txt', operation: 'read', envdAccessToken: two.token } as const
    const signed = await getSignature({
      ...options,
      user,
      ...(expirationInSeconds === undefined ? {} : { expirationInSeconds }),
    })
    const link = { path: 'a b.txt', operation: 'read', user: user ?? '', expires: signed.expiration } as const
    expect(signatureOf(link, two.token)).toBe(signed.signature)
    expect(known.bySignature({ ...link, signature: signed.signature }, Date.now())).toBe(two)
    expect(known.bySignature({ ...link, path: 'b', signature: signed.signature }, Date.now())).toBeNull()
    expect(known.bySignature({ ...link, operation: 'write', signature: signed.signature }, Date.now())).toBeNull()
    const later = known.bySignature({ ...link, signature: signed.signature }, Date.now() + 61_000)
    expect(later).toBe(expirationInSeconds === undefined ? two : null)
  })
})
