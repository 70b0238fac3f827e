import { describe, expect, it } from 'vitest'
import { createOwnConversations } from '../../../../src/service/own-conversations.ts'
import { createFakeSallyport, runCommand } from '../../../support/cli/fake-sallyport.ts'
import { stranger } from '../../../support/http/stranger.ts'
import { keptHistory } from '../../../support/history/kept-history.ts'
import { key, startService } from '../../../support/http/http-service.ts'
import { openTemporaryStorage } from '../../../support/storage/open-temporary.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'
import { verifies } from '../../../support/verifies.ts'

/** What anybody may write as a title, a name or a text, where it is listed and shown later. */
const words = [
  '\u001b]0;owned\u0007\u001b[2J\u001b[8mhidden',
  `two\r\nlines\nconv_${'f'.repeat(32)}  2026-01-01 00:00`,
  'a\u202egpj.exe\u2066b\u2069 \u009b31m',
  '$(reboot) `reboot` ; rm -rf / && "\'\\',
  `${'x'.repeat(77)}\u{1f600}\u{1f600}\u{1f600}`,
  '\u2028\u2029\u0085',
  '',
]

// oxlint-disable-next-line no-control-regex -- what must not be there
const active = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/

/** A conversation for each of the words: its title, its question, its answer and the name of its file. */
async function kept() {
  const { conversations, files, served } = keptHistory(await openTemporaryStorage())
  const ids: string[] = []
  for (const word of words) {
    const { id } = await conversations.create('k1', { title: word, metadata: {} }, [
      { type: 'message', role: 'user', content: word },
      { type: 'message', role: 'assistant', content: word },
      { type: 'artifact', fileId: null, name: word, mediaType: 'text/csv', bytes: 1 },
    ])
    ids.unshift(id)
  }
  const own = createOwnConversations({ principal: 'k1', conversations, files, linkHosts: [] })
  return { ids, served, openers: createFakeSallyport({ conversations: own }).openers }
}

describe('words of anybody at the command line', () => {
  it('are a line each in a list, which nothing in them drives, here and at an address', async () => {
    verifies('terminal.words-of-others')
    const { ids, served, openers } = await kept()
    await using service = await startService({ history: served })
    for (const address of [[], ['--server', service.url]]) {
      const options = { workingDirectory: temporaryFolder('w-'), variables: { SALLYPORT_KEY: key }, openers }
      const { stdout, exitCode } = await runCommand(['sessions', 'list', ...address], {
        ...options,
        terminalColumns: 80,
      })
      expect([exitCode, stdout.isWellFormed()]).toEqual([0, true])
      expect(stdout).not.toMatch(active)
      const lines = stdout.trimEnd().split('\n')
      expect(lines.filter((line) => line.startsWith('conv_')).map((line) => line.slice(0, 37))).toEqual(ids)
      expect(lines.filter((line) => !/^conv_|^ {2}\S|^ {2}$/.test(line))).toEqual([])
      expect(lines.every((line) => line.length <= 80)).toBe(true)
    }
  })

  it.each([[false], [true]])('are shown and exported without what would act, in colours: %s', async (colour) => {
    const { ids, served, openers } = await kept()
    await using service = await startService({ history: served })
    for (const id of ids) {
      for (const address of [[], ['--server', service.url]]) {
        const options = { workingDirectory: temporaryFolder('w-'), variables: { SALLYPORT_KEY: key }, openers }
        const shown = await runCommand(['sessions', 'show', id, ...address], {
          ...options,
          terminalColumns: 80,
          colour,
        })
        expect(shown.exitCode).toBe(0)
        // oxlint-disable-next-line no-control-regex -- styles of ours
        const styles = colour ? /\u001b\[[\d;]*m/g : /(?!)/g
        expect(shown.stdout.replaceAll(styles, '')).not.toMatch(active)
        // Styles of ours alone: none that hides what stands there.
        expect(shown.stdout).not.toContain('\u001b[8m')
        const exported = await runCommand(['sessions', 'export', id, '--md', ...address], options)
        expect([exported.exitCode, exported.stdout]).toEqual([0, expect.stringMatching(/^conv[\w-]*\.md\n$/)])
      }
    }
  })

  it.each([
    ['an id that hides the next line', { id: `conv_${'0'.repeat(32)}\u001b[8m` }],
    ['an id of two lines', { id: `conv_\n${'0'.repeat(31)}` }],
    ['no id', { id: '' }],
  ])('are refused where a service elsewhere gives %s', async (_what, own) => {
    await using service = await stranger((_request, response) =>
      response.end(JSON.stringify({ data: [{ title: null, created_at: 1, used_at: 1, ...own }] })),
    )
    const options = { workingDirectory: temporaryFolder('w-'), variables: { SALLYPORT_KEY: key } }
    const { exitCode, stdout } = await runCommand(['sessions', 'list', '--server', service.url], options)
    expect([exitCode, stdout]).toEqual([1, ''])
  })

  it('of a service elsewhere bring no styles of their own', async () => {
    const id = `conv_${'0'.repeat(32)}`
    await using service = await stranger(({ url = '' }, response) =>
      response.end(
        url.includes('export')
          ? 'seen \u001b[8mhidden\u001b[0m'
          : JSON.stringify({ id, title: 'a', created_at: 1, used_at: 1 }),
      ),
    )
    const options = { workingDirectory: temporaryFolder('w-'), variables: { SALLYPORT_KEY: key } }
    const { stdout } = await runCommand(['sessions', 'show', id, '--server', service.url], options)
    expect(stdout).toContain('seen \u{fffd}[8mhidden')
  })
})
