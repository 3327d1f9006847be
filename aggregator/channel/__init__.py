"""Stories into the channel: where each stands, whether it is public at a moment, and what to take of what waits. Pure.

place_story(story, members, account) -> Placement            column, label, order
read_terms(post), read_withdrawal(ruling) | decide_state(terms, now) -> State
describe_post(post) -> WaitingCard | rank_candidates -> Candidate    what waits for staff, best first
"""

from aggregator.channel.candidates import DESCRIBED_BY, describe_post, rank_candidates
from aggregator.channel.place import classify_post, place_story
from aggregator.channel.states import decide_state, read_terms, read_withdrawal
from aggregator.channel.versions import hash_version, make_code

__all__ = [
    "DESCRIBED_BY",
    "classify_post",
    "decide_state",
    "describe_post",
    "hash_version",
    "make_code",
    "place_story",
    "rank_candidates",
    "read_terms",
    "read_withdrawal",
]
