import { describe, expect, it } from 'vitest'
import { cleanEnvironment, sallyport } from '../support/cli/sallyport-process.ts'
import { noTmux, TmuxTerminal } from '../support/cli/tmux-terminal.ts'
import { ScriptedOpenAiServer } from '../support/http/scripted-openai-server.ts'
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
    await terminal.waitFor(/not\sthere\sany\smore\.\n❯$/)
    terminal.press('Up')
    await terminal.waitFor(`❯ ${question}`)
    terminal.press('Enter')
    await terminal.waitFor(/tokens, [\d.]+ m?s[^]*❯$/)
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
})
