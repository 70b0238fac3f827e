"""Holds a notebook against the format, runs it anew, and prints as JSON what each cell of code put out before and after."""

import json
import sys

import nbclient
import nbformat

notebook = nbformat.read(sys.argv[1], as_version=4)
nbformat.validate(notebook)


def told(cell):
    texts = []
    for output in cell.outputs:
        if output.output_type == "stream":
            texts.append([output.name, output.text])
        elif output.output_type == "error":
            texts.append(["error", f"{output.ename}: {output.evalue}"])
        else:
            texts.append(sorted(key for key in output.data if key != "text/html"))
            texts.append(output.data.get("text/plain") if "image/png" not in output.data else None)
    return texts


cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
before = [told(cell) for cell in cells]
nbclient.NotebookClient(notebook, timeout=120, allow_errors=True).execute()
print(json.dumps([{"source": cell.source[:300], "before": old, "after": told(cell)} for cell, old in zip(cells, before)]))
