"""Actions of rails: one that fails at some words, as a classifier that is away would, and one that changes a text."""

from nemoguardrails.actions import action


@action(is_system_action=True)
async def fail_at_words(text: str):
    if "break down" in text:
        raise RuntimeError("a rail that cannot answer")
    return True


@action(is_system_action=True)
async def mark_numbers(text: str):
    return text.replace("number-", "NUMBER-")
