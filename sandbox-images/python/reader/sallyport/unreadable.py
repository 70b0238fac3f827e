class Unreadable(Exception):
    """A file is no table as it is asked to be read. The message says where and what to do, and quotes no cell."""
