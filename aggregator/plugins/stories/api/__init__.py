"""The site for other programs: JSON documents under `api/v1/`, rendered from the same rows as the pages."""

from aggregator.plugins.stories.api.documents import API, Documents, digest_schemas

__all__ = ["API", "Documents", "digest_schemas"]
