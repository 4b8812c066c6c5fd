"""Where the desk's API is."""

PREFIX = "/api/"
ROOT = "/api/v1"
OPENAPI = "/api/openapi.json"
SESSION = "/session"
