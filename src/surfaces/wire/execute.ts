import { z } from 'zod'
import type { ExecutionAnswer } from '../../core/execution.ts'
import type { JsonValue } from '../../core/json.ts'
import { programLanguages } from '../../core/languages.ts'
import { cellJson } from './cell.ts'

/** `POST /v1/execute` */
export const executeRequest = z.strictObject({
  language: z.enum(programLanguages).default('python'),
  code: z.string().min(1, { error: 'must be a program' }),
  session: z
    .string()
    .min(1)
    .max(200)
    .nullish()
    .describe(
      'The session whose variables and files it finds; without one it has a sandbox of its own, which ends with it.',
    ),
  timeout_ms: z.int().min(1).nullish().describe('Wall time of the program; at most what the group may ask for.'),
  files: z.boolean().default(false).describe('Bring the files that it makes, in base64.'),
})

/** What a program said and made. `renewed`: what was lost of its session before it began; null where nothing was. */
export function executionJson(answer: ExecutionAnswer & { readonly kind: 'result' }): {
  readonly [key: string]: JsonValue
} {
  return {
    ...cellJson(answer.cell),
    files: answer.files.map(({ name, mediaType, content, isMasked }) => ({
      path: name,
      media_type: mediaType,
      content,
      masked: isMasked === true,
    })),
    missing: answer.missing,
    ran_in: answer.ranIn,
    renewed: answer.renewed,
  }
}
