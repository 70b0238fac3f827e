import { capText } from '../../text/untrusted.ts'
import type { ToolOutcome, View } from './tool.ts'

interface TextResult<Output> extends View<Output> {
  /** Of the file behind the link, where it is too long. */
  readonly name: string
  readonly failed?: boolean
  /** What stands beside a text that is cut; the same as beside all of it without. */
  readonly shorter?: (share: number) => Output
}

/** A result whose text can be cut anywhere. */
export function textView<Output>({
  text,
  structured,
  name,
  failed = false,
  shorter,
}: TextResult<Output>): Extract<ToolOutcome<Output>, { readonly kind: 'result' }> {
  return {
    kind: 'result',
    failed,
    view: (share) =>
      share >= 1
        ? { text, structured }
        : { text: capText(text, Math.floor(text.length * share)), structured: shorter?.(share) ?? structured },
    whole: { name, mediaType: 'text/plain', text: () => text },
  }
}
