"""A setting that notebooks make and that a sandbox leaves alone: it shows the last expression's value."""


class InteractiveShell:
    ast_node_interactivity = 'last_expr'
