import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'

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
    <div class="field">
      <label for={id}>{label}</label>
      {children({ id, 'aria-describedby': `${id}-about`, 'aria-invalid': wrong !== null })}
      <p id={`${id}-about`} class={wrong === null ? 'muted small' : 'field-fault small'}>
        {wrong ?? hint ?? ''}
      </p>
    </div>
  )
}
