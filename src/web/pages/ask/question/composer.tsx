import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import type { StoredFile } from '../../../../client/generated/files.ts'
import { Button } from '../../../components/button.tsx'
import { Notice, ProblemNotice } from '../../../components/notice.tsx'
import { visibleText } from '../../../components/visible-text.ts'
import { FilePreviewPanel } from './file-preview.tsx'
import type { FileUploads, Upload } from './file-uploads.ts'
import { bytesInWords } from '../table-summary.ts'
import { useGivenFiles } from './use-given-files.ts'

interface ComposerProps {
  readonly draft: string
  readonly onDraft: (draft: string) => void
  readonly onAsk: () => void
  readonly files: readonly StoredFile[]
  readonly onFiles: (files: readonly StoredFile[]) => void
  readonly uploads: FileUploads
  /** Names of what programs of this conversation find already. */
  readonly known: readonly string[]
  readonly isFirst: boolean
  readonly isRunning: boolean
  /** The button that asks, or stops. */
  readonly action: ComponentChildren
}

/** Where a question is written and files are dropped. Enter asks; Shift and Enter begin another line. */
export function Composer(props: ComposerProps) {
  const { draft, onDraft, onAsk, files, onFiles, uploads, known, isFirst, isRunning, action } = props
  const input = useRef<HTMLInputElement>(null)
  const isUploading = uploads.going.value.length > 0
  const take = (chosen: readonly File[], note: string | null = null): void => uploads.take(chosen, known, note)
  const isOver = useGivenFiles({ isOff: isRunning, onFiles: take })
  const wasUploading = useRef(false)
  useEffect(() => {
    if (wasUploading.current && !isUploading) document.getElementById('question')?.focus()
    wasUploading.current = isUploading
  }, [isUploading])

  return (
    <form
      class={isOver ? 'composer over' : 'composer'}
      onSubmit={(event) => {
        event.preventDefault()
        onAsk()
      }}
    >
      {uploads.faults.value.map((fault, at) => (
        <ProblemNotice key={at} error={fault} onDismiss={() => uploads.dismiss()} />
      ))}
      {uploads.said.value.length > 0 && (
        <Notice onDismiss={() => uploads.dismiss()}>
          {uploads.said.value.map((sentence) => (
            <p key={sentence}>{visibleText(sentence)}</p>
          ))}
        </Notice>
      )}
      {files.map((file) => (
        <FilePreviewPanel
          key={file.id}
          file={file}
          isOpen={isFirst}
          onRemove={isFirst ? () => onFiles(files.filter(({ id }) => id !== file.id)) : null}
        />
      ))}
      <GoingUploads going={uploads.going.value} />
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
            take([...(event.currentTarget.files ?? [])])
            event.currentTarget.value = ''
          }}
        />
        <Button disabled={isRunning} onClick={() => input.current?.click()}>
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

function GoingUploads({ going }: { readonly going: readonly Upload[] }) {
  return (
    <>
      <p role="status" class="visually-hidden">
        {going.length === 0 ? '' : `Uploading ${going.map(({ name }) => visibleText(name)).join(', ')}`}
      </p>
      <ul class="uploads" aria-label="Uploads">
        {going.map(({ name, sent, cancel }) => (
          <li key={name}>
            <span class="muted">
              Uploading {visibleText(name)}… {Math.floor(sent * 100)} %
            </span>
            <Button kind="quiet" label={`Cancel the upload of ${name}`} onClick={cancel}>
              Cancel
            </Button>
          </li>
        ))}
      </ul>
    </>
  )
}

/** Of so many the names are told. */
const fewFiles = 4

function filesInWords(names: readonly string[]): string {
  if (names.length === 0) return 'CSV, Excel, Parquet, JSON, text'
  const further = names.length - fewFiles
  return `Here already: ${names.slice(0, fewFiles).map(visibleText).join(', ')}${further > 0 ? ` and ${further} more` : ''}`
}
