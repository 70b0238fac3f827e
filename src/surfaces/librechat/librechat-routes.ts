import type { ErrorRequestHandler, RequestHandler } from 'express'
import { ServiceError } from '../../core/errors.ts'
import { jsonBody } from '../../http/json-body.ts'
import { ownShape } from '../../http/json-shape.ts'
import { requireKey, type Know } from '../caller.ts'
import { execute } from './execute.ts'
import { answerFaults } from './faults.ts'
import { downloadFile, listFiles, onlyWireIds, showFile, uploadFile } from './files.ts'
import type { LibreChatOptions } from './librechat-options.ts'

interface LibreChatRoute {
  readonly method: 'get' | 'post'
  readonly path: string
  readonly access: 'open' | 'execute'
  readonly handlers: readonly (RequestHandler | ErrorRequestHandler)[]
  readonly hasHead?: boolean
}

const noTools: RequestHandler = () => {
  throw new ServiceError('invalid-request', 'Programs here call no tools of LibreChat.', {
    parameter: 'tools',
    advice: 'Leave programmatic tool calling off; exec runs programs.',
  })
}

/** What LibreChat and `@librechat/agents` 3.9 ask of their code API, with a key whose scope is `execute`. */
export function librechatRoutes(options: LibreChatOptions & { readonly know: Know }): readonly LibreChatRoute[] {
  const body = jsonBody({ limitBytes: options.bodyLimitBytes, shape: ownShape })
  const faults = answerFaults(options.onFault)
  const route = (method: LibreChatRoute['method'], path: string, ...handlers: readonly RequestHandler[]) =>
    ({ method, path, access: 'execute', handlers: [...handlers, faults], hasHead: false }) as const
  return [
    route('post', '/v1/exec', body, execute(options)),
    route('post', '/v1/exec/programmatic', noTools),
    route('post', '/v1/upload', uploadFile(options)),
    route('get', '/v1/download/:session/:id', downloadFile(options)),
    route('get', '/v1/sessions/:session/objects/:id', showFile(options)),
    // It shares its place with files of OpenAI, whose keys need another scope: the caller is known behind the choice.
    {
      method: 'get',
      path: '/v1/files/:id',
      access: 'open',
      handlers: [onlyWireIds, requireKey(options.know, 'execute'), listFiles(options), faults],
    },
  ]
}
