import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'vitest'
import { sallyportHere } from '../cli/sallyport-here.ts'
import { cleanEnvironment, createKey, sallyport, serve } from '../cli/sallyport-process.ts'
import { canaries } from '../http/upstream/canaries.ts'
import { UpstreamServer } from '../http/upstream/upstream-server.ts'
import { FakePresidio } from '../privacy/fake-presidio.ts'
import { echoModel } from '../privacy/echo-model.ts'
import { temporaryFolder } from '../temporary-folder.ts'

/** What docs/pii.md shows. */
export interface PiiPage {
  /** The request to try it with. */
  readonly question: string
  readonly configuration: string
  /** The command that sends the request through the service. */
  readonly ask: string
  /** A report of a miss, of a receipt that stands for one that there is. */
  readonly report: string
  /** The command that sends the report. */
  readonly send: string
}

export type ServedPage = Awaited<ReturnType<typeof servePage>>

/** A folder with the request of the page and a letter with the same values. */
function piiFolder({ question }: PiiPage): string {
  const folder = temporaryFolder('sallyport-docs-')
  writeFileSync(join(folder, 'question.json'), question)
  writeFileSync(join(folder, 'letter.txt'), 'Dear kim.wexler@hamlin.example\n')
  return folder
}

/** Masks the letter, and writes an answer about it. */
async function answerLetter(folder: string, environment: Record<string, string>): Promise<void> {
  const { code, stdout } = await sallyport(['pii', 'mask', 'letter.txt', '--map', 'letter.map'], {
    environment,
    folder,
  })
  expect(code).toBe(0)
  writeFileSync(join(folder, 'answer.txt'), `I wrote to ${/EMAIL_\w{10}/.exec(stdout)?.[0]}.\n`)
}

/** Runs the words, and looks for no value in what they print, or for all of them where they restore. */
export async function expectPii(words: readonly string[], page: PiiPage): Promise<void> {
  const environment = cleanEnvironment({ SALLYPORT_SECRETS_DIRECTORY: temporaryFolder('sallyport-docs-') })
  const folder = piiFolder(page)
  if (words[1] === 'restore') await answerLetter(folder, environment)
  const { code, stdout } = await sallyport(words, { environment, folder })
  expect(code).toBe(0)
  if (words[1] === 'restore') expect(stdout).toBe('I wrote to kim.wexler@hamlin.example.\n')
  else expect([stdout.includes('wexler'), /EMAIL_\w{10}|pii\/email/.test(stdout)]).toEqual([false, true])
}

/** Runs the words over a note, with a configuration that names an analyzer, which a double stands for. */
export async function expectNames(words: readonly string[], configuration: string): Promise<void> {
  await using presidio = await FakePresidio.start()
  const folder = temporaryFolder('sallyport-docs-')
  const [, address = 'none'] = /url: (\S+)/.exec(configuration) ?? []
  writeFileSync(join(folder, words.at(-1) ?? ''), configuration.replace(address, presidio.url))
  writeFileSync(join(folder, 'note.txt'), 'Kim Wexler moved to Albuquerque.\n')
  const environment = cleanEnvironment({ SALLYPORT_SECRETS_DIRECTORY: folder })
  const { code, stdout } = await sallyport(words, { environment, folder })
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: expect.stringMatching(/^PERSON_\w{10} moved to PLACE_\w{10}\.\n$/) as string,
  })
}

/** A service whose configuration is the one of the page, with another address of the upstream, and the files of the page. */
export async function servePage({ question, configuration }: PiiPage) {
  await using stack = new AsyncDisposableStack()
  const upstream = stack.use(await UpstreamServer.start({ kind: 'openai' }))
  upstream.answer = echoModel({ say: (body) => ({ words: /Tell [^"]*/.exec(body)?.[0] ?? '', calls: [] }) })
  const folder = temporaryFolder('sallyport-docs-')
  const file = join(folder, 'config.yaml')
  writeFileSync(file, configuration.replace('https://api.openai.com/v1', upstream.baseUrl))
  const environment = { SALLYPORT_CONFIG: file, SALLYPORT_SECRETS_DIRECTORY: folder, UPSTREAM_OPENAI_KEY: canaries.key }
  const service = stack.use(await serve(environment))
  writeFileSync(join(folder, 'question.json'), question)
  const run = async (command: string): Promise<string> => {
    const env = { PATH: process.env['PATH'] ?? '', SALLYPORT_KEY: service.key }
    const words = ['-c', command.replace('http://127.0.0.1:8080', service.url)]
    return (await promisify(execFile)('bash', words, { cwd: folder, env })).stdout
  }
  const owned = stack.move()
  return { service, upstream, folder, run, [Symbol.asyncDispose]: () => owned.disposeAsync() }
}

/** Runs the line against a service of the page. */
export async function expectMaskedCall(line: string, page: PiiPage, served: ServedPage): Promise<void> {
  const { run, upstream, folder } = served
  upstream.requests.length = 0
  const answer = await run(page.ask)
  expect(answer).toContain('Tell kim.wexler@hamlin.example that card 4111 1111 1111 1111 was charged.')
  const sent = upstream.requests.map(({ body }) => body.toString('utf8')).join('\n')
  expect(sent).toMatch(/Tell EMAIL_\w{10} that card CARD_\w{10} was charged\./)
  if (line === page.ask) return
  const id = /x-sallyport-privacy-receipt: (\S+)/.exec(answer)?.[1] ?? 'none'
  writeFileSync(join(folder, 'report.json'), page.report.replace(/prc_\w+/, id))
  if (line.includes('/v1/privacy/reports')) {
    const answered = await run(line)
    expect(JSON.parse(answered)).toMatchObject({ object: 'privacy-report', receipt: id, fault: 'missed' })
    expect(answered).not.toContain('Zyanya')
    return
  }
  expect(JSON.parse(await run(line.replace('/ID ', `/${id} `)))).toMatchObject({
    id,
    masked: { count: 2 },
    restored: 2,
  })
}

/** Runs the words beside a service of the page which has the report of the page. */
export async function expectReports(words: readonly string[], page: PiiPage, served: ServedPage): Promise<void> {
  const { run, folder, service } = served
  const receipt = /x-sallyport-privacy-receipt: (\S+)/.exec(await run(page.ask))?.[1] ?? 'none'
  writeFileSync(join(folder, 'report.json'), page.report.replace(/prc_\w+/, receipt))
  const { id } = JSON.parse(await run(page.send)) as { id: string }
  const line = words.map((word) => (word === 'ID' ? id : word))
  const { code, stdout } = await sallyportHere(line, { environment: service.environment })
  expect([code, stdout.includes(id)]).toEqual([0, true])
  expect(stdout.includes('Zyanya')).toBe(words.includes('--show-values'))
}

/** Runs the words with a key of the group of the page, beside a service that keeps a conversation with the value. */
export async function expectFound(words: readonly string[], configuration: string): Promise<void> {
  await using upstream = await UpstreamServer.start({ kind: 'openai' })
  upstream.answer = echoModel({ say: () => ({ words: 'Fine.', calls: [] }) })
  const value = 'kim.wexler@hamlin.example'
  const [folder, groups] = [
    temporaryFolder('sallyport-docs-'),
    'default: { models: [gpt-5], privacy_profile: default }',
  ]
  const file = join(folder, 'config.yaml')
  const kind = `{ kind: openai, base_url: "${upstream.baseUrl}", api_key: { env: UPSTREAM_KEY }, models: [gpt-5] }`
  const text = configuration.replace('  groups:\n', `  groups:\n    ${groups}\n`)
  writeFileSync(file, `${text}upstreams:\n  openai: ${kind}\n`)
  writeFileSync(join(folder, 'value.txt'), `${value.toUpperCase()}\n`)
  const environment = { SALLYPORT_CONFIG: file, SALLYPORT_SECRETS_DIRECTORY: folder, UPSTREAM_KEY: canaries.key }
  await using service = await serve(environment)
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${service.key}` }
  const body = JSON.stringify({ model: 'gpt-5', input: `Mail ${value}` })
  const answered = await fetch(`${service.url}/v1/responses`, { method: 'POST', headers, body })
  expect([answered.status, await answered.text()]).toEqual([200, expect.any(String)])
  const officer = await createKey(service, 'privacy-office')
  const run = async (key: string, given: readonly string[]) =>
    sallyport([...given, '--url', service.url], {
      environment: { ...service.environment, SALLYPORT_KEY: key },
      folder,
    })
  expect(await run(service.key, ['pii', 'find', 'value.txt'])).toMatchObject({ code: 4, stdout: '' })
  const found = await run(officer, ['pii', 'find', 'value.txt', '--output', 'json'])
  const { found: list } = JSON.parse(found.stdout) as { found: readonly { readonly conversation: string }[] }
  expect(list).toEqual([{ conversation: expect.stringMatching(/^[0-9a-f]{32}$/) as string, kinds: ['pii/email'] }])
  const [id = 'none'] = list.map(({ conversation }) => conversation)
  const ended = await run(
    officer,
    words.map((word) => (word === 'CONVERSATION' ? id : word)),
  )
  expect([ended.code, ended.stdout.includes(id), ended.stdout.includes('wexler')]).toEqual([0, true, false])
  const after = await run(officer, ['pii', 'find', 'value.txt'])
  expect(after.stdout.includes(id)).toBe(words[1] === 'find')
}
