import { useCallback, useEffect, useState } from 'preact/hooks'
import type { StoredFile } from '../../../../client/generated/files.ts'
import { Badge } from '../../../components/badge.tsx'
import { Button } from '../../../components/button.tsx'
import { DataTable } from '../../../components/data-table.tsx'
import { ProblemNotice } from '../../../components/notice.tsx'
import { visibleText } from '../../../components/visible-text.ts'
import { previewOf, type FilePreview } from '../data-api.ts'
import { noteInWords } from './preview-note.ts'
import { kindName } from '../table-summary.ts'

interface FilePreviewProps {
  readonly file: StoredFile
  readonly isOpen: boolean
  /** Null where it stays. */
  readonly onRemove: (() => void) | null
}

/** What a file holds before anything is asked of it: its columns, which of them look like personal data, and its first rows. */
export function FilePreviewPanel({ file, isOpen, onRemove }: FilePreviewProps) {
  const [preview, setPreview] = useState<FilePreview | null>(null)
  const [error, setError] = useState<unknown>(null)
  useEffect(() => {
    previewOf(file.id).then(setPreview, setError)
  }, [file.id])
  const personal = preview?.columns.filter(({ pii }) => pii.length > 0).length ?? 0
  return (
    <details class="file-preview" open={isOpen}>
      <summary>
        <strong>{visibleText(file.filename)}</strong>{' '}
        {preview !== null && preview.columns.length > 0 && (
          <span class="muted">
            {preview.rows === null ? '' : `${counted(preview.rows, 'row')} · `}
            {counted(preview.columns.length, 'column')}
          </span>
        )}{' '}
        {personal > 0 && <Badge kind="warning">{personal} with personal data</Badge>}
      </summary>
      {onRemove !== null && (
        <Button kind="quiet" label={`Leave it out: ${visibleText(file.filename)}`} onClick={onRemove}>
          Leave it out
        </Button>
      )}
      {error !== null && <ProblemNotice error={error} />}
      {preview === null && error === null && (
        <p class="muted" role="status">
          Reading the file…
        </p>
      )}
      {preview !== null && <Preview preview={preview} />}
    </details>
  )
}

const counted = (count: number, of: string): string => `${count.toLocaleString('en')} ${of}${count === 1 ? '' : 's'}`

function Preview({ preview }: { readonly preview: FilePreview }) {
  const { columns, first_rows: rows, notes, unreadable } = preview
  const rowsAt = useCallback((from: number, to: number) => rows.slice(from, to), [rows])
  if (unreadable !== null) return <p class="muted">No table was found in it: {visibleText(noteInWords(unreadable))}</p>
  return (
    <>
      <DataTable
        caption={`First rows of ${preview.filename}`}
        columns={columns.map(({ name, type, pii }) =>
          pii.length === 0 ? { name, kind: type } : { name, kind: type, note: pii.map(kindName).join(', ') },
        )}
        rowCount={rows.length}
        rowsAt={rowsAt}
      />
      {notes.map((note) => (
        <p key={note} class="muted small">
          {visibleText(noteInWords(note))}
        </p>
      ))}
    </>
  )
}
