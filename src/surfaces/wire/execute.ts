import { z } from 'zod'
import type { AnswerArtifact } from '../../core/events.ts'
import type { ExecutionAnswer } from '../../core/execution.ts'
import type { JsonValue } from '../../core/json.ts'
import { programLanguages } from '../../core/languages.ts'
import { outcomes, type DisplayItem } from '../../core/result.ts'
import { cellJson } from './cell.ts'
import { problemSchema } from './problem.ts'
import { findingSchema } from './sql.ts'

/** How pictures and files come: `links` that live for minutes and need no key, or `base64` within the answer. */
const delivery = z.enum(['links', 'base64'])
export type Delivery = z.infer<typeof delivery>

/** `POST /v1/execute` */
export const executeRequest = z
  .strictObject({
    language: z.enum(programLanguages).default('python'),
    code: z.string().min(1, { error: 'must be a program' }).max(500_000),
    session: z
      .string()
      .min(1)
      .max(200)
      .nullish()
      .describe(
        'The session of POST /v1/sessions, or the container of POST /v1/containers, whose variables and files it finds; without one it has a sandbox of its own, which ends with it.',
      ),
    timeout_ms: z
      .int()
      .min(1)
      .max(604_800_000)
      .nullish()
      .describe('Wall time of the program; at most what the group may ask for.'),
    files: z.boolean().default(false).describe('Bring the files that it makes.'),
    deliver: delivery
      .default('links')
      .describe('How pictures and files come: as links that are good for minutes and need no key, or in base64.'),
    stream: z.boolean().default(false).describe('Send what it says while it runs, as server-sent events.'),
  })
  .meta({ id: 'Execute' })

const text = z.string()
const count = z.int().min(0)
const base64 = text.describe('Base64; where links are delivered there is an address in its place.')
const address = text.describe('Where it can be had for some minutes, without a key.')

const table = z
  .object({
    columns: z.array(z.object({ name: text, type: text })),
    rows: z.array(z.array(z.json())),
    total_rows: count.describe('Of the whole table; rows may hold fewer.'),
  })
  .meta({ id: 'Table' })

const displayed = z
  .object({
    is_main: z.boolean().describe('Is it the value of the last expression?'),
    text: text.optional(),
    html: text.optional(),
    markdown: text.optional(),
    svg: text.optional(),
    latex: text.optional(),
    png: base64.optional(),
    png_url: address.optional(),
    jpeg: base64.optional(),
    jpeg_url: address.optional(),
    json: z.json().optional(),
    chart: z.json().optional().describe('A figure as data.'),
    data: table.optional(),
  })
  .meta({ id: 'Displayed' })

const madeFile = z
  .object({
    path: text.describe('Below /mnt/data.'),
    media_type: text,
    content: base64.optional(),
    url: address.optional(),
    masked: z.boolean().describe('Did a filter change it?'),
  })
  .meta({ id: 'MadeFile' })

/** The answer of `POST /v1/execute`, and its last event. */
export const executeAnswer = z
  .object({
    outcome: z.enum(outcomes),
    stdout: text,
    stderr: text,
    results: z.array(displayed),
    error: z.object({ name: text, value: text, traceback: text }).nullable(),
    artifacts: z.array(z.object({ path: text, bytes: count })).describe('Files that it made or changed.'),
    timings: z.object({ queue_ms: z.number(), run_ms: z.number() }),
    peak_memory_bytes: z.number().nullable(),
    truncated: z.array(text).describe('Names of the caps that cut something.'),
    session_alive: z.boolean().describe('Do its variables still exist?'),
    notice: text.nullable(),
    findings: z.array(findingSchema).describe('What a filter replaced or cut.'),
    files: z.array(madeFile),
    missing: z.array(text).describe('A sentence for each file or picture that is not there.'),
    ran_in: text,
    renewed: text.nullable().describe('What was lost of the session before it began.'),
    session: text.nullable(),
  })
  .meta({ id: 'Execution' })

/** An event of `POST /v1/execute` with `stream`: what it says as it comes, then one result or one error. */
export const executeEvent = z
  .union([
    z.object({ type: z.literal('output'), stream: z.enum(['stdout', 'stderr']), text }),
    z.object({ type: z.literal('result'), result: executeAnswer }),
    z.object({ type: z.literal('error'), problem: problemSchema, findings: z.array(findingSchema).optional() }),
  ])
  .meta({ id: 'ExecutionEvent' })

export interface ExecutionForm {
  readonly session: string | null
  readonly deliver: Delivery
  /** The link to a picture or a file; null where it is too large for one. */
  readonly linkFor: (artifact: AnswerArtifact) => string | null
}

type JsonObject = { readonly [key: string]: JsonValue }

/** What a program said and made. `renewed`: what was lost of its session before it began; null where nothing was. */
export function executionJson(
  answer: ExecutionAnswer & { readonly kind: 'result' },
  { session, deliver, linkFor }: ExecutionForm,
): JsonObject {
  const missing = [...answer.missing]
  const linked = (artifact: AnswerArtifact): string | null => {
    const link = linkFor(artifact)
    if (link === null) missing.push(`${artifact.name} is too large for a link; ask for it in base64.`)
    return link
  }
  const results = deliver === 'base64' ? answer.cell.results : answer.cell.results.map(withoutPictures)
  const cell = cellJson({ ...answer.cell, results })
  const items = cell['results'] as readonly JsonObject[]
  const shown =
    deliver === 'base64'
      ? items
      : items.map((item, index) => Object.assign({}, item, linksOf(answer.cell.results[index], index, linked)))
  const files = answer.files.map((file): JsonObject => {
    const { name, mediaType, content, isMasked } = file
    const about = { path: name, media_type: mediaType, masked: isMasked === true }
    if (deliver === 'base64') return Object.assign(about, { content })
    const url = linked(file)
    return url === null ? about : Object.assign(about, { url })
  })
  return { ...cell, results: shown, files, missing, ran_in: answer.ranIn, renewed: answer.renewed, session }
}

function withoutPictures({ png: _png, jpeg: _jpeg, ...item }: DisplayItem): DisplayItem {
  return item
}

function linksOf(
  item: DisplayItem | undefined,
  index: number,
  linked: (artifact: AnswerArtifact) => string | null,
): JsonObject {
  const links: Record<string, string> = {}
  for (const [form, ending] of [
    ['png', 'png'],
    ['jpeg', 'jpg'],
  ] as const) {
    const content = item?.[form]
    if (content === undefined) continue
    const link = linked({ name: `figure_${index + 1}.${ending}`, mediaType: `image/${form}`, content })
    if (link !== null) links[`${form}_url`] = link
  }
  return links
}
