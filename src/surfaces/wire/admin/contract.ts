import { z } from 'zod'
import { noBody, noParams, route } from '../../openapi/contract.ts'
import type { SurfaceContract } from '../../openapi/document.ts'
import { listDecisions, searchAudit, verifyAudit } from './audit.ts'
import { showLimits } from './limits.ts'
import { explainRoute } from './routes.ts'
import { listGroups } from './groups.ts'
import { addSuspension, liftSuspension, listSuspensions, showSuspension } from './suspensions.ts'
import { createKey, listKeys, revokeKey, rotateKey, showKey } from './keys.ts'

export const readDocument = route({
  id: 'document.read',
  method: 'get',
  path: '/admin/v1/openapi.json',
  summary: 'This document.',
  params: noParams,
  query: noParams,
  body: noBody,
  status: 200,
  answer: z.record(z.string(), z.unknown()),
  errors: [],
})

/** The operators' surface: every route that there is, and what any of them may be answered with. */
export const adminContract: SurfaceContract = {
  title: 'Sallyport: routes for operators',
  version: '1',
  description:
    'Keys, groups, limits, suspensions, decisions and the audit trail of a service. Every route wants a key with the scope admin; every change is on the audit trail with who made it.',
  routes: [
    listSuspensions,
    addSuspension,
    showSuspension,
    liftSuspension,
    readDocument,
    listKeys,
    createKey,
    showKey,
    rotateKey,
    revokeKey,
    listGroups,
    showLimits,
    explainRoute,
    listDecisions,
    searchAudit,
    verifyAudit,
  ],
  errors: [
    'invalid-request',
    'unauthenticated',
    'forbidden',
    'suspended',
    'rate-limited',
    'internal',
    'storage-unavailable',
  ],
  bodyErrors: ['payload-too-large', 'unsupported-media-type'],
  changeErrors: ['service-unavailable'],
}
