import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { completionScript } from '../../../src/cli/completion/scripts.ts'
import { commandWords } from '../../../src/cli/completion/words.ts'
import { createProgramWithoutParts, runCommand } from '../../support/cli/fake-sallyport.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { verifies } from '../../support/verifies.ts'

const commands = commandWords(createProgramWithoutParts())
const [zsh, fish] = ['zsh', 'fish'] as const
const missing: readonly string[] = [zsh, fish].filter((shell) => spawnSync(shell, ['-c', 'exit']).error !== undefined)
if (missing.length > 0) process.stderr.write(`SKIPPED: completion by ${missing.join(' and ')}, not installed here\n`)

/** What bash offers behind each line, as it stands when Tab is pressed. */
function inBash(lines: readonly string[], folder: string): readonly string[][] {
  const calls = lines.map((line) => {
    const words = line.split(' ').map((word) => `'${word}'`)
    return `COMP_WORDS=(${words.join(' ')}); COMP_CWORD=${words.length - 1}; _sallyport; echo "\${COMPREPLY[*]}"`
  })
  writeFileSync(join(folder, 'words'), [completionScript('bash', commands), ...calls].join('\n'))
  const ended = spawnSync('bash', ['--norc', '-u', join(folder, 'words')], { cwd: folder, encoding: 'utf8' })
  expect(ended.stderr).toBe('')
  return ended.stdout.split('\n').map((line) => line.split(' ').filter((word) => word !== ''))
}

describe('completion', () => {
  it('by bash has every command and every option that is shown', () => {
    verifies('terminal.completion')
    const lines = commands.flatMap(({ path }) => {
      const typed = ['sallyport', ...path].join(' ')
      return [`${typed} `, `${typed} -`]
    })
    const offered = inBash(lines, temporaryFolder('completion-'))
    for (const [at, command] of commands.entries()) {
      const [inner = [], options = []] = offered.slice(at * 2, at * 2 + 2)
      const where = command.path.join(' ')
      if (command.commands.length > 0) expect([where, inner]).toEqual([where, command.commands.map(({ name }) => name)])
      expect([where, options.toSorted()]).toEqual([where, command.options.flatMap(({ flags }) => flags).toSorted()])
    }
    expect(commands.length).toBeGreaterThan(50)
  })

  it('by bash knows where an option wants a value, and what it may be', () => {
    verifies('terminal.completion')
    const folder = temporaryFolder('completion-')
    writeFileSync(join(folder, 'orders.csv'), 'x\n1\n')
    const [formats, shells, begun, file, after, hidden] = inBash(
      [
        'sallyport sessions list --output ',
        'sallyport completion ',
        'sallyport sess',
        'sallyport ask --data ord',
        'sallyport --config a.yaml sessions ex',
        'sallyport sessi list --op',
      ],
      folder,
    )
    expect(formats).toEqual(['text', 'json'])
    expect(shells).toEqual(['bash', 'zsh', 'fish'])
    expect(begun).toEqual(['sessions'])
    expect(file).toEqual(['orders.csv'])
    expect(after).toEqual(['export'])
    // What is no command leads nowhere: the options are those of the program itself.
    expect(hidden).not.toContain('--open')
  })

  it('runs nothing that a description or a name holds', () => {
    const hostile = commands.map((command) => {
      const options = [{ flags: ['--x'], about: "'; touch made; '", takesValue: true, values: ["$(touch made)'`x`"] }]
      return { ...command, about: '$(touch made)', options }
    })
    const folder = temporaryFolder('completion-')
    for (const shell of ['bash', 'zsh', 'fish'] as const) {
      if (missing.includes(shell)) continue
      const run = "COMP_WORDS=(sallyport --x ''); COMP_CWORD=2; _sallyport"
      writeFileSync(join(folder, 'script'), `${completionScript(shell, hostile)}${shell === 'bash' ? run : ''}\n`)
      spawnSync(shell, [join(folder, 'script')], { cwd: folder })
      expect(spawnSync('ls', [folder], { encoding: 'utf8' }).stdout).toBe('script\n')
    }
  })

  it.skipIf(missing.includes(fish))('by fish has every command', () => {
    const folder = temporaryFolder('completion-')
    writeFileSync(join(folder, 'script'), `${completionScript('fish', commands)}complete -C 'sallyport sessions '\n`)
    const { stdout } = spawnSync(fish, ['--no-config', join(folder, 'script')], { encoding: 'utf8' })
    const inner = commands.find(({ path }) => path.join(' ') === 'sessions')?.commands ?? []
    const offered = new Set(stdout.split('\n').map((line) => line.split('\t')[0]))
    expect(inner.filter(({ name }) => !offered.has(name))).toEqual([])
    expect(inner).not.toEqual([])
  })

  it.skipIf(missing.includes(zsh))('by zsh is a script that zsh takes', () => {
    const folder = temporaryFolder('completion-')
    writeFileSync(join(folder, 'script'), `${completionScript('zsh', commands)}_sallyport_commands sessions\n`)
    const { stdout, status } = spawnSync(zsh, ['-f', join(folder, 'script')], { encoding: 'utf8' })
    expect(status).toBe(0)
    expect(stdout).toContain('export')
  })

  it('is printed by a command, and no other shell is known', async () => {
    const workingDirectory = temporaryFolder('completion-')
    const { exitCode, stdout } = await runCommand(['completion', 'bash'], { workingDirectory })
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: completionScript('bash', commands) })
    const wrong = await runCommand(['completion', 'cmd.exe'], { workingDirectory })
    expect(wrong.exitCode).toBe(2)
    expect(wrong.stderr).toContain('bash, zsh, fish')
  })
})
