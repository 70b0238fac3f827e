import { z } from 'zod'
import { noBody, noParams, plainId, route } from '../../openapi/contract.ts'
import {
  madeShareObject,
  openShareRequest,
  shareFacts,
  shareListParameters,
  shareObject,
  shareReaders,
  shareRequest,
} from '../shares.ts'
import { listOf } from './history.ts'

const shares = '/v1/shares'
const idParams = z.strictObject({ id: plainId })
const get = { method: 'get', params: idParams, query: noParams, body: noBody, status: 200, access: 'sessions' } as const

/** Versions of conversations that their owners give to others. */
export const shareContracts = [
  route({
    ...get,
    id: 'shares.audiences',
    path: `${shares}/audiences`,
    summary: 'For whom the caller may make shares, and for how long.',
    params: noParams,
    answer: shareReaders,
    errors: [],
  }),
  route({
    ...get,
    id: 'shares.list',
    path: shares,
    summary: 'Shares that the caller made, or that are for its group, newest first.',
    params: noParams,
    query: shareListParameters,
    answer: listOf(shareFacts),
    errors: [],
  }),
  route({
    ...get,
    id: 'shares.make',
    method: 'post',
    path: shares,
    summary:
      'Makes a version of a conversation, or of one answer, for others: anew under their policy, without what was restored for its author. It does not change any more.',
    params: noParams,
    body: shareRequest,
    status: 201,
    answer: madeShareObject,
    errors: ['not-found', 'conflict', 'payload-too-large', 'refused'],
  }),
  route({
    ...get,
    id: 'shares.show',
    path: `${shares}/{id}`,
    summary: 'A share, for whoever made it and for callers of its group.',
    answer: shareObject,
    errors: ['not-found'],
  }),
  route({
    ...get,
    id: 'shares.revoke',
    method: 'delete',
    path: `${shares}/{id}`,
    summary: 'Revokes a share: nobody opens it any more.',
    answer: z.object({ id: z.string(), object: z.literal('share.deleted'), deleted: z.literal(true) }),
    errors: ['not-found'],
  }),
  route({
    ...get,
    id: 'shares.open',
    method: 'post',
    path: `${shares}/{id}/open`,
    summary: 'A share by the secret of its link, which is the permission.',
    body: openShareRequest,
    answer: shareObject,
    errors: ['not-found'],
    access: 'open',
  }),
]
