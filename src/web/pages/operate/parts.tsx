import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { ProblemNotice } from '../../components/notice.tsx'
import { visibleText } from '../../components/visible-text.ts'
import type { Doing, Loaded } from './use-loaded.ts'

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
    <section class="operate-panel" aria-busy={loaded?.isLoading === true}>
      <header class="operate-head">
        <div>
          <h1>{title}</h1>
          <p class="muted">{about}</p>
        </div>
        <div class="operate-actions">
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

export interface Column<Row> {
  readonly title: string
  readonly cell: (row: Row) => ComponentChildren
  readonly isNumber?: boolean
}

/** A table of things that can be acted upon. It scrolls in itself where the page is too narrow, by keyboard too. */
export function RecordTable<Row>({
  caption,
  columns,
  rows,
  keyOf,
  empty,
}: {
  readonly caption: string
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  readonly keyOf: (row: Row) => string | number
  readonly empty: string
}) {
  const id = useId()
  if (rows.length === 0) return <p class="operate-none muted">{empty}</p>
  return (
    <div class="operate-scroll" role="region" aria-labelledby={id} tabIndex={0}>
      <table class="operate-table">
        <caption id={id}>{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ title, isNumber = false }) => (
              <th key={title} scope="col" class={isNumber ? 'operate-number' : undefined}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              {columns.map(({ title, cell, isNumber = false }) => (
                <td key={title} class={isNumber ? 'operate-number' : undefined}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** Names with their values. */
export function Facts({ facts }: { readonly facts: readonly (readonly [name: string, value: ComponentChildren])[] }) {
  return (
    <dl class="operate-facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

/** Asks before something is done that cannot be taken back. */
export function Confirm({
  open,
  title,
  verb,
  doing,
  onConfirm,
  onClose,
  children,
}: {
  readonly open: boolean
  readonly title: string
  /** What the button says: what happens by it. */
  readonly verb: string
  readonly doing: Doing
  readonly onConfirm: () => void
  readonly onClose: () => void
  readonly children: ComponentChildren
}) {
  const actions = (
    <>
      <Button onClick={onClose}>Cancel</Button>
      <Button kind="danger" busy={doing.isBusy} onClick={onConfirm}>
        {verb}
      </Button>
    </>
  )
  return (
    <Dialog open={open} title={title} onClose={onClose} actions={actions}>
      {children}
      {doing.error !== null && <ProblemNotice error={doing.error} />}
    </Dialog>
  )
}

/** What ties a field to its label and to what is said of it. */
export interface FieldAttributes {
  readonly id: string
  readonly 'aria-describedby': string
  readonly 'aria-invalid': boolean
}

/** A field of a form with its label, what it is for, and what is wrong with what stands in it. */
export function Field({
  label,
  hint,
  fault,
  children,
}: {
  readonly label: string
  readonly hint?: string
  readonly fault?: string | null
  readonly children: (given: FieldAttributes) => ComponentChildren
}) {
  const id = useId()
  const wrong = fault ?? null
  return (
    <div class="operate-field">
      <label for={id}>{label}</label>
      {children({ id, 'aria-describedby': `${id}-about`, 'aria-invalid': wrong !== null })}
      <p id={`${id}-about`} class={wrong === null ? 'muted small' : 'operate-fault small'}>
        {wrong ?? hint ?? ''}
      </p>
    </div>
  )
}
