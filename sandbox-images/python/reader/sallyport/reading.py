"""What was found in a file: how to select it, and what to say about how it was read."""

import dataclasses


@dataclasses.dataclass
class Reading:
    #: SELECT over the connection it was made with; its columns have the types that were settled on.
    select: str
    #: (name, DuckDB type) in order.
    columns: list
    #: None where they were not counted.
    rows: int | None
    #: Sentences about the whole table.
    notes: list = dataclasses.field(default_factory=list)
    #: Sentences about a column, by its name.
    column_notes: dict = dataclasses.field(default_factory=dict)
    #: Relations that were registered for the select, to be unregistered after it.
    registered: list = dataclasses.field(default_factory=list)

    def sentences(self):
        return [*self.notes, *(f'{name}: {note}' for name, note in self.column_notes.items())]
