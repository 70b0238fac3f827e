import { z } from 'zod'
import { categoryName } from '../../../filters/categories.ts'
import type { JsonValue } from '../../../core/json.ts'
import type { TuningPlace } from '../../../core/recorded-decisions.ts'

/** A category as rules of filters name it. */
export const ruleName = z.string().max(100).regex(categoryName, 'must be a category like "toxicity" or "pii/email"')

export const direction = z
  .enum(['inbound', 'outbound'])
  .describe('inbound: what a model is sent; outbound: what it says.')
export const groupName = z.string().min(1).max(200)

/** What names a place whole, as members of a query or a body. */
export const placeMembers = {
  group: groupName.describe('The group whose calls are meant.'),
  direction,
  rule: ruleName.describe('The category that the rule is written for.'),
}

export const place = z
  .strictObject({ group: z.string(), direction, rule: z.string() })
  .meta({ id: 'TuningPlace' }) satisfies z.ZodType<TuningPlace>

/** 0 to 1. */
export const threshold = z.number().min(0).max(1)

export const why = z.string().min(1).max(500).describe('Why, in one line: for the history and the audit trail.')

export const proposalId = z.string().regex(/^tpr_[\w-]{1,100}$/, 'must be the id of a proposal, tpr_…')
export const rolloutId = z.string().regex(/^rol_[\w-]{1,100}$/, 'must be the id of a rollout, rol_…')
export const decisionId = z.string().regex(/^dec-[\w-]{1,100}$/, 'must be the id of a decision, dec-…')
export const itemId = z
  .string()
  .regex(/^(?:cmp_|prp_|dec-)[\w-]{1,100}$/, 'must be the id of a complaint, a report or a decision')
export const setName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'must be a name of a-z, 0-9 and hyphens, of 64 characters at most')
export const digest = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 digits of 0-9 and a-f')

/** Figures that a part of the service computes: their names and meanings are those of the documentation. */
export const figures = z.record(z.string(), z.unknown() as z.ZodType<JsonValue>)
