"""Stories into the channel: where each stands, and whether it is public at a moment. Pure.

place_story(story, members, account) -> Placement            column, label, order
read_terms(post), read_withdrawal(ruling) | decide_state(terms, now) -> State
"""

from aggregator.channel.place import COLUMNS, place_story
from aggregator.channel.states import decide_state, read_terms, read_withdrawal

__all__ = ["COLUMNS", "decide_state", "place_story", "read_terms", "read_withdrawal"]
