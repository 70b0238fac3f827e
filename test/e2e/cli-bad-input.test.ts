import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cleanEnvironment, sallyport } from '../support/cli/sallyport-process.ts'
import { ScriptedOpenAiServer, type ServedTurn } from '../support/http/scripted-openai-server.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-bad-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

describe('bad input from a person', () => {
  it.each([
    ['an unknown command', ['serv'], 'unknown command \'serv\'; did you mean "serve"?'],
    ['an unknown option', ['ask', 'x', '--outptu', 'json'], '(Did you mean --output?)'],
    ['an unknown setting', ['config', 'check', '--set', 'model.nmae=x'], 'did you mean "model.name"?'],
    [
      'a secret on the command line',
      ['config', 'check', '--set', 'model.api_key=x'],
      'is a secret and is not read from here',
    ],
    ['a file that is not there', ['ask', 'x', '--data', 'none.csv'], 'none.csv: it does not exist'],
    ['a folder as data', ['ask', 'x', '--data', '.'], 'it is a folder'],
    ['a program of no known language', ['run', '/etc/hostname'], 'its ending does not say which language it is'],
    ['a group that there is not', ['sql', 'describe', '--group', 'nobody'], 'There is no group "nobody".'],
    ['a conversation without a terminal', [], 'a conversation needs a terminal'],
  ])('%s ends with 2 and says what to do', async (_, words, message) => {
    const { code, stdout, stderr } = await sallyport(words)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(message)
  })

  it('refuses a data file of 2 GB by its size, without reading it', async () => {
    const path = file('huge.csv', 'a')
    truncateSync(path, 2_000_000_000)
    const { code, stderr } = await sallyport(['ask', 'x', '--data', path])
    expect(code).toBe(2)
    expect(stderr).toContain('huge.csv: 1,907.3 MiB are too much, the limit is 256 MiB (sandbox.limits.file_mb)')
  })

  it('S3: ends the check of a trail at a line that none is as long as, however large the file is', async () => {
    const path = file('trail.jsonl', '')
    truncateSync(path, 10_000_000_000)
    const { code, stdout } = await sallyport(['audit', 'verify', path])
    expect(code).not.toBe(0)
    expect(stdout).toContain('the line is longer than any that was written')
  })

  it('refuses binary data under the name of a CSV', async () => {
    const path = file('sales.csv', Buffer.from([0, 1, 2, 3, 255, 254, 0, 0]))
    const { code, stderr } = await sallyport(['ask', 'x', '--data', path])
    expect(code).toBe(2)
    expect(stderr).toContain('its name says .csv, but it holds binary data')
    expect(stderr).toContain('→ Check the path, the size and that it is what its name says.')
  })

  it.each([
    ['malformed YAML', 'model:\n  name: "x\n', /config\.yaml:\d+:\d+: not valid YAML: /],
    ['an unknown key', 'model:\n  nmae: x\n', /config\.yaml:2:3: unknown key "nmae" in model; did you mean "name"\?/],
    ['a value of the wrong kind', 'http:\n  port: eighty\n', /config\.yaml:2:3: http\.port: /],
  ])('names the line of %s in the configuration', async (_, text, message) => {
    const home = mkdtempSync(join(folder, 'home-'))
    mkdirSync(join(home, 'sallyport'))
    writeFileSync(join(home, 'sallyport', 'config.yaml'), text)
    const { code, stderr } = await sallyport(['config', 'check'], {
      environment: cleanEnvironment({ XDG_CONFIG_HOME: home }),
    })
    expect(code).toBe(2)
    expect(stderr).toMatch(message)
  })
})

describe('a model endpoint that does not work', () => {
  const ask = (url: string, settings: Readonly<Record<string, string>> = {}) =>
    sallyport(['ask', 'What sold best?'], {
      environment: cleanEnvironment({
        SALLYPORT_MODEL_BASE_URL: url,
        SALLYPORT_MODEL_NAME: 'scripted-1',
        SALLYPORT_MODEL_API_KEY: 'sk-hunter2hunter2',
        SALLYPORT_MODEL_RETRIES: '0',
        ...settings,
      }),
    })

  it('is named when nothing listens', async () => {
    const { code, stderr } = await ask('http://127.0.0.1:9/v1')
    expect(code).toBe(7)
    expect(stderr).toContain('127.0.0.1:9')
  })

  it.each<[string, ServedTurn, RegExp]>([
    ['answers with a web page', { kind: 'page' }, /base_url/],
    ['refuses the key', { kind: 'status', status: 401, body: '{"error":{"message":"bad key"}}' }, /api_key|key/],
    ['breaks off in the middle', { kind: 'truncated', text: 'Half an ans' }, /ended|broke|incomplete|finish/i],
  ])('is named when it %s', async (_, turn, message) => {
    await using server = await ScriptedOpenAiServer.start([turn])
    const { code, stderr, stdout } = await ask(server.baseUrl)
    expect(code).toBe(7)
    expect(stderr).toMatch(message)
    expect(stdout + stderr).not.toContain('hunter2')
  })

  it('is given up on after its time', async () => {
    await using server = await ScriptedOpenAiServer.start([{ kind: 'hang' }])
    const { code, stderr } = await ask(server.baseUrl, { SALLYPORT_MODEL_TIMEOUT_MS: '300' })
    expect(code).toBe(7)
    expect(stderr).toContain('model.timeout_ms')
  })
})
