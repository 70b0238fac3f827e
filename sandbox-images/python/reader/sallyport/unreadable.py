class Unreadable(Exception):
    """A file cannot be read as a table in the way that was asked for. The message says where and what to do, and quotes
    no cell."""
