"""HTML from anywhere into the HTML of an article, and into plain text.

    bytes decoded -> bounded -> tree -> written anew as paragraphs -> nh3 -> safe to show

`clean_html` is the one door: what it returns may stand in a page as it is.
"""

from aggregator.sanitize.clean import clean_html
from aggregator.sanitize.plain import html_to_text, text_to_html

__all__ = ["clean_html", "html_to_text", "text_to_html"]
