import type { RequestHandler } from 'express'
import { ServiceError } from '../../core/errors.ts'
import type { ExecutionAnswer } from '../../core/execution.ts'
import { describeFindings } from '../../core/verdict.ts'
import { reasonOf, signalFor } from '../../http/caller-signal.ts'
import { ownShape } from '../../http/json-shape.ts'
import { parseRequest } from '../../http/parse-request.ts'
import { requestIdOf } from '../../http/request-id.ts'
import { signalRequest, startRequest } from '../wire/e2b.ts'
import { connectFault } from './faults.ts'
import { endFrame, frame, readMessage, streamType, timeoutOf } from './connect-protocol.ts'
import type { E2bOptions } from './e2b-options.ts'
import type { RunningProcess } from './processes.ts'
import { LineStream } from './line-stream.ts'
import { OutputPieces } from '../output-pieces.ts'
import { receivedFor, sandboxOf } from './require-sandbox.ts'
import { home, toSandboxPath } from '../sandbox-path.ts'

interface Command {
  readonly cmd: string
  readonly args: readonly string[]
  readonly envs: Readonly<Record<string, string>>
  readonly cwd?: string | null | undefined
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

/** A command as a line of the shell: its folder, its variables, then it alone. */
export function shellOf({ cmd, args, envs, cwd }: Command): string {
  const below = toSandboxPath(cwd ?? home)
  const folder = below === '' ? home : `${home}/${below}`
  const variables = Object.entries(envs).map(([name, value]) => `${name}=${value}`)
  return `cd ${quoted(folder)} && exec env ${[...variables, cmd, ...args].map(quoted).join(' ')}`
}

/** Keeps what stands between from taking the connection for a dead one. */
const heartbeatMilliseconds = 15_000

/**
 * `/process.Process/Start`: a command until its end, with its output while it runs. Commands and programs of one sandbox run one after the
 * other, those in the background too; closing the connection ends it.
 */
export function startCommand({
  programs,
  stopping,
  stallMilliseconds,
  onFault,
  bodyLimitBytes,
}: E2bOptions): RequestHandler {
  return async (request, response) => {
    const message = await readMessage(request, { limitBytes: bodyLimitBytes, shape: ownShape })
    const { process: config, tag = null } = parseRequest(startRequest, message)
    refuseRoot(request.headers.authorization)
    const code = shellOf(config)
    const sandbox = sandboxOf(response)
    const most = sandbox.longestRunMilliseconds
    const asked = timeoutOf(request)
    const killing = new AbortController()
    const signal = AbortSignal.any([signalFor(response, stopping), killing.signal])
    const frames = new LineStream(response, { contentType: streamType, stallMilliseconds })
    const send = (event: object): void => frames.write(frame({ event }))
    const output = new OutputPieces((stream, text) =>
      send({ data: { [stream]: Buffer.from(text).toString('base64') } }),
    )
    using process = sandbox.processes.add({
      tag,
      config: { ...config, cwd: config.cwd ?? null },
      kill: () => killing.abort(new ServiceError('cancelled', 'The command was killed.')),
    })
    send({ start: { pid: process.pid } })
    const heartbeat = setInterval(() => send({ keepalive: {} }), heartbeatMilliseconds)
    try {
      const answer = await programs.run(
        receivedFor(response),
        {
          language: 'shell',
          code,
          timeoutMilliseconds: Math.min(most, asked ?? most),
          takesLess: asked === null,
          bringsFiles: false,
          onOutput: output.add,
        },
        signal,
      )
      if (answer.kind === 'result') output.finish(answer)
      send({ end: endOf(answer, killing.signal.aborted) })
      frames.write(endFrame(null))
    } catch (thrown) {
      const requestId = requestIdOf(response)
      const error = reasonOf(thrown, signal)
      if (killing.signal.aborted) send({ end: killed })
      else onFault(error, requestId)
      frames.write(endFrame(killing.signal.aborted ? null : connectFault(error, requestId)))
    } finally {
      clearInterval(heartbeat)
    }
    await frames.end()
  }
}

/** Other users than the one of the sandbox there are none. */
function refuseRoot(authorization: string | undefined): void {
  const [, encoded = ''] = /^Basic +([\w+/=]+)$/i.exec(authorization ?? '') ?? []
  const user = Buffer.from(encoded, 'base64').toString('utf8').split(':')[0] ?? ''
  if (user === '' || user === 'user') return
  throw new ServiceError('invalid-request', `Nothing runs as "${user.slice(0, 50)}" in a sandbox.`, {
    parameter: 'user',
    advice: 'Leave the user out: there is one.',
  })
}

const killed = { exitCode: 137, exited: false, status: 'signal: killed', error: 'signal: killed' } as const

/** How it ended, as the clients read it. Throws what is no end of a command: it was refused, or ended from outside. */
function endOf(answer: ExecutionAnswer, wasKilled: boolean): object {
  if (answer.kind === 'refused') throw new ServiceError('refused', describeFindings(answer.findings))
  const { outcome, error, notice } = answer.cell
  if (wasKilled) return killed
  if (outcome === 'ok') return { exitCode: 0, exited: true, status: 'exit status 0' }
  if (outcome === 'timeout') throw new ServiceError('deadline-exceeded', notice ?? 'The command took too long.')
  const [, kind, number] = /^(exit status|ended by signal) (\d+)$/.exec(error?.value ?? '') ?? []
  if (outcome === 'user-error' && kind !== undefined) {
    const exitCode = kind === 'exit status' ? Number(number) : 128 + Number(number)
    return { exitCode, exited: kind === 'exit status', status: error?.value ?? '', error: error?.value ?? '' }
  }
  throw new ServiceError('sandbox-lost', notice ?? error?.value ?? `The command ended as ${outcome}.`)
}

/** `/process.Process/List` */
export const listCommands: RequestHandler = (_request, response) => {
  response.json({ processes: sandboxOf(response).processes.all.map(processJson) })
}

// What is undefined is left out of JSON.
const processJson = ({ pid, tag, config: { cmd, args, envs, cwd } }: RunningProcess): object => ({
  pid,
  tag: tag ?? undefined,
  config: { cmd, args, envs, cwd: cwd ?? undefined },
})

/** `/process.Process/SendSignal`: ends a command. */
export const signalCommand: RequestHandler = (request, response) => {
  const { pid } = parseRequest(signalRequest, request.body).process
  const process = sandboxOf(response).processes.get(pid)
  if (process === null) throw new ServiceError('not-found', `There is no command ${pid}.`, { parameter: 'process.pid' })
  process.kill()
  response.json({})
}
