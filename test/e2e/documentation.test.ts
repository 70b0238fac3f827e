import { execFile, spawn } from 'node:child_process'
import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import OpenAI from 'openai'
import { afterAll, describe, expect, it } from 'vitest'
import { sallyportHere } from '../support/cli/sallyport-here.ts'
import { cleanEnvironment, sallyport, serve, type Served } from '../support/cli/sallyport-process.ts'
import {
  expectBench,
  expectBill,
  expectCheck,
  expectClone,
  expectDemo,
  expectLayers,
  expectMutants,
  expectLane,
  expectTestOf,
  expectTests,
} from '../support/documents/command-trials.ts'
import {
  expectMaskedCall,
  expectFound,
  expectNames,
  expectPii,
  expectReports,
  servePage,
  type PiiPage,
  type ServedPage,
} from '../support/documents/pii-trials.ts'
import { expectFilterCheck, expectFilterEvaluation, expectFilterService } from '../support/documents/filter-trials.ts'
import { expectExclusions, expectWaf } from '../support/documents/waf-trials.ts'
import { ScriptedOpenAiServer } from '../support/http/scripted-openai-server.ts'
import { verifies } from '../support/verifies.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const root = resolve(import.meta.dirname, '../..')
const documents = [
  'README.md',
  'SECURITY.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md'))
    .map((path) => join('docs', path)),
]

interface Block {
  readonly document: string
  readonly language: string
  readonly text: string
}

const blocks: readonly Block[] = documents.flatMap((document) =>
  [...readFileSync(join(root, document), 'utf8').matchAll(/^```(\w+)\n(.*?)^```/gms)].map((match) => ({
    document,
    language: match[1] ?? '',
    text: match[2] ?? '',
  })),
)

const commands = [
  ...new Set(
    blocks
      .filter((block) => block.language === 'sh')
      .flatMap((block) => block.text.split('\n'))
      .map((line) => line.replace(/\s+#.*$/, '').trim())
      .filter((line) => line !== ''),
  ),
]

interface Trial {
  readonly pattern: RegExp
  /** What is run of the command here, and by what the rest is proven. */
  readonly does: string
  readonly trial: (line: string) => unknown
}

/** How each kind of command in the documents is tried. A command that fits none fails. */
const trials: readonly Trial[] = [
  { pattern: /^git clone /, does: 'a clone of this checkout has what the README names', trial: expectClone },
  {
    pattern: /^npm run demo -- --upstream(?: --requests \d+ --rate \d+)?$/,
    does: 'its program is run, with fewer requests, by test/e2e/demo-upstream.test.ts',
    trial: () =>
      expectTestOf(
        'test/e2e/demo-upstream.test.ts',
        'lets nothing invalid reach the model, answers no 5xx and serves valid callers',
      ),
  },
  { pattern: /^npm run demo$/, does: 'its program is run by test/e2e/cli-run.test.ts', trial: expectDemo },
  {
    pattern: /^npm test( -- --project \w+)?$/,
    does: 'run over one file; the rest is this run itself',
    trial: expectTests,
  },
  {
    pattern: /^npm run check$/,
    does: 'its format is run; lint with types, unused code and all unit tests only by itself',
    trial: expectCheck,
  },
  {
    pattern: /^npm run bench -- [\w-]+( --json)?$/,
    does: 'its suite is there; figures are measured by no test',
    trial: expectBench,
  },
  { pattern: /^npm run lane -- streams( --size \d+)?( --record)?$/, does: 'run over 10 texts', trial: expectLane },
  {
    pattern: /^npm pack --pack-destination \S+$|^npm install \S+\.tgz$|^npx sallyport demo$/,
    does: 'it is packed, unpacked where npm would put it, and run by test/e2e/package.test.ts',
    trial: () =>
      expectTestOf('test/e2e/package.test.ts', 'answers the questions of the demo for somebody who has nothing yet'),
  },
  { pattern: /^npm run -s sbom > sbom\.cdx\.json$/, does: 'run, and what it prints read', trial: expectBill },
  {
    pattern: /^npm run layers$/,
    does: 'its program is there; test/attack/layers.test.ts measures',
    trial: expectLayers,
  },
  {
    pattern: /^npm run mutants -- /,
    does: 'its arguments are read; test/e2e/mutants.test.ts hunts',
    trial: expectMutants,
  },
  { pattern: /^export (SALLYPORT_\w+=\S+ ?)+$/, does: 'a configuration of them is valid', trial: expectVariables },
  {
    pattern: /^npm run -s sallyport -- serve$/,
    does: 'run until its banner is there',
    trial: async () => (await serve())[Symbol.asyncDispose](),
  },
  {
    pattern: /^npm run -s sallyport -- serve --role filters$/,
    does: 'run until it listens',
    trial: async (line) => expectFilterService(wordsOf(line)),
  },
  {
    pattern: /^npm run -s sallyport -- filters check /,
    does: 'run over a letter',
    trial: async (line) => expectFilterCheck(wordsOf(line)),
  },
  {
    pattern: /^npm run -s sallyport -- filters evaluate /,
    does: 'run over two texts',
    trial: async (line) => expectFilterEvaluation(wordsOf(line)),
  },
  { pattern: /^npm run -s sallyport$/, does: 'run at a terminal', trial: async () => expectAnswer([]) },
  {
    pattern: /^npm run -s sallyport -- run --driver docker /,
    does: 'run over such a file',
    trial: async (line) => expectRun(wordsOf(line), 'gVisor (docker)'),
  },
  {
    pattern: /^npm run -s sallyport -- sql --data /,
    does: 'run over such a file',
    trial: async (line) => expectMeanFare(wordsOf(line)),
  },
  {
    pattern: /^npm run -s sallyport -- (?:-c|--resume conv_\w+|sessions resume conv_\w+)$/,
    does: 'a conversation is gone on with by test/e2e/chat.test.ts, and by each of these words in test/unit/cli/commands',
    trial: () =>
      expectTestOf(
        'test/e2e/chat.test.ts',
        'answers with a table that fits 60 columns, is kept, and goes on in another process',
      ),
  },
  {
    pattern: /^npm run -s sallyport -- sessions (?:list|(?:show|export|delete) conv_\w+(?: --ipynb)?)$/,
    does: 'run over a storage by test/contract/conversation-keeper.test.ts',
    trial: () =>
      expectTestOf('test/contract/conversation-keeper.test.ts', 'are shown, exported and deleted by commands'),
  },
  {
    pattern: /^npm run -s sallyport -- chat --server http:\S+$/,
    does: 'run against a service by test/e2e/chat.test.ts',
    trial: () =>
      expectTestOf('test/e2e/chat.test.ts', 'is one with a running service, whose sandbox and conversations it has'),
  },
  {
    pattern: /^source <\(npm run -s sallyport -- completion bash\)$/,
    does: 'read by bash in test/unit/cli/completion.test.ts',
    trial: () =>
      expectTestOf('test/unit/cli/completion.test.ts', 'by bash has every command and every option that is shown'),
  },
  {
    pattern: /^npm run -s sallyport -- sessions /,
    does: 'run against a service',
    trial: async (line) => expectSession(wordsOf(line)),
  },
  {
    pattern: /^npm run -s sallyport -- keys create operator --scopes admin$/,
    does: 'run, and its key used on the routes for operators',
    trial: async (line) => expectOperatorsKey(wordsOf(line)),
  },
  {
    pattern: /^npm run -s sallyport -- keys list --server https:\S+ --key-file operator\.key$/,
    does: 'run against a service, with such a file',
    trial: async (line) => expectRemoteKeys(wordsOf(line)),
  },
  {
    pattern: /^npm run -s sallyport -- sandboxes (?:list|drain|resume) .*--server https:\S+ --key-file operator\.key$/,
    does: 'run against routes for operators by test/unit/cli/commands/sandboxes.test.ts',
    trial: () => expectTestOf('test/unit/cli/commands/sandboxes.test.ts', 'are listed, ended, drained and resumed'),
  },
  {
    pattern: /^npm run -s sallyport -- suspensions /,
    does: 'run on the key of a service, which is then refused, and answered again',
    trial: async (line) => expectSuspension(wordsOf(line)),
  },
  {
    pattern: /^npm run -s sallyport -- shares /,
    does: 'run over shares of two callers by test/unit/cli/remote/shares.test.ts',
    trial: () =>
      expectTestOf(
        'test/unit/cli/remote/shares.test.ts',
        'says of each who gave it to whom, and its title where it is asked for',
      ),
  },
  {
    pattern: /^npm run -s sallyport -- web link/,
    does: 'run against a service by test/e2e/web/identity-provider.test.ts',
    trial: () =>
      expectTestOf(
        'test/e2e/web/identity-provider.test.ts',
        'is signed in by a link that was made without another start, at either address',
      ),
  },
  {
    pattern: /^npm run -s sallyport -- tuning sets import /,
    does: 'texts are imported by test/contract/tuning-keeper.test.ts',
    trial: () => expectTestOf('test/contract/tuning-keeper.test.ts', 'of texts are scored here, and keep no text'),
  },
  {
    pattern: /^npm run -s sallyport -- tuning /,
    does: 'run against a service by test/e2e/tuning.test.ts, which compares what it ran with the page',
    trial: () => expectTestOf('test/e2e/tuning.test.ts', 'is tuned by the commands of the page'),
  },
  {
    pattern: /^npm run -s sallyport -- limits /,
    does: 'run beside a service, of one of its keys where it names one',
    trial: async (line) => expectLimits(wordsOf(line)),
  },
  {
    pattern: /^npm run -s sallyport -- openapi admin$/,
    does: 'run, and compared with what a service says',
    trial: async (line) => expectOpenApi(wordsOf(line)),
  },
  {
    pattern: /^npm run -s sallyport -- waf exclusions /,
    does: 'run, and compared with the file in deploy/waf',
    trial: async (line) => expectExclusions(wordsOf(line)),
  },
  {
    pattern: /^docker compose --profile waf up --build --wait waf$/,
    does: 'its last stage is built and run by test/integration/waf-container.test.ts',
    trial: () =>
      expectTestOf('test/integration/waf-container.test.ts', 'runs without rights, and says that it is well'),
  },
  {
    pattern: /^sallyport serve --role ext-authz --role ext-proc$|^envoy -c deploy\/envoy\/envoy\.yaml$/,
    does: 'both are started so by test/integration/envoy.test.ts',
    trial: () =>
      expectTestOf(
        'test/integration/envoy.test.ts',
        'lets a caller through whom Sallyport knows and whose group may ask the model',
      ),
  },
  {
    pattern: /^kubectl |^npm run -s sallyport -- run --driver kubernetes /,
    does: 'run in its order on a cluster by test/integration/cluster-kubernetes.test.ts, where there is one',
    trial: () =>
      expectTestOf(
        'test/integration/cluster-kubernetes.test.ts',
        'has what the commands of the page make of it, in their order',
      ),
  },
  {
    pattern: /^npm run -s service-image$/,
    does: 'what it builds is run in a cluster by test/integration/service-kubernetes.test.ts',
    trial: () =>
      expectTestOf(
        'test/integration/service-kubernetes.test.ts',
        'runs programs behind its Service in sandboxes that its account makes, itself without rights on its node',
      ),
  },
  {
    pattern: /^npm run kubernetes -- (?:up|down)$/,
    does: 'its program is run by test/integration/cluster-kubernetes.test.ts, where there is a cluster',
    trial: () =>
      expectTestOf(
        'test/integration/cluster-kubernetes.test.ts',
        'is removed whole, with pods at work in it, and made again',
      ),
  },
  {
    pattern: /^eval "\$\(npm run -s kubernetes -- env\)"$/,
    does: 'what it prints is read by a shell in test/unit/setup/kubernetes/command.test.ts',
    trial: () => expectTestOf('test/unit/setup/kubernetes/command.test.ts', 'gives a shell its kubectl and kubeconfig'),
  },
  {
    pattern: /^go build -C deploy\/waf |^\.\/sallyport-waf /,
    does: 'the proxy is built from its sources and started with these flags, on a port of its own',
    trial: expectWaf,
  },
  {
    pattern:
      /^python3 -m venv \.venv && \.venv\/bin\/pip install |^CLASSIFIER_KEY=\S+ \.venv\/bin\/python service\.py --port \d+$/,
    does: 'such an environment is made, and its service asked, by test/integration/image-classifier.test.ts',
    trial: () =>
      expectTestOf(
        'test/integration/image-classifier.test.ts',
        'tells shapes of pictures that it has not seen, in forms and in JSON',
      ),
  },
  {
    pattern: /^npm run -s sallyport -- keys create .* --scopes /,
    does: 'run, and its key used for what it is for and for what it is not',
    trial: async (line) => expectScopedKey(wordsOf(line)),
  },
  {
    pattern: /^npm run -s sallyport -- keys create /,
    does: 'run, and its key used',
    trial: async (line) => expectMetricsKey(wordsOf(line)),
  },
  {
    pattern: /^npm run -s sallyport -- storage /,
    does: 'run beside a storage whose one key is held',
    trial: async (line) => expectStorage(wordsOf(line)),
  },
  {
    pattern: /^npm run -s sallyport -- pii mask note\.txt --config /,
    does: 'run with the configuration of the page, before a double of the analyzer',
    trial: async (line) => expectNames(wordsOf(line), yamlWith('presidio:')),
  },
  {
    pattern: /^npm run -s sallyport -- pii (find|forget) /,
    does: 'run with a key that may, beside a service that keeps such a value',
    trial: async (line) => {
      const isOffice = ({ document, text }: Block) => document === 'docs/pii.md' && text.includes('find_values')
      await expectFound(wordsOf(line), blocks.find(isOffice)?.text ?? '')
    },
  },
  {
    pattern: /^npm run -s sallyport -- pii reports /,
    does: 'run beside a service that has the report of the page',
    trial: async (line) => expectReports(wordsOf(line), piiPage(), await servedPage()),
  },
  {
    pattern: /^npm run -s sallyport -- pii /,
    does: 'run over the request of the page, or a letter',
    trial: async (line) => expectPii(wordsOf(line), piiPage()),
  },
  {
    pattern: /^curl -si? http:\/\/127\.0\.0\.1:8080\//,
    does: 'run against a service with the upstream of the page',
    trial: async (line) => expectMaskedCall(line, piiPage(), await servedPage()),
  },
  {
    pattern: /^npm run -s sallyport -- ask /,
    does: 'run against an endpoint that answers',
    trial: async (line) => expectAnswer(wordsOf(line)),
  },
]

const isReport = (command: string): boolean => /^curl .*\/v1\/privacy\/reports/.test(command)

const none: Trial = { pattern: /^/, does: 'in no list of trials', trial: () => {} }

const trialOf = (line: string): Trial => trials.find(({ pattern }) => pattern.test(line)) ?? none

/** One service for whatever is run against one. */
let running: Promise<Served> | null = null
const runningService = (): Promise<Served> => (running ??= serve())

/** One that is configured as docs/pii.md shows, for the commands of that page. */
let page: Promise<ServedPage> | null = null
const servedPage = (): Promise<ServedPage> => (page ??= servePage(piiPage()))

async function expectVariables(line: string): Promise<void> {
  const pairs = line
    .replace('export ', '')
    .split(' ')
    .map((pair) => pair.split('=') as [string, string])
  const ended = await sallyportHere(['config', 'check'], { environment: cleanEnvironment(Object.fromEntries(pairs)) })
  expect(ended).toMatchObject({ code: 0 })
}

/** Runs the line against a service that has one session open, which stands for the one the line names. */
async function expectSession(words: readonly string[]): Promise<void> {
  const service = await runningService()
  const headers = { authorization: `Bearer ${service.key}`, 'content-type': 'application/json' }
  const opened = await fetch(`${service.url}/v1/sessions`, { method: 'POST', headers, body: '{}' })
  const { id } = (await opened.json()) as { id: string }
  const line = [...words.map((word) => (word.startsWith('session_') ? id : word)), '--url', service.url]
  const ended = await sallyportHere(line, { environment: cleanEnvironment({ SALLYPORT_KEY: service.key }) })
  expect(ended).toMatchObject({ code: 0, stdout: expect.stringContaining(id) as string })
}

/** Makes the key beside a running service, which then shows its metrics to it. */
async function expectMetricsKey(words: readonly string[]): Promise<void> {
  const service = await runningService()
  const made = await sallyportHere(words, { environment: service.environment })
  const key = /sp-[\w-]+/.exec(made.stdout)?.[0] ?? ''
  const response = await fetch(`${service.url}/metrics`, { headers: { authorization: `Bearer ${key}` } })
  expect([response.status, await response.text()]).toEqual([200, expect.stringContaining('process_cpu_seconds_total')])
}

/** Asks a route for operators of the running service with a key that these words make. */
async function askAsOperator(words: readonly string[], path: string): Promise<Response> {
  const service = await runningService()
  const made = await sallyportHere(words, { environment: service.environment })
  const url = /Admin\s+(http:\S+)\/admin\/v1/.exec(service.banner)?.[1] ?? ''
  return fetch(`${url}${path}`, { headers: { authorization: `Bearer ${made.stdout.trim()}` } })
}

async function expectOperatorsKey(words: readonly string[]): Promise<void> {
  const answer = await askAsOperator(words, '/admin/v1/keys')
  expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('"operator"')])
}

/** Runs the line on a key of the running service; what it adds keeps the key out, what it lifts lets it in. */
async function expectSuspension(words: readonly string[]): Promise<void> {
  const service = await runningService()
  const run = async (...given: readonly string[]) => {
    const ended = await sallyportHere([...given], { environment: service.environment })
    expect(ended).toMatchObject({ code: 0 })
    return ended.stdout
  }
  const made = JSON.parse(await run('keys', 'create', 'mallory', '--output', 'json')) as { id: string; key: string }
  const status = async () =>
    (await fetch(`${service.url}/v1/models`, { headers: { authorization: `Bearer ${made.key}` } })).status
  const adds = words[1] === 'add'
  const before = adds ? '' : await run('suspensions', 'add', made.id, '--output', 'json')
  const id = adds ? made.id : (JSON.parse(before) as { id: string }).id
  expect(await status()).toBe(adds ? 200 : 403)
  const said = await run(...words.map((word) => (word === 'ID' ? id : word)))
  expect([said.includes(id), await status()]).toEqual([true, words[1] === 'lift' ? 200 : 403])
}

/** Runs the line on the machine of the running service. */
async function expectLimits(words: readonly string[]): Promise<void> {
  const { environment } = await runningService()
  const made = await sallyportHere(['keys', 'create', 'carol', '--output', 'json'], { environment })
  const { id } = JSON.parse(made.stdout) as { id: string }
  const said = await sallyportHere(
    words.map((word) => (word === 'ID' ? id : word)),
    { environment },
  )
  expect(said).toMatchObject({ code: 0, stdout: expect.stringMatching(/per key {2}runs {2}running {2}.*\d/) as string })
}

/** Runs the line with a key in the file that it names, on the address of the running service. */
async function expectRemoteKeys(words: readonly string[]): Promise<void> {
  const service = await runningService()
  const made = await sallyportHere(['keys', 'create', 'away', '--scopes', 'admin'], {
    environment: service.environment,
  })
  const url = /Admin\s+(http:\S+)\/admin\/v1/.exec(service.banner)?.[1] ?? ''
  const folder = temporaryFolder('sallyport-docs-')
  writeFileSync(join(folder, 'operator.key'), made.stdout, { mode: 0o600 })
  const line = words.map((word) => (word.startsWith('https:') ? url : word))
  const ended = await sallyport(line, { environment: cleanEnvironment(), folder })
  expect(ended).toMatchObject({ code: 0, stdout: expect.stringContaining('away') as string })
}

async function expectOpenApi(words: readonly string[]): Promise<void> {
  const served = await askAsOperator(['keys', 'create', 'reader', '--scopes', 'admin'], '/admin/v1/openapi.json')
  const { stdout } = await sallyportHere(words, { environment: cleanEnvironment() })
  expect(JSON.parse(stdout)).toEqual(await served.json())
}

async function expectScopedKey(words: readonly string[]): Promise<void> {
  const service = await runningService()
  const made = await sallyportHere(words, { environment: service.environment })
  const headers = { authorization: `Bearer ${made.stdout.trim()}` }
  const statusOf = async (path: string) => (await fetch(`${service.url}${path}`, { headers })).status
  expect([await statusOf('/v1/models'), await statusOf('/v1/sessions')]).toEqual([200, 403])
}

/** Runs the line on a storage that was lost and restored, so that there is something to accept. */
async function expectStorage(words: readonly string[]): Promise<void> {
  const folder = temporaryFolder('sallyport-docs-')
  const environment = cleanEnvironment({ SALLYPORT_STATE_DIRECTORY: folder })
  const run = async (...given: readonly string[]) => {
    const ended = await sallyportHere(given, { environment })
    expect(ended).toMatchObject({ code: 0 })
    return ended.stdout
  }
  const runLine = async (id: string) => {
    const line = words.map((word) => (word === 'ID' ? id : word))
    expect(await sallyport(line, { environment, folder })).toMatchObject({ code: 0 })
  }
  const path = environment['SALLYPORT_STORAGE_PATH'] ?? ''
  const backup = join(folder, 'before.db')
  const { id } = JSON.parse(await run('keys', 'create', 'alice', '--output', 'json')) as { id: string }
  if (words[1] === 'check') return runLine(id)
  await run('storage', 'backup', backup)
  rmSync(path)
  rmSync(`${path}.mark`)
  await run('storage', 'restore', backup)
  if (words[1] === 'restore') copyFileSync(backup, join(folder, words[2] ?? ''))
  await runLine(id)
}

/** What docs/pii.md shows. */
const piiPage = (): PiiPage => {
  const of = (language: string) =>
    blocks.filter((block) => block.document === 'docs/pii.md' && block.language === language)
  return {
    question: of('json').find(({ text }) => text.includes('wexler'))?.text ?? '',
    configuration: of('yaml')[0]?.text ?? '',
    ask: commands.find((command) => command.startsWith('curl -si ')) ?? '',
    report: of('json').find(({ text }) => text.includes('"fault"'))?.text ?? '',
    send: commands.find(isReport) ?? '',
  }
}

const yamlWith = (words: string): string =>
  blocks.find(({ language, text }) => language === 'yaml' && text.includes(words))?.text ?? ''

/** The words after `npm run -s sallyport --`, quotes taken off. */
function wordsOf(line: string): string[] {
  const rest = line.split(' -- ').slice(1).join(' -- ')
  return [...rest.matchAll(/"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2] ?? '')
}

/** Runs the line as npm would, over a program of the name that it gives, and looks where it ran. */
async function expectRun(words: readonly string[], place: string): Promise<void> {
  const folder = temporaryFolder('sallyport-docs-')
  writeFileSync(join(folder, words.at(-1) ?? ''), 'print("drawn")\n')
  const environment = cleanEnvironment({ INIT_CWD: folder })
  const line = ['setup/run.mjs', 'sallyport', ...words]
  const { stdout, stderr } = await promisify(execFile)('node', line, { cwd: root, env: environment })
  expect([stdout, stderr]).toEqual(['drawn\n', expect.stringContaining(place)])
}

/** Runs the line as npm would, over a file whose mean fare is known. */
async function expectMeanFare(words: readonly string[]): Promise<void> {
  const folder = temporaryFolder('sallyport-docs-')
  writeFileSync(join(folder, 'titanic.csv'), 'name,fare\nA,7.25\nB,71.25\n')
  const environment = cleanEnvironment({ INIT_CWD: folder })
  const line = ['setup/run.mjs', 'sallyport', ...words]
  const { stdout } = await promisify(execFile)('node', line, { cwd: root, env: environment })
  expect(stdout).toContain('39.25')
}

/** Runs the line as npm would, from a folder that holds the files it names, against an endpoint that answers. */
async function expectAnswer(words: readonly string[]): Promise<void> {
  await using endpoint = await ScriptedOpenAiServer.start([{ kind: 'turn', text: 'That is answered.' }])
  const folder = temporaryFolder('sallyport-docs-')
  writeFileSync(join(folder, 'titanic.csv'), 'name,fare\nA,7.25\nB,71.28\n')
  const environment = cleanEnvironment({
    SALLYPORT_MODEL_BASE_URL: endpoint.baseUrl,
    SALLYPORT_MODEL_NAME: 'scripted-1',
    INIT_CWD: folder,
  })
  // A conversation wants a terminal: `script` gives it one.
  const line = ['node', 'setup/run.mjs', 'sallyport']
  const [program = '', ...given] =
    words.length === 0 ? ['script', '-qec', line.join(' '), '/dev/null'] : [...line, ...words]
  const child = spawn(program, given, { cwd: root, env: environment })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
  if (words.length === 0) {
    child.stdin.write('Hello\r')
    // Ctrl-D ends the conversation once the answer is there.
    const asked = setInterval(() => output.includes('That is answered.') && child.stdin.write('\u0004'), 500)
    child.on('close', () => clearInterval(asked))
  } else child.stdin.end()
  const code = await new Promise((done) => child.on('close', done))
  expect({ code, output }).toMatchObject({ code: 0, output: expect.stringContaining('That is answered.') as string })
}

describe('what the documents say', () => {
  afterAll(async () => {
    await (await running)?.[Symbol.asyncDispose]()
    await (await page)?.[Symbol.asyncDispose]()
  })

  it('are read, with their blocks', () => {
    expect(commands.length).toBeGreaterThan(8)
  })

  it.each(commands.map((line) => [line, trialOf(line).does]))('%s: %s', async (line) => {
    verifies('documents.commands')
    expect(trialOf(line), 'a command of the documents that no trial covers').not.toBe(none)
    await trialOf(line).trial(line)
  })

  // Cases of rules are tried where rules are, an OpenAPI document stands beside the configuration that names it, and objects of
  // Kubernetes are no configuration of ours.
  const isConfiguration = ({ language, text }: Block) =>
    language === 'yaml' && !/^(?:- |openapi:|apiVersion:)/.test(text)

  it.each(blocks.filter(isConfiguration))('$document: its configuration is valid', async ({ text }) => {
    const file = join(temporaryFolder('sallyport-docs-'), 'config.yaml')
    const document = join(dirname(file), 'openapi.yaml')
    writeFileSync(document, yamlWith('openapi: 3.1.0'))
    writeFileSync(file, text.replace('document: openapi.yaml', `document: ${document}`))
    const { SALLYPORT_STORAGE_PATH: _path, ...environment } = cleanEnvironment({
      WAREHOUSE_URL: 'postgresql://reader:secret@replica.example:5432/shop',
      EUROPE_KEY: 'third',
      OPENAI_MODERATION_KEY: 'fourth',
      OWN_SIGNING_KEY: 'fifth',
      OIDC_CLIENT_SECRET: 'sixth',
      FILTERS_KEY: 'a-key-between-processes-of-one-operator',
      UPSTREAM_OPENAI_KEY: 'first',
      UPSTREAM_ANTHROPIC_KEY: 'second',
      ORDERS_URL: 'mysql://reader:secret@replica.example:3306/shop',
      TRACES_AUTHORIZATION: 'Bearer secret',
      STORAGE_URL: 'postgresql://sallyport:secret@storage.example:5432/sallyport',
    })
    const ended = await sallyportHere(['config', 'check', '--config', file], { environment })
    expect(ended).toMatchObject({ code: 0 })
  })

  it('README: its TypeScript streams an answer from a running service', async () => {
    const text = blocks.find((block) => block.language === 'ts')?.text ?? ''
    const service = await runningService()
    const program = text
      .replace('http://127.0.0.1:8080', service.url)
      .replace('process.env.SALLYPORT_KEY', JSON.stringify(service.key))
    expect(program).toContain(service.key)
    const read = `${program}\nlet answer = ''\nfor await (const chunk of stream) answer += chunk.choices[0]?.delta.content ?? ''\nreturn answer`
    const AsyncFunction = (async () => {}).constructor as new (
      ...words: string[]
    ) => (client: typeof OpenAI) => Promise<string>
    expect(await new AsyncFunction('OpenAI', read)(OpenAI)).toContain('Kitchen')
  })

  it.each(documents)('%s: every link to a file leads somewhere', (document) => {
    const text = readFileSync(join(root, document), 'utf8')
    const targets = [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map((match) => match[1] ?? '')
    const missing = targets.filter((target) => !existsFrom(document, target))
    expect(missing).toEqual([])
  })

  it.each(documents)('%s: every file of the repository that it names is there', (document) => {
    const text = readFileSync(join(root, document), 'utf8')
    const named = [...text.matchAll(/`((?:src|test|docs|setup|sandbox-images)\/[\w./-]+)`/g)].map(
      ([, path]) => path ?? '',
    )
    expect(named.filter((path) => !existsFrom('README.md', path))).toEqual([])
  })

  it('names every command of the command line', async () => {
    verifies('cli.all-commands')
    const { stdout } = await promisify(execFile)(process.execPath, ['setup/run.mjs', 'sallyport', '--help'], {
      cwd: root,
    })
    const names = [...stdout.matchAll(/^ {2}([a-z]+)(?:\s|$)/gm)]
      .map((match) => match[1] ?? '')
      .filter((name) => name !== 'help')
    const readme = readFileSync(join(root, 'README.md'), 'utf8')
    expect(names.length).toBeGreaterThan(5)
    expect(names.filter((name) => !readme.includes(`sallyport ${name}`))).toEqual([])
  })
})

function existsFrom(document: string, target: string): boolean {
  try {
    readdirSync(resolve(root, document, '..', target))
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOTDIR'
  }
}
