/** Formats that files are read in as tables. */
export const tableFormats = ['csv', 'json', 'parquet', 'xlsx'] as const

export type TableFormat = (typeof tableFormats)[number]

/** By the ending of a name. The reader in the sandbox image has the same. */
export const formatsByEnding: Readonly<Record<string, TableFormat>> = {
  '.csv': 'csv',
  '.tsv': 'csv',
  '.tab': 'csv',
  '.txt': 'csv',
  '.json': 'json',
  '.jsonl': 'json',
  '.ndjson': 'json',
  '.parquet': 'parquet',
  '.pq': 'parquet',
  '.xlsx': 'xlsx',
  '.xlsm': 'xlsx',
}

/** The format that the ending of a name (`.csv`) says; null for one that says none. */
export function formatOfEnding(ending: string): TableFormat | null {
  return formatsByEnding[ending.toLowerCase()] ?? null
}

/** Told how a file was read as a table: sentences, none where nothing has to be said. */
export type OnFileNotes = (file: string, notes: readonly string[]) => void
