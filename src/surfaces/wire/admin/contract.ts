import { z } from 'zod'
import { noBody, noParams, route } from '../../openapi/contract.ts'
import type { SurfaceContract } from '../../openapi/document.ts'
import { decideEveryApproval, listEveryApproval, readApproval } from './approvals.ts'
import { listDecisions, searchAudit, verifyAudit } from './audit.ts'
import { showLimits } from './limits.ts'
import { listEveryModel } from './models.ts'
import { showOverview } from './overview.ts'
import { explainPolicy, showPolicy } from './policy.ts'
import { explainRoute } from './routes.ts'
import { checkSourceNow, listEverySource } from './sources.ts'
import { listGroups } from './groups.ts'
import { listEveryShare, readEveryShare, revokeEveryShare } from './shares.ts'
import { drainSandboxes, endSandbox, listSandboxes, resumeSandboxes, traceSandbox } from './sandboxes.ts'
import { addSuspension, liftSuspension, listSuspensions, showSuspension } from './suspensions.ts'
import { listPlaces, showCurves } from './tuning-curves.ts'
import { addLabel, dismissComplaint, listQueue, readItem } from './tuning-queue.ts'
import {
  beginShadow,
  listRollouts,
  promote,
  rollBack,
  showRollout,
  showTuning,
  stepToCanary,
  stop,
} from './tuning-rollouts.ts'
import { listProposals, listSets, makeSet, propose, reportTuning, showSet, simulate } from './tuning-sets.ts'
import { createKey, listKeys, revokeKey, rotateKey, showKey } from './keys.ts'
import { webContractsAt } from '../web-sessions.ts'
import { makeWebLink } from './web-links.ts'

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
    'Keys, groups, limits, suspensions, sandboxes, approvals, shares, models, data sources, policy, decisions, thresholds and the audit trail of a service. Every route wants a key with the scope admin; every change is on the audit trail with who made it.',
  routes: [
    showOverview,
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
    listSandboxes,
    drainSandboxes,
    resumeSandboxes,
    traceSandbox,
    endSandbox,
    listEveryApproval,
    readApproval,
    decideEveryApproval,
    listEveryShare,
    readEveryShare,
    revokeEveryShare,
    showPolicy,
    explainPolicy,
    listEveryModel,
    listEverySource,
    checkSourceNow,
    listDecisions,
    searchAudit,
    verifyAudit,
    showTuning,
    reportTuning,
    listPlaces,
    showCurves,
    listQueue,
    readItem,
    addLabel,
    dismissComplaint,
    listSets,
    makeSet,
    showSet,
    listProposals,
    propose,
    simulate,
    listRollouts,
    beginShadow,
    showRollout,
    stepToCanary,
    promote,
    rollBack,
    stop,
    makeWebLink,
    ...Object.values(webContractsAt('/admin/v1')),
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
