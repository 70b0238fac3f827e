/** Formats that files are read in as tables. */
export const tableFormats = ['csv', 'json', 'parquet', 'xlsx'] as const

export type TableFormat = (typeof tableFormats)[number]

/** Formats by the ending of a name. The reader in the sandbox image has the same table. */
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

const saveAsWorkbook = 'save it as .xlsx'
const unpackFirst = 'compressed files are not read: unpack it first'

/** What is to be done with files whose names say that they are of no format read here. The reader has the same. */
export const othersByEnding: Readonly<Record<string, string>> = {
  '.xls': `workbooks of the old kind are not read: ${saveAsWorkbook}`,
  '.xlsb': `binary workbooks are not read: ${saveAsWorkbook}`,
  '.ods': `OpenDocument sheets are not read: ${saveAsWorkbook}`,
  '.gz': unpackFirst,
  '.zip': unpackFirst,
  '.feather': 'Feather files are not read: save it as .parquet',
  '.arrow': 'Arrow files are not read: save it as .parquet',
}

/** The format that the ending of a name (`.csv`) says; null for one that says none. */
export function formatOfEnding(ending: string): TableFormat | null {
  return formatsByEnding[ending.toLowerCase()] ?? null
}

/** Told how a file was read as a table: sentences, none where nothing has to be said. */
export type OnFileNotes = (file: string, notes: readonly string[]) => void
