import type { SurfaceContract } from '../../openapi/document.ts'
import { aroundContracts } from './around.ts'
import { containerContracts } from './containers.ts'
import { dataContracts } from './data.ts'
import { historyContracts } from './history.ts'
import { modelContracts } from './models.ts'
import { programContracts } from './programs.ts'
import { shareContracts } from './shares.ts'
import { webContractsAt } from '../web-sessions.ts'

/** The service as its callers see it: every route, and what any of them may be answered with. */
export const serviceContract: SurfaceContract = {
  title: 'Sallyport',
  version: '1',
  description:
    'Questions, programs and SQL that run in sandboxes, models behind a gateway, and what stands around them. Every error is a problem (RFC 9457) that OpenAI’s clients read, too. A key is sent as a bearer token, or in x-api-key, in one of them.',
  routes: [
    ...modelContracts,
    ...programContracts,
    ...historyContracts,
    ...dataContracts,
    ...shareContracts,
    ...containerContracts,
    ...aroundContracts,
    ...Object.values(webContractsAt('/v1')),
  ],
  errors: [
    'invalid-request',
    'unauthenticated',
    'forbidden',
    'suspended',
    'method-not-allowed',
    'identity-unavailable',
    'rate-limited',
    'quota-exceeded',
    'shutting-down',
    'service-unavailable',
    'storage-unavailable',
    'internal',
  ],
  bodyErrors: ['payload-too-large', 'unsupported-media-type'],
  changeErrors: [],
}
