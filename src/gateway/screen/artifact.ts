import type { AnswerArtifact } from '../../core/events.ts'
import type { Screener } from './screener.ts'

const pictures = /^image\/(?:png|jpeg|gif|webp)$/
const texts = /^(?:text\/|application\/(?:json|xml|x-ndjson|jsonl|yaml|vnd\.vega)|image\/svg\+xml)/

/** A file as it may leave, or why it may not. */
export type ScreenedArtifact =
  | { readonly kind: 'passes'; readonly artifact: AnswerArtifact }
  | { readonly kind: 'withheld'; readonly message: string }

/**
 * Pictures pass as they are: what their pixels show is not read. Text files are screened like any text. A file of any
 * other kind could hold anything unread, so it stays here.
 */
export async function screenArtifact(
  artifact: AnswerArtifact,
  screener: Screener,
  signal: AbortSignal,
): Promise<ScreenedArtifact> {
  const name = await screener.text(artifact.name, 'file', signal)
  const mediaType = artifact.mediaType.toLowerCase()
  if (pictures.test(mediaType)) return { kind: 'passes', artifact: { ...artifact, name, mediaType } }
  if (!texts.test(mediaType)) {
    return { kind: 'withheld', message: `The file "${name}" was withheld: a filter cannot read files of this type.` }
  }
  const raw = Buffer.from(artifact.content, 'base64').toString('utf8')
  const content = await screener.text(raw, 'file', signal)
  return { kind: 'passes', artifact: { name, mediaType, content: Buffer.from(content, 'utf8').toString('base64') } }
}
