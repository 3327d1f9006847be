"""The search index: files from which a browser finds what is in the channel, without a server.

`grams.py` says how a text becomes grams and grams become files; `themes/portal/static/search.js` reads them. What one
does the other must do alike.
"""

from aggregator.plugins.stories.search.files import SEARCH, SearchFiles, list_segments

__all__ = ["SEARCH", "SearchFiles", "list_segments"]
