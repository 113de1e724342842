"""Quoth as an MCP server. Only ``server.py`` and ``standard_streams.py`` import the SDK."""
