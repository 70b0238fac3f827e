import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../databases/server-process.ts'
import { ListeningProgram } from '../python/listening-program.ts'
import { madeEnvironment, pythonEnvironment } from '../python/python-environment.ts'
import { temporaryFolder } from '../temporary-folder.ts'

const list = join(import.meta.dirname, 'open-webui.txt')
const name = 'open-webui'

/**
 * Open WebUI 0.12.4 with what it loads for chats and code, which is all but models of its own: 1.3 GB, so that `install.ts` beside this file is run for it;
 * why it cannot be had, as a text.
 */
export const openWebuiPackages = () => madeEnvironment(name, list)
export const installOpenWebui = () => pythonEnvironment(name, list)

/** The last that it says before it listens; where, it does not say. */
const ready = 'Scheduler worker started'

interface OpenWebuiOptions {
  readonly python: string
  /** Of the service, without a trailing slash. */
  readonly url: string
  readonly key: string
  readonly auth: 'token' | 'password'
}

/** Open WebUI, unmodified, with the service behind its models and its code. It asks nobody else for anything. */
export class OpenWebui implements AsyncDisposable {
  readonly #program: ListeningProgram
  readonly #token: string

  private constructor(program: ListeningProgram, token: string) {
    this.#program = program
    this.#token = token
  }

  static async start({ python, url, key, auth }: OpenWebuiOptions): Promise<OpenWebui> {
    const folder = temporaryFolder('open-webui-')
    const address = `http://127.0.0.1:${await freePort()}`
    const jupyter = (kind: string) => ({
      [`CODE_${kind}_ENGINE`]: 'jupyter',
      [`CODE_${kind}_JUPYTER_URL`]: `${url}/jupyter`,
      [`CODE_${kind}_JUPYTER_AUTH`]: auth,
      [`CODE_${kind}_JUPYTER_AUTH_TOKEN`]: key,
      [`CODE_${kind}_JUPYTER_AUTH_PASSWORD`]: key,
    })
    const program = await ListeningProgram.start({
      name: 'Open WebUI',
      // It writes its log to standard output.
      command: [
        'sh',
        '-c',
        'exec "$0" -B -m uvicorn open_webui.main:app --host 127.0.0.1 --port "$1" >&2',
        python,
        new URL(address).port,
      ],
      environment: {
        HOME: folder,
        DATA_DIR: folder,
        FROM_INIT_PY: 'true',
        WEBUI_SECRET_KEY: 'only for this run',
        OFFLINE_MODE: 'true',
        HF_HUB_OFFLINE: '1',
        ENABLE_OLLAMA_API: 'false',
        OPENAI_API_BASE_URLS: `${url}/v1`,
        OPENAI_API_KEYS: key,
        ...jupyter('EXECUTION'),
        ...jupyter('INTERPRETER'),
      },
      urlIn: (output) => (output.includes(ready) ? address : undefined),
      patienceMilliseconds: 400_000,
    })
    try {
      await waitUntilHealthy(program.url)
      const person = { name: 'Anna', email: 'anna@localhost.example', password: 'a long password' }
      const answer = await post(`${program.url}/api/v1/auths/signup`, person)
      const { token } = (await answer.json()) as { readonly token?: string }
      if (token === undefined) throw new Error(`nobody could sign up: ${answer.status}`)
      return new OpenWebui(program, token)
    } catch (error) {
      await program[Symbol.asyncDispose]()
      throw error
    }
  }

  /** Where its page is. */
  get url(): string {
    return this.#program.url
  }

  /** What its page keeps of whoever has signed in. */
  get token(): string {
    return this.#token
  }

  /** As its page runs a block of code. */
  async run(code: string): Promise<{ readonly stdout: string; readonly stderr: string; readonly result: string }> {
    const answer = await this.post('/api/v1/utils/code/execute', { code })
    if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`)
    return (await answer.json()) as { readonly stdout: string; readonly stderr: string; readonly result: string }
  }

  async models(): Promise<readonly string[]> {
    const answer = await fetch(`${this.#program.url}/api/models`, {
      headers: { authorization: `Bearer ${this.#token}` },
    })
    return ((await answer.json()) as { readonly data: readonly { readonly id: string }[] }).data.map(({ id }) => id)
  }

  post(path: string, body: object): Promise<Response> {
    return post(`${this.#program.url}${path}`, body, { authorization: `Bearer ${this.#token}` })
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#program[Symbol.asyncDispose]()
  }
}

const post = (url: string, body: object, headers: Readonly<Record<string, string>> = {}): Promise<Response> =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })

async function waitUntilHealthy(url: string): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    const answer = await fetch(`${url}/health`).catch(() => null)
    if (answer?.ok === true) return
    await sleep(100)
  }
  throw new Error(`Open WebUI does not answer at ${url}`)
}
