import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { WebSocket } from 'ws'

export interface KernelReply {
  readonly msg_type: string
  readonly channel: string
  readonly parent_header: { readonly msg_id?: string }
  readonly content: Readonly<Record<string, unknown>>
}

/** What a run came to, as Open WebUI 0.12 gathers it. */
export interface Gathered {
  readonly stdout: string
  readonly stderr: string
  readonly results: readonly Readonly<Record<string, string>>[]
  readonly types: readonly string[]
}

/** Sends what Open WebUI's client sends, message by message. */
export class KernelClient implements AsyncDisposable {
  readonly socket: WebSocket
  readonly replies: KernelReply[] = []
  /** Resolved by the next message. */
  #news = Promise.withResolvers<void>()

  private constructor(socket: WebSocket) {
    this.socket = socket
    // Whoever waits is told; nobody may wait.
    this.#news.promise.catch(() => undefined)
    socket.on('message', (data: Buffer) => {
      this.replies.push(JSON.parse(data.toString()) as KernelReply)
      this.#news.resolve()
      this.#news = Promise.withResolvers()
      this.#news.promise.catch(() => undefined)
    })
    socket.on('close', () => this.#news.reject(new Error('the connection was closed')))
  }

  /** Rejects with the status that was answered in the place of a connection. */
  static async connect(url: string, headers: Readonly<Record<string, string>> = {}): Promise<KernelClient> {
    const socket = new WebSocket(url.replace(/^http/, 'ws'), { headers, maxPayload: 1_048_576 })
    const client = new KernelClient(socket)
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve)
      socket.once('error', reject)
      socket.once('unexpected-response', (_request, response) => reject(new Error(`answered ${response.statusCode}`)))
    })
    return client
  }

  /** The id of the request. */
  send(type: string, content: object = {}, channel = 'shell'): string {
    const id = randomUUID().replaceAll('-', '')
    const header = { msg_id: id, msg_type: type, username: 'user', session: 's', date: '', version: '5.3' }
    this.socket.send(JSON.stringify({ header, parent_header: {}, metadata: {}, content, channel }))
    return id
  }

  /** What came for a request until its kernel is idle again. */
  async answersTo(id: string): Promise<readonly KernelReply[]> {
    const own = () => this.replies.filter(({ parent_header: parent }) => parent.msg_id === id)
    const isOver = () => own().some(({ content }) => content['execution_state'] === 'idle')
    while (!isOver()) {
      if (this.socket.readyState !== WebSocket.OPEN) throw new Error('the connection was closed')
      await this.#news.promise
    }
    return own()
  }

  async run(code: string): Promise<Gathered> {
    const content = {
      code,
      silent: false,
      store_history: true,
      user_expressions: {},
      allow_stdin: false,
      stop_on_error: true,
    }
    const replies = await this.answersTo(this.send('execute_request', content))
    const streamed = (name: string): string =>
      replies.flatMap(({ content: said }) => (said['name'] === name ? [String(said['text'])] : [])).join('')
    const errors = replies.filter(({ msg_type: type }) => type === 'error')
    const shown = replies.filter(({ msg_type: type }) => type === 'execute_result' || type === 'display_data')
    return {
      stdout: streamed('stdout'),
      stderr:
        streamed('stderr') + errors.map(({ content: said }) => (said['traceback'] as string[]).join('\n')).join(''),
      results: shown.map(({ content: said }) => said['data'] as Record<string, string>),
      // How often it says that it goes on is up to the clock.
      types: replies
        .filter((reply, at) => at === 0 || reply.content['execution_state'] !== 'busy')
        .map(({ msg_type: type, content: said }) => (type === 'status' ? String(said['execution_state']) : type)),
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.socket.readyState === WebSocket.CLOSED) return
    const closed = once(this.socket, 'close')
    this.socket.close()
    await closed
  }
}
