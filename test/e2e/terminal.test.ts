import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { cleanEnvironment } from '../support/cli/sallyport-process.ts'
import { rulesWithTerms } from '../support/policy/rules-with-terms.ts'
import { verifies } from '../support/verifies.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const main = resolve(import.meta.dirname, '../../src/cli/main.ts')

/** Runs the command line on a terminal of its own (`script` makes one), types into it, and returns all that it shows. */
async function onTerminal(
  words: readonly string[],
  typed: readonly { readonly when: string; readonly keys: string }[] = [],
  variables: Readonly<Record<string, string>> = {},
) {
  const command = [process.execPath, '--disable-warning=ExperimentalWarning', main, ...words]
  const line = command.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ')
  const { NO_COLOR: _, ...environment } = cleanEnvironment({ TERM: 'xterm-256color', ...variables })
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
    verifies('terminal.pictures')
    const question = 'Which product categories bring the most margin?'
    const { code, shown } = await onTerminal(['ask', question], [], { TERM: 'xterm-kitty' })
    expect(code).toBe(0)
    const [, picture = ''] = /_Ga=T,f=100,q=2,c=60,m=1;([\w+/]+)/.exec(shown) ?? []
    expect(Buffer.from(picture, 'base64').subarray(1, 4).toString()).toBe('PNG')
    expect(shown).toMatch(/[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] (opening the source shop|run_sql is running)/)
    expect(shown).toMatch(/[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] (starting a sandbox|run_python is running)/)
    expect(shown).toContain('Chart: ')
  })

  it.each<[string, string, number, RegExp]>([
    ['runs once where they type allow', 'allow', 0, /tokens/],
    // The model of the demo knows no other statement, and answers with the refusal.
    ['is refused where they type refuse', 'refuse', 0, /a step of it was\s+refused here[^]*A person refused this call/],
    ['waits where they press Enter, and it is said how to allow it', '', 3, /sallyport approvals allow apr-/],
  ])('a call for which a rule wants the person there %s', async (_what, keys, code, expected) => {
    verifies('policy.approved-at-the-terminal')
    const term = { touches: ['public.customers.email'], ask: 'Somebody has to look at it.' }
    const bundle = rulesWithTerms({ actions: { 'mail-addresses': term } })
    const ended = await onTerminal(
      ['ask', 'Who are our ten best customers, and how do we reach them?'],
      [{ when: 'Enter decides later: ', keys: `${keys}\r` }],
      { SALLYPORT_POLICY_BUNDLE: bundle },
    )
    expect(ended.shown).toContain('| Somebody has to look at it.')
    expect(ended.shown).toMatch(/ {2}\| .*SELECT/)
    expect(ended.shown).toMatch(
      / {2}tables: .*public\.customers[^]* {2}planner: about [\d,]+ rows at a cost of [\d,.]+; /,
    )
    expect(ended.shown).toMatch(expected)
    expect(ended.code).toBe(code)
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
