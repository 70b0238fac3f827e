import { z } from 'zod'
import { toolDeclaration } from './declarations.ts'
import { parameterPaths } from './parameter-paths.ts'
import type { Json } from './read-ledger.ts'

export const provenanceModes = ['enforce', 'shadow'] as const
export type ProvenanceMode = (typeof provenanceModes)[number]

export const provenanceOptions = z
  .strictObject({
    mode: z
      .enum(provenanceModes)
      .default('enforce')
      .describe('enforce: a person is asked about what data may have chosen. shadow: that is only told, and runs.'),
    groups: z
      .record(z.string().min(1), z.enum(provenanceModes))
      .default({})
      .describe('The mode of single groups, by name.'),
    plan: z
      .enum(['model', 'words'])
      .default('words')
      .describe(
        'What is looked at before a person is asked about a table. words: their words. model: a plan, too, that the model makes of the words of the person and of the schema alone.',
      ),
  })
  .describe('What data may choose of what the analyst does: no table and no code.')

export type ProvenanceOptions = z.infer<typeof provenanceOptions>

const json: z.ZodType<Json> = z.json()

const declaredTool = toolDeclaration
  .extend({
    schema: z
      .record(z.string(), json)
      .optional()
      .describe('The JSON Schema of its parameters. With it a parameter that the tool does not have is an error.'),
  })
  .superRefine(({ schema, parameters, result }, context) => {
    if (schema === undefined) return
    const paths = parameterPaths(schema)
    const refuse = (path: readonly string[], name: string): void => {
      if (paths.mayHold(name)) return
      const known = [...paths.known].slice(0, 20).join(', ') || 'none'
      context.addIssue({
        code: 'custom',
        path: [...path],
        message: `the tool has no parameter "${name.slice(0, 100)}"; its schema has: ${known}`,
      })
    }
    for (const name of Object.keys(parameters)) refuse(['parameters', name], name)
    if (result.locator !== undefined) refuse(['result', 'locator'], result.locator)
  })

/** What of the instructions of an application, its system messages, counts as the person's words. */
export const operatorWords = ['nothing', 'names', 'steps'] as const

export const actionsOptions = z
  .strictObject({
    tools: z
      .record(z.string().min(1).max(128), declaredTool)
      .default({})
      .describe(
        'What may flow into each tool that models of callers call, by its name. One that is not here is refused.',
      ),
    tools_file: z
      .string()
      .min(1)
      .nullable()
      .default(null)
      .describe('File with more of tools, YAML or JSON: a map of names. No tool may be in both.'),
    system_messages: z
      .enum(operatorWords)
      .default('names')
      .describe(
        'What system messages of callers stand for: names and addresses in them; steps, which they ask for as a person does, too; or nothing.',
      ),
  })
  .describe('Which calls of tools of their own the models of callers may make.')

export type ActionsOptions = z.infer<typeof actionsOptions>
