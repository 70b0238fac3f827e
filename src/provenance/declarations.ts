import { z } from 'zod'
import { provenances } from '../core/provenance.ts'

// What an operator says of a tool: whether it changes anything, what calls for it, and what may flow where. A tool without a
// declaration is not called once something untrusted was read.

const names = z.array(z.string().min(1).max(64)).max(50)

const parameter = z.discriminatedUnion('role', [
  z
    .strictObject({
      role: z.literal('target'),
      kind: z.string().optional().describe('The kind of record that it is the id of.'),
      fields: names.default([]).describe('Of a record: where such a value stands, in a record that the person names.'),
      words: names
        .default([])
        .describe('What people call such a value. Without them no document can be named to hold it.'),
      roster: z.string().optional().describe('The closed list it is a member of.'),
    })
    .describe('Who or what is acted on: a recipient, a link, a record. Data may not choose it.'),
  z
    .strictObject({ role: z.literal('label') })
    .describe('A short name: words of the person, and whole values that were read.'),
  z.strictObject({ role: z.literal('content') }).describe('May be filled by what was read, but for addresses.'),
  z.strictObject({ role: z.literal('value') }).describe('A time, an amount, a choice: one short value.'),
])

export const toolDeclaration = z.strictObject({
  effect: z.enum(['reads', 'changes']),
  calledFor: z
    .strictObject({ verbs: names, objects: names.default([]) })
    .default({ verbs: [], objects: [] })
    .describe('Words that ask for it: one of the verbs, and with objects one of these besides.'),
  parameters: z.record(z.string(), parameter).default({}).describe('By path: recipients[], attachments[].file_id.'),
  result: z
    .strictObject({
      origin: z.enum([...provenances, 'web']).default('tool'),
      locator: z.string().optional().describe('The parameter that says where it is read.'),
      records: z
        .strictObject({ kind: z.string(), id: z.string().optional(), names: names.default([]) })
        .optional()
        .describe('What objects in it are, which member is their id and which are what people call them.'),
      roster: z
        .strictObject({ of: z.string(), member: z.string().optional() })
        .optional()
        .describe('Its texts, or those of this member of its objects, belong to this closed list.'),
      private: names.optional().describe('It is read only where the person speaks of one of these.'),
      trusted: z.boolean().default(false).describe('Nobody outside can write any of it.'),
    })
    .prefault({}),
})

export type ToolDeclaration = z.infer<typeof toolDeclaration>
export type ParameterRole = z.infer<typeof parameter>
export type Origin = ToolDeclaration['result']['origin']

/** By the name of the tool. */
export const toolDeclarations = z.record(z.string(), toolDeclaration)
export type ToolDeclarations = z.infer<typeof toolDeclarations>
