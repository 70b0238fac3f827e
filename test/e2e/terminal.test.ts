import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { cleanEnvironment } from '../support/cli/sallyport-process.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const main = resolve(import.meta.dirname, '../../src/cli/main.ts')

/** Runs the command line on a terminal of its own (`script` makes one), types into it, and returns all that it shows. */
async function onTerminal(
  words: readonly string[],
  typed: readonly { readonly when: string; readonly keys: string }[] = [],
) {
  const command = [process.execPath, '--disable-warning=ExperimentalWarning', main, ...words]
  const line = command.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ')
  const { NO_COLOR: _, ...environment } = cleanEnvironment({ TERM: 'xterm-256color' })
  const child = spawn('script', ['-qec', `stty columns 60; exec ${line}`, '/dev/null'], {
    cwd: temporaryFolder('sallyport-terminal-'),
    env: environment,
  })
  let shown = ''
  const left = [...typed]
  child.stdout.on('data', (chunk: Buffer) => {
    shown += chunk.toString()
    const next = left[0]
    if (next === undefined || !shown.includes(next.when)) return
    left.shift()
    child.stdin.write(next.keys)
  })
  const code = await new Promise((done) => child.on('close', done))
  return { code, shown }
}

describe('on a terminal', () => {
  it('says what it waits for while a source opens and a sandbox starts, and shows the answer', async () => {
    const { code, shown } = await onTerminal(['ask', 'Which product categories bring the most margin?'])
    expect(code).toBe(0)
    expect(shown).toMatch(/[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] (opening the source shop|run_sql is running)/)
    expect(shown).toMatch(/[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] (starting a sandbox|run_python is running)/)
    expect(shown).toContain('Chart: ')
  })

  it('takes a paste for one question and a misspelt command for none', async () => {
    const { code, shown } = await onTerminal(
      [],
      [
        { when: '❯', keys: '/hlep\r' },
        { when: 'did you mean /help?', keys: '\u001b[200~first line\rsecond line\rthird line\u001b[201~' },
        { when: 'third line', keys: '\r' },
        { when: 'tokens', keys: '/exit\r' },
      ],
    )
    expect(code).toBe(0)
    expect(shown.split('[Scripted answer')).toHaveLength(2)
  })
})
