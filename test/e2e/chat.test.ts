import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { cleanEnvironment, sallyport, serve } from '../support/cli/sallyport-process.ts'
import { noTmux, TmuxTerminal } from '../support/cli/tmux-terminal.ts'
import { ScriptedOpenAiServer } from '../support/http/scripted-openai-server.ts'
import { rulesWithTerms } from '../support/policy/rules-with-terms.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { verifies } from '../support/verifies.ts'

const escape = '\u001b'

/** The same storage for each process of a test, in colours unless that is said. */
function environmentOf(changes: Readonly<Record<string, string>> = {}): Record<string, string> {
  const { NO_COLOR: _, ...environment } = cleanEnvironment()
  return { ...environment, ...changes }
}

describe.skipIf(noTmux !== null)('a conversation on a terminal', () => {
  it('answers with a table that fits 60 columns, is kept, and goes on in another process', async () => {
    verifies('terminal.kept')
    verifies('terminal.narrow')
    verifies('terminal.history')
    const environment = environmentOf()
    const question = 'Which product categories bring the most margin?'
    {
      using terminal = TmuxTerminal.start([], { environment })
      await terminal.waitFor('❯')
      terminal.type(question)
      await terminal.waitFor(/tokens, [\d.]+ m?s[^]*❯$/)
      const lines = terminal.lines()
      const table = lines.filter((line) => /^[│┌└├]/.test(line))
      expect(table.length).toBeGreaterThan(3)
      expect(table.filter((line) => !/[│┐┘┤]$/.test(line) || line.length > 60)).toEqual([])
      // Prose is not torn within a word.
      expect(lines.join('\n')).toContain('[Scripted answer of the demo model: its words were written\nin advance')
      expect(terminal.shown({ styled: true })).toContain(`${escape}[`)
      terminal.type('/cost')
      await terminal.waitFor('1 question here; ')
      terminal.type('/exit')
      await terminal.waitFor(/\n {2}sallyport --resume conv_[0-9a-f]{32}\nended with 0/)
    }
    using terminal = TmuxTerminal.start(['--continue'], { environment: { ...environment, NO_COLOR: '1' } })
    await terminal.waitFor(/Going on with conv_[0-9a-f]{32} "Which\sproduct\scategories/)
    await terminal.waitFor(/not\sthere\sany\smore;[^]*what\smade\sthem\.\n❯$/)
    terminal.press('Up')
    await terminal.waitFor(`❯ ${question}`)
    terminal.press('Enter')
    // Nobody is asked: which tables the question was about is kept with it.
    await terminal.waitFor(/tokens, [\d.]+ m?s[^]*❯$/)
    expect(terminal.shown()).not.toContain('table-outside-plan')
    expect(terminal.shown({ styled: true })).not.toContain(escape)
    terminal.type('/export md answer.md')
    await terminal.waitFor('\nanswer.md')
    terminal.type('/undo')
    await terminal.waitFor('The last question is taken back.')
    terminal.press('C-d')
    await terminal.waitFor('ended with 0')
    const { stdout } = await sallyport(['sessions', 'list', '--output', 'json'], { environment })
    expect(JSON.parse(stdout)).toMatchObject({ data: [{ title: question }] })
    const [{ id }] = (JSON.parse(stdout) as { data: [{ id: string }] }).data
    const shown = await sallyport(['sessions', 'show', id], { environment })
    expect(shown.stdout.split(question)).toHaveLength(3)
  })

  it('cancels what runs with Ctrl-C and goes on, and is left by two', async () => {
    verifies('terminal.interrupt')
    const code = 'import time\nprint("begun")\ntime.sleep(50)'
    await using endpoint = await ScriptedOpenAiServer.start((_request, position) =>
      position === 1
        ? { kind: 'turn', text: 'Still here.' }
        : { kind: 'turn', calls: [{ name: 'run_python', arguments: JSON.stringify({ code }) }] },
    )
    const environment = environmentOf({
      SALLYPORT_MODEL_BASE_URL: endpoint.baseUrl,
      SALLYPORT_MODEL_NAME: 'scripted-1',
    })
    using terminal = TmuxTerminal.start([], { environment })
    await terminal.waitFor('❯')
    terminal.type('Wait.')
    await terminal.waitFor('▸ run_python')
    terminal.press('C-c')
    await terminal.waitFor(/Cancelling\.[^]*❯$/)
    terminal.type('And now?')
    await terminal.waitFor('Still here.')
    await terminal.waitFor(/Still here\.[^]*❯$/)
    terminal.type('Wait again.')
    await terminal.waitFor(/Wait again[^]*▸ run_python/)
    // Both at once: a cancelled run is over soon.
    terminal.press('C-c', 'C-c')
    await terminal.waitFor('ended with 130')
    expect(endpoint.requests).toHaveLength(3)
  })

  it('runs what the person wrote in place of a call, by an editor or on the line, and not what the gate refuses', async () => {
    verifies('terminal.edit')
    const statement = 'SELECT email FROM customers ORDER BY email LIMIT 1'
    await using endpoint = await ScriptedOpenAiServer.start((request) => {
      const printed = request.body.messages.at(-1)
      if (printed?.role === 'tool')
        return { kind: 'turn', text: `It has ${/\nname\n(\w+)/.exec(printed.content ?? '')?.[1]}.` }
      return { kind: 'turn', calls: [{ name: 'run_sql', arguments: JSON.stringify({ sql: statement }) }] }
    })
    const term = { touches: ['public.customers.email'], ask: 'Somebody has to look at it.' }
    const folder = temporaryFolder('sallyport-editor-')
    const editor = join(folder, 'editor.sh')
    // The first time a table that nobody may read, then a column that no rule asks about.
    const words = ['--set', 'gateway.groups.default.reveal_sql=always']
    const lines = ['echo edited >> "$0.log"', 'cp "$1" "$0.$(wc -l < "$0.log")"']
    const replaced = `[ $(wc -l < "$0.log") = 1 ] && echo 'SELECT 1 FROM pg_shadow' > "$1" || echo "SELECT 'Wien' AS name" > "$1"`
    writeFileSync(editor, ['#!/bin/sh', ...lines, replaced, ''].join('\n'), { mode: 0o700 })
    const environment = environmentOf({
      SALLYPORT_MODEL_BASE_URL: endpoint.baseUrl,
      SALLYPORT_MODEL_NAME: 'scripted-1',
      SALLYPORT_POLICY_BUNDLE: rulesWithTerms({ actions: { 'mail-addresses': term } }),
      NO_COLOR: '1',
    })
    {
      using terminal = TmuxTerminal.start(words, { environment: { ...environment, EDITOR: `sh ${editor}` } })
      await terminal.waitFor('❯')
      terminal.type('Whose mail is first?')
      await terminal.waitFor('Enter decides later:')
      terminal.type('edit')
      await terminal.waitFor(/What you wrote would be refused:\n {2}line 1[^]*Enter decides later:$/)
      terminal.type('edit')
      await terminal.waitFor(/changed-by-a-person[^]*✔ run_sql: 1 row[^]*It has Wien\.[^]*❯$/)
      terminal.type('/sql')
      await terminal.waitFor(/^SELECT 'Wien' AS name$/m)
      terminal.type('/exit')
      await terminal.waitFor('ended with 0')
      expect(readFileSync(`${editor}.1`, 'utf8')).toContain('email')
      expect(readFileSync(`${editor}.2`, 'utf8')).toBe('SELECT 1 FROM pg_shadow\n')
    }
    using terminal = TmuxTerminal.start(words, {
      environment: { ...environment, EDITOR: '', VISUAL: '' },
      columns: 200,
    })
    await terminal.waitFor('❯')
    terminal.type('Whose mail is first?')
    await terminal.waitFor('Enter decides later:')
    terminal.type('edit')
    await terminal.waitFor(/Write it: SELECT .*email/)
    terminal.press('C-u')
    terminal.type("SELECT 'Graz' AS name")
    await terminal.waitFor(/It has Graz\.[^]*❯$/)
    terminal.press('C-d')
    await terminal.waitFor('ended with 0')
    const asked = endpoint.requests.at(-1)?.body.messages.at(-1)?.content
    expect(asked).toMatch(/^A person changed what this call runs\.[^]*SELECT 'Graz' AS name/)
  })

  it('edits a call that waits at a running service, whose gate and model read what the person wrote', async () => {
    verifies('terminal.server-edit')
    const statement = 'SELECT email FROM customers ORDER BY email LIMIT 1'
    await using endpoint = await ScriptedOpenAiServer.start(({ body: { messages } }) => {
      const printed = messages.at(-1)
      const isProgram = messages.findLast(({ role }) => role === 'user')?.content?.includes('Python') === true
      if (printed?.role === 'tool') {
        const said = (isProgram ? /\b(bbb)\b/ : /\nname\n(\w+)/).exec(printed.content ?? '')?.[1] ?? 'nothing'
        return { kind: 'turn', text: `It has ${said}.` }
      }
      const call = isProgram
        ? { name: 'run_python', arguments: JSON.stringify({ code: 'print("a")' }) }
        : { name: 'run_sql', arguments: JSON.stringify({ sql: statement }) }
      return { kind: 'turn', calls: [call] }
    })
    const term = { touches: ['public.customers.email'], ask: 'Somebody has to look at it.' }
    await using service = await serve({
      SALLYPORT_MODEL_BASE_URL: endpoint.baseUrl,
      SALLYPORT_MODEL_NAME: 'scripted-1',
      SALLYPORT_POLICY_BUNDLE: rulesWithTerms({ actions: { 'mail-addresses': term } }),
    })
    const terms = ['--group', 'default', '--scopes', 'ask,sessions,sql,execute,approve']
    const made = await sallyport(['keys', 'create', 'person', ...terms, '--output', 'json'], {
      environment: service.environment,
    })
    const { key } = JSON.parse(made.stdout) as { key: string }
    const environment = environmentOf({ SALLYPORT_KEY: key, NO_COLOR: '1', EDITOR: '', VISUAL: '' })
    using terminal = TmuxTerminal.start(['chat', '--server', service.url, '--approve', 'on-write'], {
      environment,
      columns: 200,
    })
    await terminal.waitFor(/^❯$/m)
    terminal.type('Whose mail is first?')
    await terminal.waitFor(/allow \(once\), edit or refuse; Enter decides later:$/)
    terminal.type('edit')
    await terminal.waitFor(/Write it: SELECT .*email/)
    terminal.press('C-u')
    terminal.type('SELECT 1 FROM pg_shadow')
    await terminal.waitFor(/What you wrote would be refused:\n {2}line 1[^]*Enter decides later:$/)
    terminal.type('edit')
    await terminal.waitFor(/Write it: SELECT 1 FROM pg_shadow$/)
    terminal.press('C-u')
    terminal.type("SELECT 'Wien' AS name")
    await terminal.waitFor(/A person changed what this call runs[^]*It has Wien\.[^]*❯$/)
    // A program is looked at where it runs, and asked about anew where it may run.
    const edit = async (question: string, written: string): Promise<void> => {
      terminal.type(question)
      await terminal.waitFor(/\| print\("a"\)\nType allow \(once\), edit or refuse; Enter decides later:$/)
      terminal.type('edit')
      await terminal.waitFor(/Write it: print\("a"\)$/)
      terminal.press('C-u')
      terminal.type(written)
    }
    await edit('And in Python?', 'print("b" * 3)')
    await terminal.waitFor(/\| print\("b" \* 3\)\nType allow \(once\), edit or refuse; Enter decides later:$/)
    terminal.type('allow')
    await terminal.waitFor(/It has bbb\.[^]*❯$/)
    await edit('Once more in Python?', '__import__("os").fork()')
    await terminal.waitFor(/It has nothing\.[^]*❯$/)
    terminal.type('/exit')
    await terminal.waitFor('ended with 0')
    const read = endpoint.requests.map(({ body: { messages } }) => messages.at(-1)?.content ?? '')
    expect(read).toContainEqual(
      expect.stringMatching(/^A person changed what this call runs\.[^]*SELECT 'Wien' AS name/),
    )
    expect(read).toContainEqual(expect.stringMatching(/^A person changed what this call runs\.[^]*print\("b" \* 3\)/))
    const trail = readFileSync(service.environment['SALLYPORT_TELEMETRY_AUDIT_FILE'] ?? '', 'utf8')
    expect(trail).toMatch(/"event":"approval-refused-end"[^\n]*"changed":true,"done":true/)
    expect(trail).not.toContain('Wien')
  })

  it('is one with a running service, whose sandbox and conversations it has', async () => {
    verifies('terminal.server')
    verifies('terminal.server-files')
    verifies('terminal.server-refused')
    verifies('terminal.server-approval')
    verifies('terminal.plan')
    const sums = 'import pandas\nkept = int(pandas.read_csv("/mnt/data/sums.csv")["sum"].sum())'
    const draw = `import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()\n${sums}\nprint("drawn")`
    const programs = [draw, 'print(kept + 1)']
    let asked = 0
    await using endpoint = await ScriptedOpenAiServer.start((request) => {
      const printed = request.body.messages.at(-1)
      if (printed?.role === 'tool')
        return { kind: 'turn', text: `It says ${/\b(drawn|42)\b/.exec(printed.content ?? '')?.[0]}.` }
      asked += 1
      const steps = [{ text: `Run program ${asked}`, status: 'in_progress' }]
      return {
        kind: 'turn',
        calls: [
          { name: 'update_plan', arguments: JSON.stringify({ steps }) },
          { name: 'run_python', arguments: JSON.stringify({ code: programs[asked - 1] }) },
        ],
      }
    })
    await using service = await serve({
      SALLYPORT_MODEL_BASE_URL: endpoint.baseUrl,
      SALLYPORT_MODEL_NAME: 'scripted-1',
    })
    const terms = ['--group', 'default', '--scopes', 'ask,sessions,sql,approve']
    const made = await sallyport(['keys', 'create', 'person', ...terms, '--output', 'json'], {
      environment: service.environment,
    })
    const { key } = JSON.parse(made.stdout) as { key: string }
    const environment = environmentOf({ SALLYPORT_KEY: key })
    const elsewhere = ['chat', '--server', service.url]
    {
      using terminal = TmuxTerminal.start([...elsewhere, '--source', 'nowhere'], { environment })
      await terminal.waitFor(/^❯$/m)
      terminal.type('Refused?')
      await terminal.waitFor(/nowhere[^]*❯$/)
      terminal.type('/exit')
      await terminal.waitFor('ended with 0')
    }
    const path = join(temporaryFolder('sallyport-data-'), 'sums.csv')
    writeFileSync(path, 'sum\n40\n1\n')
    using terminal = TmuxTerminal.start([...elsewhere, '--data', path, '--approve', 'on-write'], { environment })
    await terminal.waitFor(/^❯$/m)
    terminal.type('Draw it.')
    await terminal.waitFor(/caller\/approvals[^]*\| print\("drawn"\)\n[^]*Enter decides later:$/)
    expect(terminal.shown()).not.toContain('It says')
    terminal.type('allow')
    await terminal.waitFor(
      /Plan\n {2}▸ Run program 1\n[^]*▸ run_python[^]*It says drawn\.[^]*Chart: sallyport-output\/\S+\.png[^]*❯$/,
    )
    terminal.type('And one more?')
    await terminal.waitFor(/\| print\(kept \+ 1\)\n[^]*Enter decides later:$/)
    terminal.type('allow')
    await terminal.waitFor(/It says 42\.[^]*❯$/)
    terminal.type('/sql SELECT count(*) AS orders FROM orders')
    await terminal.waitFor('48410')
    terminal.type('/data no.csv')
    await terminal.waitFor('The file cannot be used: no.csv:')
    terminal.type('/files')
    await terminal.waitFor('given: sums.csv, 9 bytes')
    terminal.type('/undo')
    await terminal.waitFor('The last question is taken back.')
    terminal.type('/exit')
    await terminal.waitFor('ended with 0')
    const listed = await sallyport(['sessions', 'list', '--server', service.url, '--output', 'json'], { environment })
    const { data } = JSON.parse(listed.stdout) as { data: readonly { id: string; title: string }[] }
    expect(data.map(({ title }) => title)).toEqual(['Draw it.'])
    const kept = await fetch(`${service.url}/v1/files`, { headers: { authorization: `Bearer ${key}` } })
    const { data: files } = (await kept.json()) as { data: readonly { filename: string }[] }
    expect(files.filter(({ filename }) => filename === 'sums.csv')).toEqual([])
    const shown = await sallyport(['sessions', 'show', data[0]?.id ?? '', '--server', service.url], { environment })
    expect(shown.stdout).toContain('It says drawn.')
    expect(shown.stdout).toContain('Run program 1')
    expect(shown.stdout).not.toContain('And one more?')
  })
})
