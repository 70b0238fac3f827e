import { buffer } from 'node:stream/consumers'
import { ZipFile } from 'yazl'

export const workbookType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

const relationships = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'

/** The parts of a workbook of one sheet, whose rows are XML as it is written; any other part beside it or in its place. */
export function partsOf(
  rows: string,
  others: Readonly<Record<string, string | Buffer>> = {},
): Readonly<Record<string, string | Buffer>> {
  return {
    'xl/workbook.xml':
      '<workbook xmlns="m" xmlns:r="r"><sheets><sheet name="Sales" sheetId="1" r:id="rId1"/></sheets></workbook>',
    'xl/_rels/workbook.xml.rels': `<Relationships ${relationships}><Relationship Id="rId1" Type="worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
    'xl/worksheets/sheet1.xml': `<worksheet xmlns="m"><sheetData>${rows}</sheetData></worksheet>`,
    ...others,
  }
}

/** An archive of these parts. */
export async function packed(parts: Readonly<Record<string, string | Buffer>>): Promise<Buffer> {
  const zip = new ZipFile()
  for (const [name, text] of Object.entries(parts)) zip.addBuffer(Buffer.from(text), name)
  zip.end()
  return await buffer(zip.outputStream)
}
