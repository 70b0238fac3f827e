"""The limits of a sandbox as the host gave them."""

from dataclasses import dataclass, fields


@dataclass(frozen=True)
class Limits:
    """See PROTOCOL.md for each member's meaning; all are positive integers."""

    memory_mb: int
    watch_bytes: int
    processes: int
    open_files: int
    file_bytes: int
    output_bytes: int
    discard_bytes: int
    results: int
    results_bytes: int
    rows: int
    pixels: int
    artifacts: int


def parse_limits(value: object) -> Limits:
    """Raises ValueError with a sentence that names the member at fault."""
    if not isinstance(value, dict):
        raise ValueError('limits is an object')
    found = {}
    for entry in fields(Limits):
        number = value.get(entry.name)
        if type(number) is not int or not 0 < number < 1 << 53:
            raise ValueError(f'limits.{entry.name} is a positive integer')
        found[entry.name] = number
    if found['processes'] < 32:
        raise ValueError('limits.processes is at least 32: keeper, worker and their threads count')
    return Limits(**found)
