import { z } from 'zod'
import { errorCodes } from '../../../core/error-codes.ts'
import type { SeenSource, SourceFound } from '../../../core/seen-sources.ts'
import { noBody, noParams, route } from '../../openapi/contract.ts'

const source = z
  .strictObject({
    name: z.string(),
    kind: z.string(),
    groups: z.array(z.string()).describe('Groups that may ask it.'),
    maximum_lag_ms: z
      .number()
      .nullable()
      .describe('A server further behind is not asked; null where there is no limit.'),
    state: z
      .enum(['unchecked', 'usable', 'unusable'])
      .describe('usable: its role can do nothing but read what policies name, and every name in them is there.'),
    checked_ago_ms: z.int().nullable().describe('null before the process that is asked has looked at it.'),
    took_ms: z.int().nullable(),
    role: z.string().nullable(),
    standby: z.boolean().nullable(),
    excess: z.array(z.string()).describe('What its role can do beyond reading, which the configuration accepts.'),
    as_of: z.iso.datetime().nullable().describe('The state of its data; null where it does not tell.'),
    lag_ms: z.number().nullable().describe('How far behind its primary it was; null where that is not known.'),
    lag_estimated: z.boolean().nullable().describe('By what was replayed, and not by a heartbeat.'),
    fault: z
      .strictObject({ code: z.enum(errorCodes), detail: z.string(), advice: z.string().nullable() })
      .nullable()
      .describe('What is wrong with it.'),
  })
  .meta({ id: 'OperatedSource' })

export const listEverySource = route({
  id: 'sources.list',
  method: 'get',
  path: '/admin/v1/sources',
  summary: 'The data sources, each with what the process that is asked found when it last looked; none is asked.',
  params: noParams,
  query: noParams,
  body: noBody,
  status: 200,
  answer: z.strictObject({ data: z.array(source) }),
  errors: [],
})

export const checkSourceNow = route({
  id: 'sources.check',
  method: 'post',
  path: '/admin/v1/sources/{id}/check',
  summary:
    'Asks a data source now: does it answer, can its role only read, are the names of its policies there, how old is it?',
  params: z.strictObject({ id: z.string().min(1).max(200).describe('Its name.') }),
  query: noParams,
  body: z.strictObject({}),
  status: 200,
  answer: source,
  errors: ['not-found'],
})

type SourceJson = z.infer<typeof source>

const nothingFound = {
  role: null,
  standby: null,
  excess: [],
  as_of: null,
  lag_ms: null,
  lag_estimated: null,
  fault: null,
}

export function toSource({ name, kind, groups, maximumLagMilliseconds, look }: SeenSource): SourceJson {
  const facts = { name, kind, groups: [...groups], maximum_lag_ms: maximumLagMilliseconds }
  if (look === null) return { ...facts, state: 'unchecked', checked_ago_ms: null, took_ms: null, ...nothingFound }
  const { ago, took, found } = look
  return { ...facts, checked_ago_ms: Math.round(ago), took_ms: Math.round(took), ...toFound(found) }
}

function toFound(found: SourceFound) {
  if (found.state === 'unusable') {
    const { state, code, message: detail, advice } = found
    return { state, ...nothingFound, fault: { code, detail, advice } }
  }
  const { state, role, standby, excess, freshness } = found
  return {
    state,
    role,
    standby,
    excess: [...excess],
    as_of: freshness?.asOf.toISOString() ?? null,
    lag_ms: freshness?.lagMilliseconds ?? null,
    lag_estimated: freshness?.lagEstimated ?? null,
    fault: null,
  }
}
