import type { ComponentChildren } from 'preact'
import { Button } from './button.tsx'
import { ProblemNotice } from './notice.tsx'
import type { Loaded } from './use-loaded.ts'

/** A page: its title, what can be done on it, what went wrong while it was read, and what it shows. */
export function Panel({
  title,
  about,
  actions,
  loaded,
  children,
}: {
  readonly title: string
  readonly about: string
  readonly actions?: ComponentChildren
  readonly loaded?: Pick<Loaded<unknown>, 'error' | 'isLoading' | 'reload' | 'value'>
  readonly children: ComponentChildren
}) {
  return (
    <section class="panel" aria-busy={loaded?.isLoading === true}>
      <header class="panel-head">
        <div>
          <h1>{title}</h1>
          <p class="muted">{about}</p>
        </div>
        <div class="actions">
          {actions}
          {loaded !== undefined && (
            <Button kind="quiet" busy={loaded.isLoading && loaded.value !== null} onClick={loaded.reload}>
              Refresh
            </Button>
          )}
        </div>
      </header>
      {loaded !== undefined && loaded.error !== null && <ProblemNotice error={loaded.error} />}
      {loaded?.value === null && loaded.error === null ? <p role="status">Reading…</p> : children}
    </section>
  )
}
