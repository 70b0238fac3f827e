import type { RequestHandler } from 'express'
import { kernelSpecs } from '../wire/jupyter.ts'
import { openChannels } from './channels.ts'
import type { JupyterOptions } from './jupyter-options.ts'
import { deleteKernel, interruptKernel, listKernels, restartKernel, showKernel, startKernel } from './kernels.ts'
import { requireJupyterKey } from './known-caller.ts'
import { logIn, showLogin } from './login.ts'

interface JupyterRoute {
  readonly method: 'get' | 'post' | 'delete'
  readonly path: string
  /** Keys come in ways of their own: each route knows its caller itself. */
  readonly access: 'open'
  readonly handlers: readonly RequestHandler[]
  readonly hasHead?: boolean
}

const send =
  (body: object): RequestHandler =>
  (_request, response) =>
    void response.setHeader('cache-control', 'no-store').json(body)

/** What Open WebUI 0.12 asks of a Jupyter server, and what clients ask beside it to know one. */
export function jupyterRoutes(options: JupyterOptions): readonly JupyterRoute[] {
  const known = requireJupyterKey(options)
  const route = (method: JupyterRoute['method'], path: string, handler: RequestHandler): JupyterRoute => ({
    method,
    path: `/jupyter/api${path}`,
    access: 'open',
    handlers: [known, handler],
    hasHead: false,
  })
  const login = { path: '/jupyter/login', access: 'open', hasHead: false } as const
  return [
    { ...login, method: 'get', handlers: [showLogin(options)] },
    { ...login, method: 'post', handlers: [logIn(options)] },
    route('get', '/kernelspecs', send(kernelSpecs)),
    route('get', '/kernels', listKernels(options)),
    route('post', '/kernels', startKernel(options)),
    route('get', '/kernels/:id', showKernel(options)),
    route('delete', '/kernels/:id', deleteKernel(options)),
    route('post', '/kernels/:id/interrupt', interruptKernel(options)),
    route('post', '/kernels/:id/restart', restartKernel(options)),
    route('get', '/kernels/:id/channels', openChannels(options)),
  ]
}
