import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import type { Variables } from '../../config/environment.ts'
import type { Classifier } from './classifier.ts'
import { exampleEnvironment, type Example } from './example.ts'
import { startProgram, type StartedProgram } from './started-program.ts'

/** A Sallyport in front of the classifier, with the configuration of the example. */
export interface Guard extends Pick<StartedProgram, 'pid'>, AsyncDisposable {
  readonly origin: string
  /** Keys of an honest caller, and of somebody who signed up to misuse it. */
  readonly keys: { readonly caller: string; readonly bot: string }
}

export interface GuardOptions {
  readonly example: Example
  readonly classifier: Classifier
  readonly variables: Variables
}

const banner = z.object({ url: z.url() })
const madeKey = z.object({ key: z.string() })

/** The command line itself; sources and build differ in their ending. */
const program = join(import.meta.dirname, `../main${extname(import.meta.filename)}`)

/** Starts `sallyport serve` on a free port, as a person would. Rejects with `service-unavailable` where it does not start. */
export async function startGuard(
  { example, classifier, variables }: GuardOptions,
  signal: AbortSignal,
): Promise<Guard> {
  await using stack = new AsyncDisposableStack()
  // For all that it keeps.
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-incident-'))
  stack.defer(() => rm(folder, { recursive: true, force: true }))
  const environment = exampleEnvironment(variables, {
    XDG_CONFIG_HOME: folder,
    XDG_STATE_HOME: folder,
    MALLOC_ARENA_MAX: '2',
    CLASSIFIER_KEY: classifier.key,
  })
  const settings = ['http.port=0', 'http.drain_grace_ms=0', `endpoints.classifier.base_url=${classifier.origin}`]
  const words = [
    ...process.execArgv,
    program,
    '--config',
    join(example.folder, 'sallyport.yaml'),
    ...settings.flatMap((setting) => ['--set', setting]),
  ]
  // Where the configuration finds its document.
  const options = { cwd: example.folder, env: environment, signal }
  const create = async (name: string, group: string): Promise<string> => {
    const command = ['keys', 'create', name, '--group', group, '--output', 'json']
    const { stdout } = await promisify(execFile)(process.execPath, [...words, ...command], options)
    return madeKey.parse(JSON.parse(stdout)).key
  }
  const keys = { caller: await create('shop', 'default'), bot: await create('bot', 'trial') }
  const started = stack.use(
    await startProgram(
      [process.execPath, ...words, 'serve', '--output', 'json'],
      { folder: example.folder, environment, stream: 'stdout', ready: /^\{.*"url".*\}$/ },
      signal,
    ),
  )
  const { url } = banner.parse(JSON.parse(started.match[0]))
  const opened = stack.move()
  return {
    pid: started.pid,
    origin: url,
    keys,
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}
