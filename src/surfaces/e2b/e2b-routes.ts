import type { ErrorRequestHandler, RequestHandler } from 'express'
import type { KeyScope } from '../../core/key-scopes.ts'
import { jsonBody } from '../../http/json-body.ts'
import { ownShape } from '../../http/json-shape.ts'
import { listCommands, signalCommand, startCommand } from './commands.ts'
import { createContext, listContexts, removeContext, restartContext } from './contexts.ts'
import type { E2bOptions } from './e2b-options.ts'
import { execute } from './execute.ts'
import { answerFaults } from './faults.ts'
import { downloadFile, requireSandboxOrLink, uploadFiles } from './files.ts'
import { listDir, makeDir, move, remove, stat } from './filesystem.ts'
import { observed } from '../observed.ts'
import { requireSandbox } from './require-sandbox.ts'
import {
  connectSandbox,
  getSandbox,
  killSandbox,
  listSandboxes,
  openSandbox,
  refuseUnsupported,
  setSandboxTimeout,
} from './sandboxes.ts'

interface E2bRoute {
  readonly method: 'get' | 'post' | 'put' | 'delete'
  readonly path: string
  readonly access: 'open' | KeyScope
  readonly handlers: readonly (RequestHandler | ErrorRequestHandler)[]
  readonly hasHead?: boolean
}

/** What `e2b` 2.51, `@e2b/code-interpreter` 2.8 and their Python counterparts ask for. */
export function e2bRoutes(options: E2bOptions): readonly E2bRoute[] {
  const body = jsonBody({ limitBytes: options.bodyLimitBytes, shape: ownShape })
  return [...controlRoutes(options, body), ...dataRoutes(options, body), ...connectRoutes(options, body)]
}

/** With an API key whose scope is `execute`. */
function controlRoutes(options: E2bOptions, body: RequestHandler): readonly E2bRoute[] {
  const route = (method: E2bRoute['method'], path: string, ...handlers: readonly RequestHandler[]): E2bRoute => ({
    method,
    path,
    access: 'execute',
    handlers: [...handlers, answerFaults('rest', options.onFault)],
  })
  const session = (action: 'open' | 'close', handler: RequestHandler) =>
    observed(options.observe, { of: 'session', action }, handler)
  return [
    route('post', '/v2/sandboxes', body, session('open', openSandbox(options))),
    route('get', '/v2/sandboxes', listSandboxes(options)),
    route('post', '/v2/sandboxes/:id/connect', body, connectSandbox(options)),
    route('get', '/sandboxes/:id', getSandbox(options)),
    route('delete', '/sandboxes/:id', session('close', killSandbox(options))),
    route('post', '/sandboxes/:id/timeout', body, setSandboxTimeout(options)),
    route('post', '/sandboxes/:id/pause', refuseUnsupported('pause sandboxes')),
    route('post', '/sandboxes/:id/fork', refuseUnsupported('fork sandboxes')),
    route('post', '/sandboxes/:id/snapshots', refuseUnsupported('keep snapshots of sandboxes')),
    route('put', '/sandboxes/:id/network', refuseUnsupported('give sandboxes a network')),
    route('get', '/sandboxes/:id/metrics', refuseUnsupported('measure a single sandbox')),
  ]
}

/** With the token of a sandbox. */
function dataRoutes(options: E2bOptions, body: RequestHandler): readonly E2bRoute[] {
  const known = requireSandbox(options)
  const route = (method: E2bRoute['method'], path: string, ...handlers: readonly RequestHandler[]): E2bRoute => ({
    method,
    path,
    access: 'open',
    hasHead: false,
    handlers: [...handlers, answerFaults('rest', options.onFault)],
  })
  const link = requireSandboxOrLink(options)
  return [
    route('get', '/health', known, (_request, response) => void response.status(204).end()),
    route('post', '/execute', known, body, execute(options)),
    route('get', '/contexts', known, listContexts),
    route('post', '/contexts', known, body, createContext(options)),
    route('post', '/contexts/:id/restart', known, restartContext(options)),
    route('delete', '/contexts/:id', known, removeContext(options)),
    route('get', '/files', link, downloadFile(options)),
    route('post', '/files', link, uploadFiles(options)),
  ]
}

/** With its token as well, in the Connect protocol: one message, or a stream of them. */
function connectRoutes(options: E2bOptions, body: RequestHandler): readonly E2bRoute[] {
  const known = requireSandbox(options)
  const route = (form: 'unary' | 'stream', path: string, ...handlers: readonly RequestHandler[]): E2bRoute => ({
    method: 'post',
    path,
    access: 'open',
    handlers: [known, ...handlers, answerFaults(form, options.onFault)],
  })
  const process = (form: 'unary' | 'stream', name: string, ...handlers: readonly RequestHandler[]) =>
    route(form, `/process.Process/${name}`, ...handlers)
  const files = (form: 'unary' | 'stream', name: string, ...handlers: readonly RequestHandler[]) =>
    route(form, `/filesystem.Filesystem/${name}`, ...handlers)
  const noInput = refuseUnsupported('give a command standard input')
  const noWatching = refuseUnsupported('watch folders')
  return [
    process('stream', 'Start', startCommand(options)),
    process('unary', 'List', body, listCommands),
    process('unary', 'SendSignal', body, signalCommand),
    process('stream', 'Connect', refuseUnsupported('connect to a running command: it ends with its connection')),
    process('unary', 'SendInput', noInput),
    process('unary', 'StreamInput', noInput),
    process('unary', 'CloseStdin', noInput),
    process('unary', 'Update', refuseUnsupported('change a running command')),
    files('unary', 'Stat', body, stat(options)),
    files('unary', 'ListDir', body, listDir(options)),
    files('unary', 'MakeDir', body, makeDir(options)),
    files('unary', 'Move', body, move(options)),
    files('unary', 'Remove', body, remove(options)),
    files('stream', 'WatchDir', noWatching),
    files('unary', 'CreateWatcher', noWatching),
    files('unary', 'GetWatcherEvents', noWatching),
    files('unary', 'RemoveWatcher', noWatching),
  ]
}
