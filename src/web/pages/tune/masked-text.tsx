import { askOperators } from '../../api/operators.ts'
import { Button } from '../../components/button.tsx'
import { ProblemNotice } from '../../components/notice.tsx'
import { visibleText } from '../../components/visible-text.ts'
import { useState } from 'preact/hooks'
import { useDoing } from '../../components/use-loaded.ts'
import { problemHere } from './words.ts'

/** What the filter read, masked as it was recorded. It is read when it is asked for, and that it was is on the trail. */
export function MaskedText({ id }: { readonly id: string }) {
  const [read, setRead] = useState<{ readonly text: string | null; readonly comment: string | null } | null>(null)
  const doing = useDoing()
  const open = () =>
    doing.run(async () => {
      setRead(await askOperators('POST /admin/v1/tuning/queue/{id}/reading', { id, body: { values: true } }))
    })
  if (read === null)
    return (
      <>
        <Button kind="quiet" busy={doing.isBusy} label={`Read ${visibleText(id)}`} onClick={() => void open()}>
          Read
        </Button>
        {doing.error !== null && <ProblemNotice error={problemHere(doing.error)} />}
      </>
    )
  return (
    <>
      {read.comment !== null && (
        <p>
          <span class="muted">Its caller wrote: </span>
          <bdi>{visibleText(read.comment)}</bdi>
        </p>
      )}
      {read.text === null ? (
        <p class="muted">No text is kept.</p>
      ) : (
        <pre class="quoted-text" dir="auto" tabIndex={0}>
          {visibleText(read.text)}
        </pre>
      )}
    </>
  )
}
