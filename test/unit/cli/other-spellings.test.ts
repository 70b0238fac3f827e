import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createFakeSallyport, runCommand } from '../../support/cli/fake-sallyport.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-spellings-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

async function run(line: string) {
  const fake = createFakeSallyport({})
  const ended = await runCommand(line.split(' '), { ...fake, workingDirectory: folder })
  expect(fake.requests).toEqual([])
  return ended
}

describe('another spelling of a command', () => {
  it.each([
    ['key create alice --group finance', 'there is no command "key"; it is "keys": sallyport keys create'],
    ['key list', 'sallyport keys list'],
    ['key revoke k1', 'sallyport keys revoke'],
    ['key', 'it is "keys": sallyport keys\n'],
    ['key turn', 'it is "keys": sallyport keys\n'],
    ['session close session_1', 'sallyport sessions close'],
    ['audit check', 'there is no command "audit check"; it is "audit verify": sallyport audit verify'],
    ['audit check trail.jsonl --expect x', 'it is "audit verify"'],
  ])('is refused and does nothing: %s', async (line, message) => {
    const { exitCode, stdout, stderr } = await run(line)
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toContain(message)
  })

  it('is in no list, nor what a person is taken to mean', async () => {
    expect((await run('--help')).stdout).not.toMatch(/^ {2}(key|session) /m)
    expect((await run('audit --help')).stdout).not.toMatch(/^ {2}check /m)
    expect((await run('kee')).stderr).not.toContain('"key"')
  })
})

describe('--json', () => {
  it.each([
    'ask x',
    'run x.py',
    'sql SELECT',
    'sql check SELECT',
    'sql grant-script',
    'serve',
    'demo',
    'doctor',
    'config check',
    'config show',
    'sessions list',
    'keys create alice',
    'keys list',
    'keys revoke k1',
    'audit verify',
  ])('is refused with what does it: %s', async (line) => {
    const { exitCode, stdout, stderr } = await run(`${line} --json`)
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toContain('there is no option --json; write --output json')
  })

  it('is not what another unknown option is taken for', async () => {
    expect((await run('doctor --jsno')).stderr).not.toContain('write --output json')
  })
})

describe('an option before the command it is meant for', () => {
  it.each([
    ['--data a.csv sql SELECT', '--data stands before "sql"'],
    ['--output json keys list', '--output stands before "list"'],
    ['-q ask x', '--quiet stands before "ask"'],
    ['--source shop chat', '--source stands before "chat"'],
    ['sql --source shop check SELECT', '--source stands before "check"'],
  ])('is refused, since nothing would read it: %s', async (line, message) => {
    const { exitCode, stdout, stderr } = await run(line)
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toContain(message)
  })

  it('is read where every command takes it', async () => {
    expect(await run('--set telemetry.log_level=error config show')).toMatchObject({ exitCode: 0 })
  })
})
