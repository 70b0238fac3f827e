import { isUtf8 } from 'node:buffer'
import type { AnswerArtifact } from '../../core/events.ts'
import { nameInMarkdown } from '../../text/name-in-markdown.ts'
import type { Screener } from './screener.ts'
import type { screenWorkbook } from './workbook/screen-workbook.ts'

const pictures = /^image\/(?:png|jpeg|gif|webp)$/
const texts = /^(?:text\/|application\/(?:json|xml|x-ndjson|jsonl|yaml|vnd\.vega)|image\/svg\+xml)/

const workbooks = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

/** A file as it may leave, or why it may not. */
export type ScreenedArtifact =
  | { readonly kind: 'passes'; readonly artifact: AnswerArtifact }
  | { readonly kind: 'withheld'; readonly message: string }

export interface ArtifactScreenOptions {
  readonly screener: Screener
  /** May files pass that no filter can read? Only to the local operator, whose machine and whose rules these are. */
  readonly passesUnread: boolean
  /** Is it the answer of a model? Then what a reader's program makes of it, and would load for it, counts as in the answer's words. */
  readonly isAnswer?: boolean
}

/**
 * Pictures pass as they are: what their pixels show is not read. Text files are screened like any text, and say so
 * where that changed them. Workbooks of Excel are written anew from their values, each of which is screened. A file of any other kind, or a text that is not UTF-8, could hold anything that no filter
 * reads: callers are not given it.
 */
export async function screenArtifact(
  artifact: AnswerArtifact,
  { screener, passesUnread, isAnswer = false }: ArtifactScreenOptions,
  signal: AbortSignal,
): Promise<ScreenedArtifact> {
  const name = await screener.text(artifact.name, 'file', signal)
  const mediaType = artifact.mediaType.toLowerCase()
  if (pictures.test(mediaType)) return { kind: 'passes', artifact: { ...artifact, name, mediaType } }
  const bytes = Buffer.from(artifact.content, 'base64')
  if (mediaType === workbooks && !passesUnread)
    return await toValues({ artifact: { ...artifact, name, mediaType }, bytes }, screener, signal)
  if (!texts.test(mediaType) || !isUtf8(bytes)) {
    if (passesUnread) return { kind: 'passes', artifact: { ...artifact, name, mediaType } }
    return {
      kind: 'withheld',
      message: `The file "${nameInMarkdown(name)}" was withheld: a filter cannot read files of this type.`,
    }
  }
  if (bytes.length > screener.maximumResultCharacters) {
    if (passesUnread) return { kind: 'passes', artifact: { ...artifact, name, mediaType } }
    const limit = `${screener.maximumResultCharacters.toLocaleString('en')} characters (filters.maximum_result_characters)`
    return {
      kind: 'withheld',
      message: `The file "${nameInMarkdown(name)}" was withheld: it has more than ${limit} to check.`,
    }
  }
  const raw = bytes.toString('utf8')
  const form = isAnswer ? formOf(mediaType) : null
  const part = { text: raw, provenance: 'file', ...(form === null ? {} : { form }) } as const
  const [text = ''] = await screener.texts([part], signal)
  if (text === raw) return { kind: 'passes', artifact: { ...artifact, name, mediaType } }
  const content = Buffer.from(text, 'utf8').toString('base64')
  return { kind: 'passes', artifact: { ...artifact, name, mediaType, content, isMasked: true } }
}

/** What a reader's program makes of a text file. */
function formOf(mediaType: string): 'markdown' | 'html' | null {
  if (/^text\/(?:x-)?markdown\b/.test(mediaType)) return 'markdown'
  return /^(?:text\/html|application\/xhtml\+xml|image\/svg\+xml)\b/.test(mediaType) ? 'html' : null
}

/** The libraries that read and write workbooks are loaded with the first one. */
const loadWorkbooks = async (): Promise<typeof screenWorkbook> =>
  (await import('./workbook/screen-workbook.ts')).screenWorkbook

async function toValues(
  { artifact, bytes }: { readonly artifact: AnswerArtifact; readonly bytes: Buffer },
  screener: Screener,
  signal: AbortSignal,
): Promise<ScreenedArtifact> {
  const { name } = artifact
  const screen = await loadWorkbooks()
  const screened = await screen(bytes, screener, signal)
  if (screened.kind === 'unreadable') {
    const advice = 'Write its tables as CSV.'
    return {
      kind: 'withheld',
      message: `The file "${nameInMarkdown(name)}" was withheld: no filter can read it as a workbook, ${screened.why}. ${advice}`,
    }
  }
  if (screened.lost !== null) {
    const message = `The file "${nameInMarkdown(name)}" has values alone: ${screened.lost}.`
    screener.say({ rule: 'filter/formulas-left-out', line: 1, column: 1, message })
  }
  const content = screened.bytes.toString('base64')
  const values = { ...artifact, content }
  return { kind: 'passes', artifact: screened.isMasked ? { ...values, isMasked: true } : values }
}
