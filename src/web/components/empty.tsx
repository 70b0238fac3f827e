import type { ComponentChildren } from 'preact'

/** What stands where there is nothing yet: what would be here, and how it comes to be. */
export function Empty({ title, children }: { readonly title: string; readonly children?: ComponentChildren }) {
  return (
    <div class="empty">
      <p class="empty-title">{title}</p>
      {children}
    </div>
  )
}
