import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { packagesProblem } from '../../../setup/packages.mjs'
import { Interruption, runShown, SetupError } from '../../../setup/shell.mjs'
import { TARGETS } from '../../../setup/targets.mjs'

const project = fileURLToPath(new URL('../../../', import.meta.url))

function start(parameters: string[], environment: Record<string, string> = {}) {
  const child = spawn(process.execPath, [join(project, 'setup/run.mjs'), ...parameters], {
    env: { ...process.env, ...environment },
  })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (text) => (stdout += text))
  child.stderr.on('data', (text) => (stderr += text))
  return new Promise<{ status: number | null; stdout: string; stderr: string }>((resolve) =>
    child.on('close', (status) => resolve({ status, stdout, stderr })),
  )
}

describe('the entry of the npm scripts', () => {
  it('names the targets there are when it is given another', async () => {
    const { status, stderr } = await start(['deploy'])
    expect(status).toBe(2)
    expect(stderr).toContain('There is no target "deploy"')
    for (const name of Object.keys(TARGETS)) expect(stderr).toContain(name)
  })

  it('stands behind every npm script that needs the set-up', () => {
    const { scripts } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'))
    const used = Object.values<string>(scripts).flatMap(
      (line) => /^exec node setup\/run\.mjs ([\w-]+)/.exec(line)?.[1] ?? [],
    )
    expect(used).toEqual(expect.arrayContaining(['demo', 'test', 'sallyport', 'setup']))
    for (const name of used) expect(Object.keys(TARGETS)).toContain(name)
  })

  it('tells the facts of a machine without a Docker daemon, and sets nothing up', async () => {
    const { status, stdout } = await start(['probe', '--json'], { DOCKER_HOST: 'unix:///nowhere/docker.sock' })
    expect(status).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      docker: { answers: false, address: 'unix:///nowhere/docker.sock', problem: expect.stringContaining('ENOENT') },
      gvisor: { registered: false, version: null },
      image: { id: null },
      proof: { held: false },
    })
  })

  // With packages missing it would install them, under the feet of the tests that run now.
  it.skipIf(packagesProblem() !== null)('gives the exit status of the program it runs', async () => {
    const { status } = await start(['sallyport', '--no-such-option'])
    expect(status).toBe(2)
  })
})

describe('the demo of a guarded endpoint', () => {
  // With packages missing it would install them, under the feet of the tests that run now.
  it.skipIf(packagesProblem() !== null)('starts without looking for Docker', async () => {
    const { status, stderr } = await start(['demo', '--upstream', '--no-such-option'], {
      DOCKER_HOST: 'tcp://192.0.2.1:1',
    })
    expect(status).toBe(2)
    expect(stderr).toContain("unknown option '--no-such-option'")
  })
})

describe('a service that is started by npm', () => {
  it('is told to keep its memory small, unless whoever starts it says otherwise', () => {
    expect(TARGETS['sallyport']).toMatchObject({
      commands: [['node', '--max-semi-space-size=16', 'src/cli/start.mjs']],
      environment: { MALLOC_ARENA_MAX: '2' },
    })
  })
})

describe('a long step', () => {
  let folder: string
  beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'sallyport-step-'))))
  afterEach(() => rmSync(folder, { recursive: true }))
  const failure = (script: string, options: { seconds?: number; advice?: string } = {}) =>
    runShown('try it', ['/bin/sh', '-c', script], { log: join(folder, 'logs', 'step.log'), ...options }).then(
      () => {
        throw new Error('it did not fail')
      },
      (error: SetupError) => error,
    )

  it('that fails shows how it ended, what it said, where the rest is, and what to do', async () => {
    const error = await failure('echo one; echo two >&2; exit 3', { advice: 'Do this.' })
    expect(error).toBeInstanceOf(SetupError)
    expect(error.message).toMatch(/^try it: exit status 3\n/)
    expect(error.message).toContain('    one')
    expect(error.message).toContain('    two')
    expect(error.message).toContain(join(folder, 'logs', 'step.log'))
    expect(error.advice).toBe('Do this.')
    expect(readFileSync(join(folder, 'logs', 'step.log'), 'utf8')).toContain('two')
  })

  it('shows the first and the last of much output', async () => {
    const { message } = await failure('i=0; while [ $i -lt 500 ]; do i=$((i+1)); echo "line $i"; done; exit 1')
    expect(message).toContain('    line 1\n')
    expect(message).toContain('    line 500\n')
    expect(message).not.toContain('    line 250\n')
  })

  it('is ended at its deadline', async () =>
    expect((await failure('sleep 60', { seconds: 0.1 })).message).toContain('ended by SIGTERM'))

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('that %s ends is an interruption, and takes the program with it', async (signal, exitCode) => {
    const log = join(folder, 'x.log')
    const step = runShown('try it', ['/bin/sh', '-c', 'sleep 60'], { log }).catch((error: unknown) => error)
    process.emit(signal, signal)
    const error = await step
    expect(error).toBeInstanceOf(Interruption)
    expect(error).toMatchObject({ exitCode, advice: expect.stringContaining('Run this again') })
  })

  it('that cannot start says so', async () =>
    await expect(runShown('try it', ['/no/such/program'], { log: join(folder, 'x.log') })).rejects.toThrow('ENOENT'))

  it('that succeeds leaves its output in the log', async () => {
    await runShown('try it', ['/bin/sh', '-c', 'echo fine'], { log: join(folder, 'fine.log') })
    expect(existsSync(join(folder, 'fine.log'))).toBe(true)
  })
})
