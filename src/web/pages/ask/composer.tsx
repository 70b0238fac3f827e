import type { ComponentChildren } from 'preact'
import { useRef, useState } from 'preact/hooks'
import type { StoredFile } from '../../../client/generated/files.ts'
import { Button } from '../../components/button.tsx'
import { ProblemNotice } from '../../components/notice.tsx'
import { visibleText } from '../../components/visible-text.ts'
import { askApi } from './ask-api.ts'
import { FilePreviewPanel } from './file-preview.tsx'
import { bytesInWords } from './table-summary.ts'

interface ComposerProps {
  readonly draft: string
  readonly onDraft: (draft: string) => void
  readonly onAsk: () => void
  readonly files: readonly StoredFile[]
  readonly onFiles: (files: readonly StoredFile[]) => void
  /** Names of what programs of this conversation find already. */
  readonly known: readonly string[]
  readonly isFirst: boolean
  readonly isRunning: boolean
  /** The button that asks, or stops. */
  readonly action: ComponentChildren
}

/** Files of a conversation at most; its container begins with so many. */
const mostFiles = 20

/** Where a question is written and files are dropped. Enter asks; Shift and Enter begin another line. */
export function Composer({ draft, onDraft, onAsk, files, onFiles, known, isFirst, isRunning, action }: ComposerProps) {
  const input = useRef<HTMLInputElement>(null)
  const [isOver, setOver] = useState(false)
  const [uploading, setUploading] = useState<string | null>(null)
  const [error, setError] = useState<unknown>(null)

  const upload = async (chosen: readonly File[]): Promise<void> => {
    setError(null)
    const held = [...files]
    for (const file of chosen.slice(0, mostFiles - files.length)) {
      setUploading(file.name)
      try {
        held.push(await askApi.uploadFile(file, AbortSignal.timeout(600_000)))
        onFiles([...held])
      } catch (problem) {
        setError(problem)
      }
    }
    setUploading(null)
    document.getElementById('question')?.focus()
  }
  const dropped = (event: DragEvent): void => {
    event.preventDefault()
    setOver(false)
    void upload([...(event.dataTransfer?.files ?? [])])
  }

  return (
    <form
      class={isOver ? 'composer over' : 'composer'}
      onSubmit={(event) => {
        event.preventDefault()
        onAsk()
      }}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={dropped}
    >
      {error !== null && <ProblemNotice error={error} onDismiss={() => setError(null)} />}
      {files.map((file) => (
        <FilePreviewPanel
          key={file.id}
          file={file}
          isOpen={isFirst}
          onRemove={isFirst ? () => onFiles(files.filter(({ id }) => id !== file.id)) : null}
        />
      ))}
      {uploading !== null && (
        <p role="status" class="muted">
          Uploading {visibleText(uploading)}…
        </p>
      )}
      <label class="composer-question">
        <span class="visually-hidden">Question</span>
        <textarea
          id="question"
          rows={isFirst ? 3 : 2}
          value={draft}
          placeholder={isFirst ? 'Ask about your data, or drop a file here' : 'Ask something further'}
          onInput={(event) => onDraft(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
            event.preventDefault()
            onAsk()
          }}
        />
      </label>
      <div class="composer-actions">
        <input
          ref={input}
          type="file"
          multiple
          class="visually-hidden"
          aria-label="Files to ask about"
          tabIndex={-1}
          onChange={(event) => {
            void upload([...(event.currentTarget.files ?? [])])
            event.currentTarget.value = ''
          }}
        />
        <Button disabled={isRunning || uploading !== null} onClick={() => input.current?.click()}>
          Choose a file
        </Button>
        <span class="muted small composer-hint">
          {files.length === 0
            ? filesInWords(known)
            : files.map(({ filename, bytes }) => `${visibleText(filename)} (${bytesInWords(bytes)})`).join(', ')}
        </span>
        {action}
      </div>
    </form>
  )
}

/** Of so many the names are told. */
const fewFiles = 4

function filesInWords(names: readonly string[]): string {
  if (names.length === 0) return 'CSV, Excel, Parquet, JSON, text'
  const further = names.length - fewFiles
  return `Here already: ${names.slice(0, fewFiles).map(visibleText).join(', ')}${further > 0 ? ` and ${further} more` : ''}`
}
