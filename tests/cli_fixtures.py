"""Commands as tests ask them."""

from __future__ import annotations

import re

from site_fixtures import (
    Result,
    SmallSite,
)

CHINESE = re.compile("[一-鿿]")


def read(site: SmallSite, *arguments: str, status: int = 0) -> Result:
    result = site.call(*arguments)
    assert result.status == status, result.err
    return result
