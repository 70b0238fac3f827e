import { useId } from 'preact/hooks'
import type { LifetimeDraft } from './lifetimes.ts'

const choices = [
  { kind: 'days', title: 'for days' },
  { kind: 'until', title: 'until a moment' },
  { kind: 'unlimited', title: 'until it is ended' },
] as const

/** How long something lasts. */
export function LifetimeField({
  legend,
  draft,
  fault,
  onChange,
}: {
  readonly legend: string
  readonly draft: LifetimeDraft
  readonly fault: string | null
  readonly onChange: (draft: LifetimeDraft) => void
}) {
  const name = useId()
  return (
    <fieldset class="field">
      <legend>{legend}</legend>
      <div class="field-choices">
        {choices.map(({ kind, title }) => (
          <label key={kind} class="choice">
            <input
              type="radio"
              name={name}
              checked={draft.kind === kind}
              onChange={() => onChange({ ...draft, kind })}
            />
            {title}
          </label>
        ))}
      </div>
      {draft.kind === 'days' && (
        <input
          aria-label="Days"
          inputMode="decimal"
          value={draft.days}
          aria-invalid={fault !== null}
          onInput={(event) => onChange({ ...draft, days: event.currentTarget.value })}
        />
      )}
      {draft.kind === 'until' && (
        <input
          aria-label="Moment of the end"
          type="datetime-local"
          value={draft.until}
          aria-invalid={fault !== null}
          onInput={(event) => onChange({ ...draft, until: event.currentTarget.value })}
        />
      )}
      {fault !== null && <p class="field-fault small">{fault}</p>}
    </fieldset>
  )
}
