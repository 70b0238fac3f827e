import { useState } from 'preact/hooks'
import { Button } from '../../../components/button.tsx'
import { ProblemNotice } from '../../../components/notice.tsx'
import { saveExport } from '../data-api.ts'

const formats = [
  ['ipynb', 'Notebook'],
  ['md', 'Markdown'],
  ['html', 'HTML'],
] as const

/** A conversation to take along. */
export function ExportMenu({ conversation }: { readonly conversation: string }) {
  const [error, setError] = useState<unknown>(null)
  return (
    <div class="export" role="group" aria-label="Export the conversation">
      {formats.map(([format, title]) => (
        <Button
          key={format}
          kind="quiet"
          label={`Export as ${title}`}
          onClick={() => void saveExport(conversation, format).then(() => setError(null), setError)}
        >
          {title}
        </Button>
      ))}
      {error !== null && <ProblemNotice error={error} onDismiss={() => setError(null)} />}
    </div>
  )
}
