import type { ComponentChildren } from 'preact'

/** A short word about the thing beside it. The word says it, the colour only repeats it. */
export function Badge({
  children,
  kind = 'neutral',
  title,
}: {
  readonly children: ComponentChildren
  readonly kind?: 'neutral' | 'good' | 'warning' | 'danger' | 'accent'
  readonly title?: string
}) {
  return (
    <span class={`badge badge-${kind}`} title={title}>
      {children}
    </span>
  )
}
