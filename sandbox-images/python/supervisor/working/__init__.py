"""The Python worker: runs cells, shows values. It shares a process with user code, so nothing rests on it."""
