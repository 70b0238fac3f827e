import { visibleText } from './visible-text.ts'

/** Text that somebody else wrote: its hidden characters are seen, and its direction is its own. */
export function Said({ children }: { readonly children: string }) {
  return <bdi>{visibleText(children)}</bdi>
}

export function Code({ children }: { readonly children: string }) {
  return (
    <code>
      <Said>{children}</Said>
    </code>
  )
}
