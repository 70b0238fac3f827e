import { useId } from 'preact/hooks'

/** What somebody says of an answer, or of what was hidden of it, before it is sent. */
export interface ReasonDraft<Reason extends string> {
  readonly reason: Reason
  readonly comment: string
}

interface ReasonFieldsProps<Reason extends string> {
  readonly legend: string
  /** Each with its words. */
  readonly choices: readonly (readonly [Reason, string])[]
  readonly draft: ReasonDraft<Reason>
  readonly onDraft: (draft: ReasonDraft<Reason>) => void
}

/** Characters of a comment that the service takes. */
const mostCharacters = 2_000

/** One of several reasons, and room for words of one's own. */
export function ReasonFields<Reason extends string>({ legend, choices, draft, onDraft }: ReasonFieldsProps<Reason>) {
  const name = useId()
  return (
    <>
      <fieldset class="choices">
        <legend>{legend}</legend>
        {choices.map(([reason, words]) => (
          <label key={reason}>
            <input
              type="radio"
              name={name}
              checked={draft.reason === reason}
              onChange={() => onDraft({ ...draft, reason })}
            />{' '}
            {words}
          </label>
        ))}
      </fieldset>
      <label>
        <span>In your own words</span>
        <textarea
          rows={3}
          maxLength={mostCharacters}
          value={draft.comment}
          onInput={(event) => onDraft({ ...draft, comment: event.currentTarget.value })}
        />
      </label>
    </>
  )
}
