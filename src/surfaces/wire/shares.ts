import { z } from 'zod'
import { planStatuses } from '../../core/plan.ts'
import {
  omissions,
  shareAudiences,
  type MadeShare,
  type Omission,
  type OpenedShare,
  type Share,
  type ShareReaders,
  type SharedChart,
  type ShareWish,
  type SharedItem,
  type SharedMark,
} from '../../core/shares.ts'
import { toolLanguages } from '../../core/languages.ts'
import { listQuery } from './files.ts'

const conversation = z
  .string()
  .regex(/^conv_[0-9a-f]{32}$/, 'must be the id of a conversation: conv_…')
  .optional()
  .describe('All of it.')
const run = z
  .string()
  .regex(/^run_[0-9a-f]{32}$/, 'must be the id of a run: run_…')
  .optional()
  .describe('One answer of it, with what was asked; in place of a conversation.')

/** `POST /v1/shares` */
export const shareRequest = z
  .strictObject({
    conversation,
    run,
    audience: z
      .enum(shareAudiences, { error: 'must be group or link' })
      .describe('group: callers of a group; link: whoever has the link, where the operator allows that.'),
    group: z
      .string()
      .min(1)
      .max(200)
      .regex(/^[\w.:@~-]+$/, 'must be the name of a group')
      .optional()
      .describe('Of the readers; without it the caller’s own. Of a link it is the operator’s.'),
    days: z.int().min(1).max(3_650).optional().describe('How long it is there; as long as it may be without it.'),
  })
  .refine((asked) => (asked.conversation === undefined) !== (asked.run === undefined), {
    path: ['conversation'],
    error: 'or run, one of them, is needed',
  })
  .refine(({ audience, group }) => audience === 'group' || group === undefined, {
    path: ['group'],
    error: 'stands with the audience group alone',
  })

export const toShareWish = (asked: z.infer<typeof shareRequest>): ShareWish => ({
  conversation: asked.conversation ?? null,
  run: asked.run ?? null,
  audience: asked.audience,
  group: asked.group ?? null,
  days: asked.days ?? null,
})

/** `POST /v1/shares/{id}/open` */
export const openShareRequest = z.strictObject({
  secret: z
    .string()
    .regex(/^[\w-]{43}$/, 'must be the secret of a link')
    .describe('What the link holds behind its #.'),
})

const of = z.enum(['mine', 'group'], { error: 'must be mine or group' })
/** The query of `GET /v1/shares`. */
export const shareListQuery = listQuery.pick({ limit: true, after: true }).extend({ of: of.optional() }).strict()
/** The same as the document of the service says it. */
export const shareListParameters = z.strictObject({
  limit: z.int().min(1).max(1_000).optional().describe('Of one page at most.'),
  after: z
    .string()
    .regex(/^shr_[0-9a-f]{32}$/)
    .optional()
    .describe('The id of the last one of the page before.'),
  of: of.optional().describe('mine: those that the caller made; group: those that are for its group.'),
})

/** The answer to `GET /v1/shares/audiences`. */
export const shareReaders = z
  .object({
    object: z.literal('share.audiences'),
    groups: z.array(z.string()).describe('For callers of these the caller may make shares.'),
    days: z.int().describe('Longest life of a share for a group.'),
    link: z
      .object({ group: z.string().describe('Under whose policy links are made.'), days: z.int() })
      .nullable()
      .describe('null where nobody may make links.'),
  })
  .meta({ id: 'ShareAudiences' })

/** What is said of a share without what it shows. */
export const shareFacts = z
  .object({
    id: z.string(),
    object: z.literal('share'),
    title: z.string().nullable(),
    audience: z.enum(shareAudiences),
    group: z.string().describe('Under whose policy it was made.'),
    is_mine: z.boolean(),
    conversation: z.string().nullable().describe('For whoever made it; null for all others.'),
    made_at: z.iso.datetime(),
    expires_at: z.iso.datetime(),
    left_out: z.int().describe('How many parts are not in it.'),
  })
  .meta({ id: 'ShareFacts' })

const json = z.json()

const column = z.object({ name: z.string(), type: z.string() })
const table = z.object({
  columns: z.array(column),
  rows: z.array(z.array(z.json())),
  total_rows: z.int().describe('Of the whole table; it may hold fewer.'),
  hidden: z.array(z.string()).describe('Columns whose values policy hides from its audience.'),
})

const chart = z
  .object({
    title: z.string().nullable(),
    spec: z
      .record(z.string(), json)
      .describe(
        'Vega-Lite that loads nothing; its data is {"name": "table"}: the rows, by the names of their columns.',
      ),
    columns: z.array(z.object({ name: z.string(), title: z.string().describe('For people.') })),
    rows: z.array(z.array(json)),
  })
  .meta({ id: 'SharedChart' })

const mark = z
  .object({
    start: z.int().min(0).describe('In the text, in UTF-16 units.'),
    end: z.int().min(0),
    verdict: z
      .enum(['cell', 'computed', 'contradicted', 'unsupported'])
      .describe(
        'cell: it is the value of the cell; computed: of the cells; contradicted: they give another value; unsupported: nothing gives it.',
      ),
    sources: z.array(
      z.object({
        part: z.int().min(0).describe('The place of a call among the items, from 0.'),
        cell: z
          .object({ row: z.int().min(0).describe('From 0.'), column: z.string() })
          .nullable()
          .describe('In the first table of the call; null where it has none.'),
      }),
    ),
  })
  .meta({ id: 'SharedMark' })

const item = z
  .union([
    z.object({
      type: z.literal('message'),
      role: z.enum(['user', 'assistant', 'system']),
      text: z.string().describe('Markdown of somebody nobody vouches for.'),
      marks: z
        .array(mark)
        .describe('Figures of an answer that rest on parts of the share; none where nothing was looked at.'),
    }),
    z.object({
      type: z.literal('plan'),
      steps: z.array(z.object({ text: z.string(), status: z.enum(planStatuses) })),
    }),
    z.object({
      type: z.literal('call'),
      tool: z.string(),
      source: z
        .object({ language: z.enum(toolLanguages), text: z.string() })
        .nullable()
        .describe('What ran, as far as its audience may see it.'),
      outcome: z.enum(['result', 'refusal', 'failure']),
      summary: z.string(),
      output: z.string().nullable().describe('What a program said.'),
      tables: z.array(table),
      charts: z.array(chart),
    }),
    z.object({ type: z.literal('chart'), chart }),
    z.object({ type: z.literal('file'), name: z.string(), media_type: z.string(), text: z.string() }),
    z.object({
      type: z.literal('left-out'),
      what: z.enum(['message', 'plan', 'call', 'file', 'picture']),
      name: z.string().nullable().describe('Of a tool or a file.'),
      why: z.enum(omissions),
      sentence: z.string().describe('The same for people.'),
    }),
  ])
  .meta({ id: 'SharedPart' })

/** The answer to `GET /v1/shares/{id}`. */
export const shareObject = shareFacts.extend({ items: z.array(item) }).meta({ id: 'Share' })

/** The answer to `POST /v1/shares`. */
export const madeShareObject = shareObject
  .extend({
    secret: z.string().nullable().describe('What belongs behind the # of a link: told once. null for a group.'),
  })
  .meta({ id: 'MadeShare' })

const sentences: Readonly<Record<Omission, string>> = {
  policy: 'Policy does not let those whom it is shared with read this.',
  'made-of-it': 'It was written after something that is not shared, and may repeat it.',
  unknown: 'What it read is not known any more, so that nobody can say who may read it.',
  names: 'It names tables or columns that those whom it is shared with do not see.',
  filter: 'A filter withholds it from those whom it is shared with.',
  picture: 'No filter reads pictures, so that they are not shared.',
  unread: 'No filter reads files of this type, so that they are not shared.',
  size: 'It is too large to be shared.',
  gone: 'It is not kept any more.',
}

/** `reader`: who asks; null for nobody who is known. */
export function toShareFacts(share: Share, reader: string | null): z.infer<typeof shareFacts> {
  const { id, title, audience, group, principal, conversation, made, expires, leftOut } = share
  const isMine = reader === principal
  return {
    id,
    object: 'share',
    title,
    audience,
    group,
    is_mine: isMine,
    conversation: isMine ? conversation : null,
    made_at: made.toISOString(),
    expires_at: expires.toISOString(),
    left_out: leftOut,
  }
}

export function toShare({ share, content }: OpenedShare, reader: string | null): z.infer<typeof shareObject> {
  return { ...toShareFacts(share, reader), items: content.items.map(toSharedItem) }
}

export function toMadeShare(made: MadeShare, reader: string): z.infer<typeof madeShareObject> {
  return { ...toShare(made, reader), secret: made.secret }
}

export function toShareReaders({ groups, days, link }: ShareReaders): z.infer<typeof shareReaders> {
  return { object: 'share.audiences', groups: [...groups], days, link }
}

function toSharedItem(shared: SharedItem): z.infer<typeof item> {
  switch (shared.type) {
    case 'message': {
      const { type, role, text, marks = [] } = shared
      return { type, role, text, marks: marks.map(toMark) }
    }
    case 'plan':
      return { type: 'plan', steps: shared.steps.map(({ text, status }) => ({ text, status })) }
    case 'file':
      return { type: 'file', name: shared.name, media_type: shared.mediaType, text: shared.text }
    case 'chart':
      return { type: 'chart', chart: toChart(shared.chart) }
    case 'left-out':
      return { ...shared, sentence: sentences[shared.why] }
    case 'call': {
      const { tables, charts, source, ...call } = shared
      return {
        ...call,
        source: source === null ? null : { ...source },
        tables: tables.map(({ columns, rows, totalRows, hidden }) => ({
          columns: columns.map(({ name, type }) => ({ name, type })),
          rows: rows.map((row) => [...row] as z.infer<typeof table>['rows'][number]),
          total_rows: totalRows,
          hidden: [...hidden],
        })),
        charts: charts.map(toChart),
      }
    }
  }
}

const toMark = ({ start, end, verdict, sources }: SharedMark): z.infer<typeof mark> => ({
  start,
  end,
  verdict,
  sources: sources.map(({ part, cell }) => ({ part, cell: cell === null ? null : { ...cell } })),
})

const toChart = ({ title, spec, columns, rows }: SharedChart): z.infer<typeof chart> => ({
  title,
  spec: spec as z.infer<typeof chart>['spec'],
  columns: columns.map(({ name, title: shown }) => ({ name, title: shown })),
  rows: rows.map((row) => [...row] as z.infer<typeof chart>['rows'][number]),
})
